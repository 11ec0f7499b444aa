-- Who may come in. Secrets are stored as hashes only: whoever reads this file
-- cannot come in by it. Times are seconds since 1970, 0 for never.

CREATE TABLE keys (
  id      TEXT PRIMARY KEY,
  hash    BLOB NOT NULL UNIQUE, -- SHA-256 of the key
  name    TEXT NOT NULL,
  roles   TEXT NOT NULL,        -- JSON array
  groups  TEXT NOT NULL,        -- JSON array
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  used    INTEGER NOT NULL,     -- last, to the hour
  revoked INTEGER NOT NULL
);

CREATE TABLE sessions (
  hash     BLOB PRIMARY KEY, -- SHA-256 of the cookie
  subject  TEXT NOT NULL,
  name     TEXT NOT NULL,
  groups   TEXT NOT NULL,    -- JSON array, as the issuer gave them
  id_token TEXT NOT NULL,    -- names the session to the issuer at logout
  created  INTEGER NOT NULL,
  seen     INTEGER NOT NULL  -- last, to the minute
) WITHOUT ROWID;

CREATE TABLE secrets (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
