-- What the user wants of each module. A row outlives its folder, so that a module that comes back is as it was.
CREATE TABLE modules (
    name    TEXT PRIMARY KEY,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;

-- Paired browsers and programs. Only the SHA-256 of a token is ever stored.
CREATE TABLE clients (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL, -- Unix time, seconds
    last_seen  INTEGER NOT NULL  -- Unix time, seconds; at most a minute behind
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
