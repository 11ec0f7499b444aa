-- The vectors of what is indexed. A vector belongs to a text, not to a passage:
-- it survives that its document is read again, and texts that recur are embedded
-- once. text_hash is the first 16 bytes of the text's SHA-256 (see TextHash);
-- NULL where the passage was stored before there were vectors.
ALTER TABLE passages ADD COLUMN text_hash BLOB;
CREATE INDEX passages_text ON passages(text_hash);

CREATE TABLE embedding_models (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE vectors (
  id        INTEGER PRIMARY KEY,
  text_hash BLOB NOT NULL,
  model     INTEGER NOT NULL REFERENCES embedding_models(id),
  scale     REAL NOT NULL,
  codes     BLOB NOT NULL, -- a signed byte a component; component = scale × byte
  UNIQUE (text_hash, model)
);

-- Texts that have lost a passage: at the end of a transaction, those that no
-- passage has any more lose their vectors too.
CREATE TABLE released_texts (text_hash BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER passages_release AFTER DELETE ON passages
WHEN EXISTS (SELECT 1 FROM vectors WHERE text_hash = OLD.text_hash)
BEGIN
  INSERT OR IGNORE INTO released_texts(text_hash) VALUES (OLD.text_hash);
END;
