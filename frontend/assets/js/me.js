// Who uses the pages, as the server says.
import { getJSON } from "./api.js";

let known = null;

// Where the server cannot say who it is, it decides what may be done.
const unknown = { subject: "", name: "", login: false, roles: ["reader", "editor", "evaluator", "administrator"], groups: [] };

/** me is {subject, name, login, roles, groups}, asked for once. */
export function me() {
  known ??= getJSON("/api/v1/me").catch(() => unknown);
  return known;
}

/** may tells whether the one who uses the pages holds a role. */
export async function may(role) {
  const { roles } = await me();
  return (roles ?? []).includes(role);
}
