-- The truth: every index is derived from these tables.

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

-- stated_from and stated_to are what the source itself says; in_force_from and
-- in_force_to also follow from the other versions of the same family.
CREATE TABLE documents (
  id            TEXT PRIMARY KEY,
  revision      INTEGER NOT NULL,
  title         TEXT NOT NULL,
  short_titles  TEXT NOT NULL, -- JSON array
  kind          TEXT NOT NULL,
  number        TEXT NOT NULL,
  issued        TEXT NOT NULL,
  stated_from   TEXT NOT NULL,
  stated_to     TEXT NOT NULL,
  in_force_from TEXT NOT NULL,
  in_force_to   TEXT NOT NULL,
  family        TEXT NOT NULL,
  supersedes    TEXT NOT NULL DEFAULT '',
  superseded_by TEXT NOT NULL DEFAULT '',
  url           TEXT NOT NULL,
  source        TEXT NOT NULL,
  sha256        TEXT NOT NULL,
  collection    TEXT NOT NULL,
  groups        TEXT NOT NULL, -- JSON array
  language      TEXT NOT NULL,
  sensitivity   TEXT NOT NULL,
  media_type    TEXT NOT NULL,
  reader        TEXT NOT NULL,
  pages         INTEGER NOT NULL,
  sample        INTEGER NOT NULL,
  sections      INTEGER NOT NULL,
  ingested_at   TEXT NOT NULL
);
CREATE INDEX documents_family ON documents(family, issued) WHERE family <> '';
CREATE INDEX documents_collection ON documents(collection);

CREATE TABLE originals (
  document TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
  data     BLOB NOT NULL
);

CREATE TABLE sections (
  document  TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  ordinal   INTEGER NOT NULL,
  id        TEXT NOT NULL UNIQUE,
  label     TEXT NOT NULL,
  path      TEXT NOT NULL, -- JSON array
  heading   TEXT NOT NULL,
  text      TEXT NOT NULL,
  parts     TEXT NOT NULL, -- JSON array of {label, start, end}
  repealed  INTEGER NOT NULL,
  positions TEXT NOT NULL, -- JSON array
  PRIMARY KEY (document, ordinal)
) WITHOUT ROWID;

-- A passage's text is a byte range of its section's.
CREATE TABLE passages (
  document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  section  TEXT NOT NULL,
  ordinal  INTEGER NOT NULL,
  start    INTEGER NOT NULL,
  stop     INTEGER NOT NULL,
  context  TEXT NOT NULL,
  PRIMARY KEY (document, section, ordinal)
) WITHOUT ROWID;

-- What a reference points to is kept as the act's family and the number of the
-- section, not as a document: so it follows the act to its next version.
-- first and last order section numbers: 85 < 85a < 86 (see sectionKey).
CREATE TABLE refs (
  document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  section  TEXT NOT NULL, -- where it stands
  start    INTEGER NOT NULL,
  stop     INTEGER NOT NULL,
  raw      TEXT NOT NULL,
  act      TEXT NOT NULL,
  target   TEXT NOT NULL, -- family of the act; '#' and the id for the document itself
  number   TEXT NOT NULL, -- id of the document by its number, where one is given
  local    TEXT NOT NULL, -- "85a"
  part     TEXT NOT NULL,
  first    INTEGER NOT NULL,
  last     INTEGER NOT NULL
);
CREATE INDEX refs_from ON refs(document, section);
CREATE INDEX refs_target ON refs(target, first);

-- What was read from where, so that a second run reads nothing twice.
CREATE TABLE sources (
  collection TEXT NOT NULL,
  path       TEXT NOT NULL,
  sha256     TEXT NOT NULL,
  parser     INTEGER NOT NULL, -- version of our parsers that read it
  document   TEXT NOT NULL,    -- '' where it failed
  status     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  PRIMARY KEY (collection, path)
) WITHOUT ROWID;
CREATE INDEX sources_document ON sources(document);
