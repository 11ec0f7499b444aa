// Danish wording of what the server sends as codes.

const LONG = new Intl.DateTimeFormat("da-DK", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** longDate writes 2026-03-01 as "1. marts 2026"; what is no date is given back. */
export function longDate(iso) {
  const day = parse(iso);
  return day ? LONG.format(day) : (iso ?? "");
}

/** dayBefore is the date before an ISO date. */
export function dayBefore(iso) {
  const day = parse(iso);
  if (!day) return "";
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}

function parse(iso) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso ?? "")) return null;
  const day = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? null : day;
}

/** today is the current day in the caseworker's own time zone, as an ISO date. */
export function today(now = new Date()) {
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

const DAY = new Intl.DateTimeFormat("da-DK", { weekday: "long", day: "numeric", month: "long" });
const MOMENT = new Intl.DateTimeFormat("da-DK", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** dayName names the day of a moment (RFC 3339) as seen now: "I dag", "I går", "Mandag 23. november", and with the year where it is another. */
export function dayName(moment, now = new Date()) {
  const day = new Date(moment);
  const age = Math.round((midnight(now) - midnight(day)) / 86_400_000); // rounded: two days of the year have no 24 hours
  if (age <= 0) return "I dag";
  if (age === 1) return "I går";
  const name = DAY.format(day);
  return day.getFullYear() === now.getFullYear() ? name[0].toUpperCase() + name.slice(1) : longDate(today(day));
}

const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate());

/** byDay groups conversations by the day they were last used, as [heading, conversations]. */
export function byDay(list, now = new Date()) {
  const groups = [];
  for (const conversation of list) {
    const day = dayName(conversation.updated, now);
    if (groups.at(-1)?.[0] === day) groups.at(-1)[1].push(conversation);
    else groups.push([day, [conversation]]);
  }
  return groups;
}

/** clock writes a moment (RFC 3339) with date and time of day. */
export const clock = (moment) => MOMENT.format(new Date(moment));

/** kroner writes an amount. */
export const kroner = (amount) => `${new Intl.NumberFormat("da-DK", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(amount)} kr.`;

/** number writes a whole number. */
export const number = (n) => new Intl.NumberFormat("da-DK").format(n);

/**
 * validity says whether a document or source applies on a day:
 * {state: "current" | "past" | "future", label, period}. in_force_to is the
 * first day on which it no longer applies.
 */
export function validity(item, day = today()) {
  const { in_force_from: from, in_force_to: to } = item;
  const period = [
    from && `Gældende fra ${longDate(from)}`,
    to && (from ? `til og med ${longDate(dayBefore(to))}` : `Gældende til og med ${longDate(dayBefore(to))}`),
  ]
    .filter(Boolean)
    .join(" ");
  if (from && from > day) return { state: "future", label: "Endnu ikke gældende", period };
  if ((to && to <= day) || item.in_force === false) return { state: "past", label: "Ikke længere gældende", period };
  return { state: "current", label: "Gældende", period };
}

const KINDS = {
  act: "Lov",
  order: "Bekendtgørelse",
  guideline: "Vejledning",
  local: "Kommunens egen",
  other: "Andet",
};

/** kinds lists the kinds of document as [code, wording]. */
export const kinds = Object.entries(KINDS);

/** kindLabel words a kind of document. */
export const kindLabel = (kind) => KINDS[kind] ?? KINDS.other;

const LOOKUP_ROLES = [
  ["answer", "Svar"],
  ["condition", "Betingelser"],
  ["exception", "Undtagelser"],
  ["deadline", "Frister"],
  ["authority", "Hvem afgør det"],
  ["appeal", "Klage"],
  ["related", "Se også"],
];

const SUMMARY_ROLES = [
  ["point", "Hovedpunkter"],
  ["deadline", "Frister"],
  ["prohibition", "Forbud"],
  ["amount", "Beløb og satser"],
  ["delegation", "Delegation og nærmere regler"],
  ["exception", "Undtagelser"],
  ["discretion", "Skøn"],
  ["duty", "Pligter"],
  ["condition", "Betingelser"],
];

/** rolesOf lists what a statement does in an answer ("lookup") or a summary, in the order they are shown, as [code, heading]. */
export const rolesOf = (task) => (task === "summary" ? SUMMARY_ROLES : LOOKUP_ROLES);

const OUTCOMES = {
  read: "Læst",
  unchanged: "Uændret",
  replaced: "Erstattet",
  refused: "Afvist",
  failed: "Fejlet",
  duplicate: "Findes allerede",
  removed: "Fjernet",
  skipped: "Sprunget over",
};

/** outcomeLabel words what became of a file. */
export const outcomeLabel = (status) => OUTCOMES[status] ?? status;

/** count writes a number with its noun: count(1, "fil", "filer"). */
export const count = (n, one, many) => `${new Intl.NumberFormat("da-DK").format(n)} ${n === 1 ? one : many}`;

/** seconds writes milliseconds as "0,4 sek.". */
export const seconds = (ms) =>
  `${new Intl.NumberFormat("da-DK", { maximumFractionDigits: 1 }).format(Math.max(ms, 100) / 1000)} sek.`;

/** moment writes a time stamp as a caseworker would: "i dag kl. 14.05", "23. november kl. 3.30". */
export function moment(stamp, now = new Date()) {
  const at = new Date(stamp);
  if (Number.isNaN(at.getTime())) return "";
  const clock = `kl. ${at.getHours()}.${String(at.getMinutes()).padStart(2, "0")}`;
  if (at.toDateString() === now.toDateString()) return `i dag ${clock}`;
  const day = new Intl.DateTimeFormat("da-DK", { day: "numeric", month: "long", ...(at.getFullYear() !== now.getFullYear() && { year: "numeric" }) });
  return `${day.format(at)} ${clock}`;
}

/** every says how often a source is read: Go's "1h30m0s" as words, or the time of day. */
export function every({ every: interval = "", at = "" }) {
  if (at) return `hver dag kl. ${at.replace(":", ".")}`;
  const [, hours = 0, minutes = 0] = /^(?:(\d+)h)?(?:(\d+)m)?/.exec(interval).map((part) => Number(part ?? 0) || 0);
  const words = [hours > 0 && count(hours, "time", "timer"), minutes > 0 && count(minutes, "minut", "minutter")].filter(Boolean).join(" og ");
  if (words === "1 time") return "hver time";
  if (words === "1 minut") return "hvert minut";
  return words && `med ${words} imellem`;
}

/** vectorLine says how far search by meaning is; "" where there is nothing to say. */
export function vectorLine({ done = 0, total = 0, building = false, eta_seconds = 0 } = {}) {
  if (total === 0) return "";
  const whole = new Intl.NumberFormat("da-DK");
  const line = `Betydningssøgning: ${whole.format(done)} af ${whole.format(total)} passager klar`;
  if (!building || !eta_seconds) return line;
  const minutes = Math.ceil(eta_seconds / 60);
  const left = minutes < 100 ? count(minutes, "minut", "minutter") : count(Math.ceil(minutes / 60), "time", "timer");
  return `${line}, cirka ${left} tilbage`;
}

/** meaningLine says that search by meaning does not reach everything yet; "" where it does, or where there is none. */
export function meaningLine({ done = 0, total = 0, model = "" } = {}) {
  if (!model || total === 0 || done >= total) return "";
  return `Søgning efter betydning dækker ${Math.floor((100 * done) / total)} % af samlingen; resten findes på ordene alene.`;
}

/** statusLine says what an answer rests on: its date, its sources, how long it took, and the model and cost where one took part. */
export function statusLine(answer, day, sources) {
  const { ms = 0, cost_dkk: cost = 0, estimated } = answer.usage ?? {};
  const price = new Intl.NumberFormat("da-DK", { minimumFractionDigits: 2, maximumFractionDigits: 4 }).format(cost);
  return [
    `Gælder pr. ${longDate(answer.as_of || day)}`,
    count(sources, "kilde", "kilder"),
    seconds(ms),
    answer.model && `Sprogmodel: ${answer.model}`,
    answer.model && cost > 0 && `${estimated ? "cirka " : ""}${price} kr.`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** safeURL gives back an http(s) address and "" for anything else: addresses come from documents. */
export function safeURL(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : "";
  } catch {
    return "";
  }
}

/** shortName is the best short name of a document: its first popular name, else its title. */
export const shortName = (document) => document.short_titles?.[0] || document.title;

/** quotation is what "Kopiér henvisning" puts on the clipboard: the quote, then where it stands. */
export function quotation({ quote, reference, title, number, url }) {
  const place = [reference, title !== reference && title, number, safeURL(url)].filter(Boolean).join(", ");
  return quote ? `»${quote.trim()}«\n(${place})` : place;
}
