// Wording and selection of what a comparison with the law finds.
import { count } from "./format.js";

const KINDS = {
  contradiction: "Modstrid",
  outdated: "Forældet henvisning",
  missing: "Mangler",
  unknown_reference: "Ukendt henvisning",
};

/** gapKinds lists the kinds of finding as [code, wording], the weightiest first. */
export const gapKinds = Object.entries(KINDS);

/** gapKind words a kind of finding. */
export const gapKind = (kind) => KINDS[kind] ?? kind;

const SEVERITIES = { high: "Alvorlig", medium: "Væsentlig", low: "Mindre" };

/** severityLabel words how much a finding weighs. */
export const severityLabel = (severity) => SEVERITIES[severity] ?? severity;

const SUBJECTS = { reference: "Henvisninger", figure: "Tal og frister", modality: "Skal, kan og må ikke", requirement: "Krav" };

/** subjectLabel words what a check was about. */
export const subjectLabel = (subject) => SUBJECTS[subject] ?? subject;

// Confidence in words, from the highest threshold down.
const LEVELS = [
  [0.85, "Sikker"],
  [0.7, "Sandsynlig"],
  [0, "Mulig"],
];

/** levels lists the thresholds that findings can be filtered by, as [smallest confidence, wording]. */
export const levels = [
  [0, "Alle"],
  [0.7, "Sandsynlige og sikre"],
  [0.85, "Kun sikre"],
];

/** confidenceLabel words a probability: 0.92 is "Sikker (92 %)". */
export function confidenceLabel(confidence) {
  const [, word] = LEVELS.find(([least]) => confidence >= least) ?? LEVELS.at(-1);
  return `${word} (${Math.floor(100 * confidence + 1e-6)} %)`;
}

/** select keeps the findings of a kind ("" for all) that are at least as sure as least. */
export const select = (findings, { kind = "", least = 0 } = {}) =>
  findings.filter((finding) => (!kind || finding.kind === kind) && finding.confidence >= least);

/** kindCounts counts findings by kind, in the order of gapKinds, without kinds that do not occur: [[code, wording, n]]. */
export function kindCounts(findings) {
  return gapKinds
    .map(([code, wording]) => [code, wording, findings.filter(({ kind }) => kind === code).length])
    .filter(([, , n]) => n > 0);
}

/** inOrder groups the checks that found nothing wrong by their subject: [[wording, checks]]. */
export function inOrder(checked) {
  return Object.entries(SUBJECTS)
    .map(([subject, wording]) => [wording, checked.filter((check) => check.subject === subject && check.outcome === "in_order")])
    .filter(([, checks]) => checks.length > 0);
}

/** partlyCovered lists the duties that the text covers but for a part, the surest first. */
export const partlyCovered = (checked) =>
  checked.filter(({ outcome }) => outcome === "partly").sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));

/** placeOf says where in the checked text a finding stands. */
export const placeOf = (at) => [at.label || at.section, at.page > 0 && `side ${at.page}`].filter(Boolean).join(", ");

/** reportText is what is put on the clipboard: the findings that stand, each with both places. */
export function reportText(report, findings) {
  const law = (name, place) => place && [`${name}: ${place.reference}`, place.quote && `»${place.quote.trim()}«`].filter(Boolean).join(" ");
  const one = (finding, i) =>
    [
      `${i + 1}. ${gapKind(finding.kind)} – ${placeOf(finding.at)} (${severityLabel(finding.severity).toLowerCase()}, ${confidenceLabel(finding.confidence).toLowerCase()})`,
      finding.at.quote && `Teksten: »${finding.at.quote.trim()}«`,
      law("Loven", finding.law),
      law("Nu", finding.now),
      finding.explanation,
    ]
      .filter(Boolean)
      .join("\n");
  const head = `${report.title}: ${count(findings.length, "fund", "fund")} pr. ${report.as_of}`;
  return [head, ...findings.map(one)].join("\n\n");
}
