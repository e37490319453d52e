-- Setup modules that are configured. A row outlives its folder.
CREATE TABLE setup_configured (
    slug TEXT PRIMARY KEY,
    at   INTEGER NOT NULL -- Unix time, seconds
) STRICT;

-- Answers of fields that are kept for other modules; never a secret.
CREATE TABLE setup_options (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Runs of setup modules from plan to end. All times of the journal are Unix time in milliseconds.
CREATE TABLE setup_transactions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    revision   INTEGER NOT NULL,
    state      TEXT NOT NULL,
    needs      TEXT,
    failure    TEXT, -- JSON
    reboot     TEXT NOT NULL,
    reboot_at  INTEGER,
    started_by TEXT NOT NULL,
    created    INTEGER NOT NULL,
    ended      INTEGER,
    undo_began INTEGER, -- without `undone`: it was broken off
    undone     INTEGER,
    undone_by  TEXT
) STRICT;
CREATE INDEX setup_transactions_by_state ON setup_transactions (state);

CREATE TABLE setup_steps (
    transaction_id INTEGER NOT NULL REFERENCES setup_transactions (id),
    position       INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    text           TEXT NOT NULL,
    started        INTEGER,
    ended          INTEGER,
    PRIMARY KEY (transaction_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE setup_modules (
    transaction_id INTEGER NOT NULL REFERENCES setup_transactions (id),
    position       INTEGER NOT NULL,
    slug           TEXT NOT NULL,
    name           TEXT NOT NULL,
    dependency     INTEGER NOT NULL CHECK (dependency IN (0, 1)),
    state          TEXT NOT NULL,
    exit           TEXT,
    answers        TEXT NOT NULL, -- JSON, kept for a retry; without secrets
    PRIMARY KEY (transaction_id, position)
) STRICT, WITHOUT ROWID;

-- One row each time that a module is configured: a retry makes another.
CREATE TABLE setup_runs (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL REFERENCES setup_transactions (id),
    slug           TEXT NOT NULL,
    started_by     TEXT NOT NULL,
    started        INTEGER NOT NULL,
    ended          INTEGER,
    state          TEXT NOT NULL,
    exit           TEXT,
    answers        TEXT NOT NULL, -- JSON, as people read them; without secrets
    configured_at  INTEGER, -- when the module had been configured before, seconds; nothing if it wasn't
    is_compared    INTEGER NOT NULL DEFAULT 0 CHECK (is_compared IN (0, 1)) -- whether it is known what it changed
) STRICT;
CREATE INDEX setup_runs_by_slug ON setup_runs (slug, id);
CREATE INDEX setup_runs_by_transaction ON setup_runs (transaction_id);

-- Files, links and folders that a run created, changed or deleted. Contents lie in files of their own.
CREATE TABLE setup_changes (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id         INTEGER NOT NULL REFERENCES setup_runs (id),
    path           BLOB NOT NULL,
    before         BLOB, -- what it was; nothing if it wasn't there
    after          BLOB,
    before_content TEXT, -- digests of what is kept
    after_content  TEXT,
    hidden         TEXT -- why its difference isn't shown
) STRICT;
CREATE INDEX setup_changes_by_run ON setup_changes (run_id);
CREATE INDEX setup_changes_by_path ON setup_changes (path);

-- Programs that run for a transaction right now.
CREATE TABLE setup_sessions (
    transaction_id INTEGER PRIMARY KEY REFERENCES setup_transactions (id),
    session        TEXT NOT NULL, -- enough to recognise it after a restart
    ends_with_us   INTEGER NOT NULL CHECK (ends_with_us IN (0, 1))
) STRICT;

CREATE TABLE setup_lines (
    transaction_id INTEGER NOT NULL REFERENCES setup_transactions (id),
    number         INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    module         TEXT,
    kind           TEXT NOT NULL,
    level          INTEGER,
    text           TEXT NOT NULL,
    is_open        INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    PRIMARY KEY (transaction_id, number)
) STRICT, WITHOUT ROWID;
