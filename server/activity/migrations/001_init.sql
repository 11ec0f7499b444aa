-- Plain SQL that SQLite and PostgreSQL both run. Times are milliseconds since
-- 1970 (UTC), costs are millionths of a krone: whole numbers hash and add up the
-- same everywhere. Columns named folded hold lower case text to search in.
CREATE TABLE conversations (
  id      TEXT PRIMARY KEY,
  owner   TEXT NOT NULL,
  title   TEXT NOT NULL,
  folded  TEXT NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
CREATE INDEX conversations_owner ON conversations(owner, updated);
CREATE INDEX conversations_updated ON conversations(updated);

CREATE TABLE turns (
  id           TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  n            BIGINT NOT NULL, -- from 1
  asked        BIGINT NOT NULL,
  question     TEXT NOT NULL,
  folded       TEXT NOT NULL,
  answer       TEXT NOT NULL, -- JSON, as it was shown
  retrieved    TEXT NOT NULL, -- JSON: ids of the sections shown, the first cited first
  UNIQUE (conversation, n)
);

-- One a person and turn. The question is kept with it: the conversation may be
-- gone when somebody reads the feedback.
CREATE TABLE feedback (
  id       TEXT PRIMARY KEY,
  owner    TEXT NOT NULL,
  turn     TEXT NOT NULL,
  at       BIGINT NOT NULL,
  rating   TEXT NOT NULL, -- good, bad or nothing
  wrong    TEXT NOT NULL, -- JSON: ids of sections that do not answer the question
  missing  TEXT NOT NULL, -- what should have been cited
  comment  TEXT NOT NULL,
  state    TEXT NOT NULL, -- open or done
  question TEXT NOT NULL,
  answered BIGINT NOT NULL,
  as_of    TEXT NOT NULL,
  shown    TEXT NOT NULL, -- JSON: the sections of the turn's answer
  UNIQUE (owner, turn)
);
CREATE INDEX feedback_at ON feedback(at);

-- The audit log. Each row's hash covers the hash of the row before; see Entry.
CREATE TABLE audit (
  seq       BIGINT PRIMARY KEY, -- from 1, without gaps
  at        BIGINT NOT NULL,
  who       TEXT NOT NULL, -- pseudonym: see persons
  way       TEXT NOT NULL,
  task      TEXT NOT NULL,
  outcome   TEXT NOT NULL,
  class     TEXT NOT NULL,
  documents TEXT NOT NULL, -- JSON
  model     TEXT NOT NULL,
  tokens    BIGINT NOT NULL,
  cost      BIGINT NOT NULL,
  duration  BIGINT NOT NULL, -- ms
  note      TEXT NOT NULL,
  hash      TEXT NOT NULL
);
CREATE INDEX audit_at ON audit(at);
CREATE INDEX audit_who ON audit(who);

-- One row: where the chain begins (the last row that retention removed) and where
-- it ends. Appending locks it, so that rows get their numbers one by one.
CREATE TABLE audit_head (
  id        BIGINT PRIMARY KEY,
  seq       BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  base_seq  BIGINT NOT NULL,
  base_hash TEXT NOT NULL
);
INSERT INTO audit_head(id, seq, hash, base_seq, base_hash) VALUES (1, 0, '', 0, '');

-- Who a pseudonym of the audit log is. Deleting a row makes the log anonymous
-- for that person, and leaves the chain whole.
CREATE TABLE persons (
  who     TEXT PRIMARY KEY,
  subject TEXT NOT NULL UNIQUE,
  name    TEXT NOT NULL,
  salt    TEXT NOT NULL
);

-- What was answered and what it cost, without persons: kept when the audit log
-- is thinned out. grp is an access group, '' for persons without one, and '*'
-- for everybody: a person in two groups counts in both, in '*' once.
CREATE TABLE costs (
  month   TEXT NOT NULL, -- 2026-11
  grp     TEXT NOT NULL,
  model   TEXT NOT NULL,
  answers BIGINT NOT NULL,
  tokens  BIGINT NOT NULL,
  cost    BIGINT NOT NULL,
  PRIMARY KEY (month, grp, model)
);
