// Talking to the server. Every failure becomes a Problem, so that a page has
// one thing to show.
import { EventParser } from "./sse.js";

/** Problem is an error that can be shown: detail is a Danish sentence, requestId helps operations find it. */
export class Problem extends Error {
  constructor({ title, detail, status = 0, request_id: requestId = "", verdict = null }) {
    super(detail || title);
    this.title = title || "Noget gik galt";
    this.detail = detail || "Prøv igen om lidt.";
    this.status = status;
    this.requestId = requestId;
    this.verdict = verdict;
  }
}

/** lost is the Problem of a connection that fails or breaks off. */
export const lost = () =>
  new Problem({
    title: "Ingen forbindelse til Hjemmel",
    detail: navigator.onLine
      ? "Serveren svarer ikke. Vent et øjeblik, og prøv igen."
      : "Din computer er ikke på nettet. Prøv igen, når forbindelsen er tilbage.",
  });

async function send(path, init) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    throw error.name === "AbortError" ? error : lost();
  }
  if (response.ok) return response;
  if (response.status === 401) toLogin();
  throw new Problem(await problemOf(response));
}

// toLogin leaves for the login, which leads back here: the session has ended.
// What stands in fields is lost, so the page first says why (the Problem is shown).
function toLogin() {
  const here = location.pathname + location.search + location.hash;
  setTimeout(() => location.assign(`/login?to=${encodeURIComponent(here)}`), 1500);
}

async function problemOf(response) {
  const fallback = { title: "Noget gik galt", detail: `Serveren svarede med fejl ${response.status}.` };
  const isJSON = (response.headers.get("Content-Type") ?? "").includes("json");
  const body = isJSON ? await response.json().catch(() => ({})) : {};
  const requestId = response.headers.get("X-Request-Id") ?? "";
  return { ...fallback, request_id: requestId, ...body, status: response.status };
}

/** getJSON reads one JSON value. */
export async function getJSON(path, { signal } = {}) {
  const response = await send(path, { signal, headers: { Accept: "application/json" } });
  return response.json();
}

/** remove deletes what path names and returns the JSON reply, or null where there is none. */
export async function remove(path) {
  const response = await send(path, { method: "DELETE", headers: { Accept: "application/json" } });
  return response.status === 204 ? null : response.json();
}

/** patch changes what path names and returns the JSON reply. */
export async function patch(path, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  return (await send(path, { method: "PATCH", headers, body: JSON.stringify(body) })).json();
}

/** postForJSON sends an object as JSON and returns the JSON reply. */
export const postForJSON = async (path, body) => (await post(path, body)).json();

/** post sends an object as JSON, or a form, and gives back the whole Response. */
export function post(path, body, signal) {
  if (body instanceof FormData) return send(path, { method: "POST", body, signal });
  return send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
}

/** postJSON streams the reply to a JSON body: an async iterator of {type, data} with data parsed. */
export function postJSON(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return stream(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** postForm streams the reply to a form with files. */
export function postForm(path, form, signal) {
  return stream(path, { method: "POST", headers: {}, body: form, signal });
}

async function* stream(path, init) {
  const response = await send(path, { ...init, headers: { ...init.headers, Accept: "text/event-stream" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (const { type, data } of parser.push(value)) yield { type, data: JSON.parse(data) };
    }
  } catch (error) {
    throw error.name === "AbortError" || error instanceof Problem ? error : lost();
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** localPart is what follows "#" in a section's id. */
export const localPart = (id) => id.slice(id.indexOf("#") + 1);

/** documentPath is the API address of a document. */
export const documentPath = (id) => `/api/v1/documents/${encodeURIComponent(id)}`;

/** conversationPath is the API address of a conversation. */
export const conversationPath = (id) => `/api/v1/conversations/${encodeURIComponent(id)}`;

/** sectionPath is the API address of a section, given its whole id or its local part. */
export const sectionPath = (document, section) =>
  `${documentPath(document)}/sections/${encodeURIComponent(localPart(section))}`;

/** pageImagePath is the address of the picture of a page; width is in pixels. */
export const pageImagePath = (document, page, width) => `${documentPath(document)}/pages/${page}.png?width=${width}`;

/** readerPath is the page that shows a document, or one of its sections, whole. */
export const readerPath = (document, section) =>
  `/kilde/${encodeURIComponent(document)}` + (section ? `/${encodeURIComponent(localPart(section))}` : "");
