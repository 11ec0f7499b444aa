// Danish wording of the audit log's codes.

/** WAYS lists the ways in as [code, wording]. */
export const WAYS = [
  ["web", "Websiderne"],
  ["api", "API"],
  ["teams", "Teams"],
  ["mcp", "MCP"],
  ["openai", "OpenAI-kompatibel"],
  ["embed", "Indlejret"],
  ["cli", "Kommandolinje"],
];

/** TASKS lists the tasks as [code, wording]. */
export const TASKS = [
  ["lookup", "Opslag"],
  ["summary", "Sammenfatning"],
  ["gaps", "Mangler"],
  ["search", "Søgning"],
  ["upload", "Dokument lagt ind"],
  ["delete", "Dokument slettet"],
  ["note", "Navn eller kommentar"],
  ["export", "Log hentet"],
  ["erase", "Person slettet"],
  ["checkpoint", "Gamle rækker slettet"],
];

/** OUTCOMES lists how tasks end as [code, wording]. */
export const OUTCOMES = [
  ["answered", "Besvaret"],
  ["no_source", "Ingen kilde"],
  ["refused", "Afvist"],
  ["failed", "Fejlet"],
  ["cancelled", "Afbrudt"],
  ["done", "Udført"],
];

const CLASSES = {
  cpr: "CPR-nummer",
  person: "personoplysninger",
  decision: "afgørelse",
  scoring: "scoring",
  citizen: "brev til borger",
  injection: "omgåelse af reglerne",
};

const named = (table) => (code) => table.find(([known]) => known === code)?.[1] ?? (code || "–");

export const wayName = named(WAYS);
export const taskName = named(TASKS);
export const outcomeName = named(OUTCOMES);

/** classLabel words the class of a verdict. */
export const classLabel = (code) => CLASSES[code] ?? code;
