// Who uses the pages, as the server says.
import { getJSON } from "./api.js";

let known = null;

/** me is {subject, name, roles}, asked for once; without roles where the server does not say. */
export function me() {
  known ??= getJSON("/api/v1/me").catch(() => ({ subject: "", name: "", roles: [] }));
  return known;
}

/** may tells whether the one who uses the pages holds a role. */
export async function may(role) {
  const { roles } = await me();
  return (roles ?? []).includes(role);
}
