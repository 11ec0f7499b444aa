// <hj-upload>: puts files and folders into the collection, by button or by
// dropping them, and says what became of each.
import { h, icon, uid } from "./dom.js";
import { failure, refusal } from "./states.js";
import { lost, postForm, Problem, readerPath } from "./api.js";
import { count, outcomeLabel } from "./format.js";
import { me } from "./me.js";

// Files go in batches, so that one request stays below usual limits of proxies
// and a broken connection costs one batch, not a whole folder.
const BATCH_FILES = 20;
const BATCH_BYTES = 24 << 20;

const ORDER = ["refused", "failed", "duplicate", "replaced", "read", "unchanged"]; // what needs attention first

class Upload extends HTMLElement {
  #results = [];
  #running = null;

  connectedCallback() {
    if (this.zone) return;
    this.files = h("input", { type: "file", multiple: true, hidden: true, id: uid("files"), onchange: (e) => this.#picked(e.target) });
    this.folder = h("input", { type: "file", multiple: true, webkitdirectory: true, hidden: true, id: uid("folder"), onchange: (e) => this.#picked(e.target) });
    this.collectionList = h("datalist", { id: uid("names") });
    const nameId = uid("name");
    const hintId = uid("hint");
    this.collection = h("input", { type: "text", id: nameId, list: this.collectionList.id, autocomplete: "off", maxlength: "80", "aria-describedby": hintId });
    this.progress = h("div", { class: "upload-progress" });
    this.result = h("div", { class: "upload-result" });
    this.zone = h(
      "div",
      { class: "dropzone" },
      icon("upload"),
      h("p", { class: "dropzone-text" }, "Træk filer eller mapper hertil"),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "button secondary", onclick: () => this.files.click() }, "Vælg filer"),
        h("button", { type: "button", class: "button secondary", onclick: () => this.folder.click() }, "Vælg mappe"),
      ),
      h("p", { class: "hint" }, "PDF, Word, Excel, PowerPoint, OpenDocument, HTML, mails, tekst og ZIP. Filer med CPR-numre bliver afvist."),
      this.files,
      this.folder,
    );
    this.readers = h("select", { id: uid("readers") });
    this.readersField = h("div", { class: "field upload-collection", hidden: true }, h("label", { for: this.readers.id }, "Hvem må læse dem?"), this.readers);
    this.append(
      this.zone,
      h(
        "div",
        { class: "field upload-collection" },
        h("label", { for: nameId }, "Læg dem i samlingen"),
        h("p", { class: "hint", id: hintId }, "Vælg en, eller skriv et nyt navn, fx »Vejledninger, børn og unge«. Feltet må stå tomt."),
        this.collection,
        this.collectionList,
      ),
      this.readersField,
      this.progress,
      this.result,
    );
    for (const name of ["dragenter", "dragover"]) this.zone.addEventListener(name, (event) => this.#over(event));
    this.zone.addEventListener("dragleave", () => this.zone.classList.remove("over"));
    this.zone.addEventListener("drop", (event) => this.#dropped(event));
    this.#offerReaders();
  }

  // #offerReaders lets an editor keep files to one of her own groups.
  async #offerReaders() {
    const { groups } = await me();
    if (groups.length === 0) return;
    const option = (value, text) => h("option", { value }, text);
    this.readers.replaceChildren(
      option("as before", "Som det plejer at være i samlingen"),
      option("", "Alle, der kan logge ind"),
      ...groups.toSorted().map((group) => option(group, `Kun gruppen ${group}`)),
    );
    this.readersField.hidden = false;
  }

  /** setCollections offers the names of existing collections. */
  setCollections(names) {
    this.collectionList.replaceChildren(...names.map((name) => h("option", { value: name })));
  }

  #over(event) {
    event.preventDefault();
    this.zone.classList.add("over");
  }

  async #dropped(event) {
    event.preventDefault();
    this.zone.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = entries.length > 0 ? (await Promise.all(entries.map(walk))).flat() : [...event.dataTransfer.files].map(plain);
    this.#send(files);
  }

  #picked(input) {
    const files = [...input.files].map(plain);
    input.value = "";
    this.#send(files);
  }

  async #send(chosen) {
    const files = chosen.filter(({ file }) => !file.name.startsWith("."));
    if (files.length === 0 || this.#running) return;
    this.#results = [];
    this.result.replaceChildren();
    this.#running = new AbortController();
    this.#showProgress(0, files.length, files[0].path);
    try {
      for (const batch of batches(files)) await this.#sendBatch(batch, files.length);
      this.#showResult(null);
    } catch (error) {
      this.#showResult(error);
    } finally {
      this.#running = null;
      this.progress.replaceChildren();
      this.dispatchEvent(new CustomEvent("uploaded", { bubbles: true }));
    }
  }

  async #sendBatch(batch, total) {
    const form = new FormData();
    if (this.collection.value.trim()) form.append("collection", this.collection.value.trim());
    if (!this.readersField.hidden && this.readers.value !== "as before") form.append("groups", this.readers.value);
    for (const { file, path } of batch) {
      form.append("path", path);
      form.append("file", file, file.name);
    }
    const before = this.#results.length;
    for await (const { type, data } of postForm("/api/v1/documents", form, this.#running.signal)) {
      if (type === "progress") this.#showProgress(before + data.done, total, data.name);
      if (type === "file") this.#results.push(data);
      if (type === "error") throw new Problem(data);
      if (type === "done") {
        this.#results.splice(before, Infinity, ...data.files);
        return;
      }
    }
    throw lost();
  }

  #showProgress(done, total, name) {
    if (!this.progress.firstChild) {
      this.bar = h("progress", { max: String(total), "aria-label": "Filer læst ind" });
      this.progressText = h("p", { role: "status" });
      const stop = h("button", { type: "button", class: "button secondary small", onclick: () => this.#running.abort() }, "Stop");
      this.progress.replaceChildren(this.progressText, this.bar, stop);
    }
    this.bar.value = done;
    this.progressText.textContent = `Læser ${Math.min(done + 1, total)} af ${total}: ${name}`;
  }

  #showResult(error) {
    const sorted = this.#results.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
    const parts = ORDER.map((status) => [status, this.#results.filter((file) => file.status === status).length])
      .filter(([, n]) => n > 0)
      .map(([status, n]) => `${n} ${outcomeLabel(status).toLowerCase()}`);
    const stopped = error?.name === "AbortError" ? "Stoppet. " : "";
    this.result.replaceChildren(
      h("h3", { tabindex: "-1", role: "status" }, `${stopped}${count(this.#results.length, "fil", "filer")}: ${parts.join(", ") || "ingen læst"}`),
      h("ul", { class: "file-results" }, sorted.map(fileResult)),
    );
    if (error && !stopped) this.result.prepend(failure(error, null, "h3"));
  }
}

function fileResult(file) {
  const bad = file.status === "refused" || file.status === "failed";
  return h(
    "li",
    { class: `file file-${file.status}` },
    icon(bad ? "alert" : "done"),
    h(
      "div",
      {},
      h("p", { class: "file-name" }, file.document && !bad ? h("a", { href: readerPath(file.document) }, file.name) : file.name),
      h("p", { class: "hint" }, [outcomeLabel(file.status), file.sections > 0 && count(file.sections, "afsnit", "afsnit")].filter(Boolean).join(" · ")),
      !file.verdict && file.reason && h("p", {}, file.reason),
      file.verdict && refusal(file.verdict),
      file.verdict?.places?.length > 0 && h("p", { class: "hint" }, `Sted i filen: ${file.verdict.places.map((place) => place.masked).join(", ")}`),
    ),
  );
}

const plain = (file) => ({ file, path: file.webkitRelativePath || file.name });

/** walk lists the files of a dropped file or folder. */
async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A folder is read in portions; an empty one is its end.
    const portion = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) break;
    found.push(...portion);
  }
  return (await Promise.all(found.map(walk))).flat();
}

/** batches divides files by number and size; a file larger than the limit goes alone. */
function batches(files) {
  const result = [];
  let bytes = Infinity;
  for (const item of files) {
    const last = result.at(-1);
    if (!last || last.length >= BATCH_FILES || bytes + item.file.size > BATCH_BYTES) {
      result.push([item]);
      bytes = item.file.size;
    } else {
      last.push(item);
      bytes += item.file.size;
    }
  }
  return result;
}

customElements.define("hj-upload", Upload);
