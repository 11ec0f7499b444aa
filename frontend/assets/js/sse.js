// The format of server-sent events, as the HTML standard defines it.

/**
 * EventParser turns pieces of a text/event-stream into events. Pieces may end
 * anywhere, also between CR and LF. Comments (heartbeats) give no event.
 */
export class EventParser {
  #rest = "";
  #type = "";
  #data = [];

  /** push takes the next piece of text and returns the events {type, data} that it completes. */
  push(text) {
    const events = [];
    const all = this.#rest + text;
    // A CR at the very end may be the first half of CRLF: it waits.
    const usable = all.endsWith("\r") ? all.length - 1 : all.length;
    const lines = all.slice(0, usable).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() + all.slice(usable);
    for (const line of lines) {
      const event = this.#line(line);
      if (event) events.push(event);
    }
    return events;
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#type = value;
    if (field === "data") this.#data.push(value);
    return null;
  }

  #dispatch() {
    const event = this.#data.length > 0 ? { type: this.#type || "message", data: this.#data.join("\n") } : null;
    this.#type = "";
    this.#data = [];
    return event;
  }
}
