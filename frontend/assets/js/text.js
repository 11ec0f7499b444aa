// Positions in texts. The server counts bytes of UTF-8, JavaScript counts
// UTF-16 units; everything that turns one into the other stands here.

/**
 * offsetMap returns a function from a UTF-8 byte offset into text to the index
 * in the JavaScript string. An offset inside a character gives the character's
 * start; offsets outside the text give its start or end.
 */
export function offsetMap(text) {
  const bytes = []; // byte offset at which each character starts, and the end
  const indexes = []; // its index in the string
  let byte = 0;
  for (let index = 0; index < text.length; ) {
    bytes.push(byte);
    indexes.push(index);
    const point = text.codePointAt(index);
    byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    index += point > 0xffff ? 2 : 1;
  }
  bytes.push(byte);
  indexes.push(text.length);
  if (byte === text.length) return (offset) => Math.min(Math.max(offset, 0), text.length);
  return (offset) => indexes[lastAtMost(bytes, offset)];
}

/** lastAtMost finds the last place in the ascending list whose value is at most value; 0 where none is. */
function lastAtMost(list, value) {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** toIndexes gives copies of the objects in ranges with start and end as string indexes into text. */
export function toIndexes(text, ranges) {
  const at = offsetMap(text);
  return ranges.map((range) => ({ ...range, start: at(range.start), end: at(range.end) }));
}

/**
 * cut divides [start, end) at the edges of the ranges: a list of {start, end,
 * range}, in order and without gaps, where range is the first that covers the
 * piece, or null. Where ranges overlap, the one that begins first wins.
 */
export function cut(start, end, ranges) {
  const pieces = [];
  let at = start;
  const inside = ranges.filter((r) => r.end > start && r.start < end && r.end > r.start);
  for (const range of inside.sort((a, b) => a.start - b.start)) {
    const from = Math.max(range.start, at);
    const to = Math.min(range.end, end);
    if (to <= from) continue;
    if (from > at) pieces.push({ start: at, end: from, range: null });
    pieces.push({ start: from, end: to, range });
    at = to;
  }
  if (at < end) pieces.push({ start: at, end, range: null });
  return pieces;
}

/**
 * lines divides a section's text at its line breaks and gives each line its
 * depth: 0 for a stk., 1 for a nr., 2 for a litra. parts have string indexes.
 */
export function lines(text, parts) {
  const result = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    if (line !== "") result.push({ start, end, depth: depthOf(start, parts) });
    start = end + 1;
  }
  return result;
}

function depthOf(start, parts) {
  let depth = 0;
  for (const part of parts) {
    if (part.start <= start && start < part.end) depth = Math.max(depth, part.label.split(",").length - 1);
  }
  return Math.min(depth, 3);
}

/** partAt names the innermost part that encloses [start, end), or "". */
export function partAt(parts, start, end) {
  let best = null;
  for (const part of parts) {
    const encloses = part.start <= start && end <= part.end;
    if (encloses && (!best || part.end - part.start < best.end - best.start)) best = part;
  }
  return best?.label ?? "";
}
