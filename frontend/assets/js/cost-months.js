// Adds up what the server tells of costs.

const EVERYBODY = "*"; // the group that stands for all persons together

/** byMonth adds up the models: [{month, all, groups: [{group, answers, tokens, cost}]}], the oldest month first. */
export function byMonth(costs) {
  const months = new Map();
  for (const { month, group, answers, tokens, cost_dkk: cost } of costs) {
    if (!months.has(month)) months.set(month, { month, all: sum(""), groups: new Map() });
    const { all, groups } = months.get(month);
    if (group !== EVERYBODY && !groups.has(group)) groups.set(group, sum(group));
    const into = group === EVERYBODY ? all : groups.get(group);
    into.answers += answers;
    into.tokens += tokens;
    into.cost += cost;
  }
  return [...months.values()].map(({ month, all, groups }) => ({ month, all, groups: [...groups.values()] }));
}

const sum = (group) => ({ group, answers: 0, tokens: 0, cost: 0 });
