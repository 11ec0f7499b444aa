-- What the runs over the configured sources did, the last of each: so that a
-- restart neither repeats nor forgets one. A run without an end was interrupted.
CREATE TABLE ingest_runs (
  id      INTEGER PRIMARY KEY,
  source  TEXT NOT NULL, -- the source's name in the configuration
  started TEXT NOT NULL, -- RFC 3339, UTC
  ended   TEXT NOT NULL DEFAULT '',
  report  TEXT NOT NULL DEFAULT '' -- JSON: ingest/schedule Outcome
);
CREATE INDEX ingest_runs_source ON ingest_runs(source, id);
