// Wording of the policy's catalogue of tasks.

const RISKS = { low: "Lav", high: "Høj", prohibited: "Forbudt" };

/** riskLabel words a task's risk by the AI act. */
export const riskLabel = (risk) => RISKS[risk] ?? risk;

// The groups of the AI strategy's figure, in the order they are shown.
const GROUPS = [
  ["internal", "low", "Interne opgaver, lav følsomhed"],
  ["internal", "high", "Interne opgaver, høj følsomhed"],
  ["citizen", "low", "Opgaver, der vender mod borgeren, lav følsomhed"],
  ["citizen", "high", "Opgaver, der vender mod borgeren, høj følsomhed"],
];

/** taskGroups divides the catalogue by side and sensitivity: [{title, tasks}], without empty groups. */
export function taskGroups(catalogue) {
  return GROUPS.map(([side, sensitivity, title]) => ({
    title,
    tasks: catalogue.filter((task) => task.side === side && task.sensitivity === sensitivity),
  })).filter(({ tasks }) => tasks.length > 0);
}
