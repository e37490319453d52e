-- The last committed state of each module that keeps it: a MessagePack map. A row outlives its folder.
CREATE TABLE module_states (
    module   TEXT PRIMARY KEY,
    value    BLOB NOT NULL,
    saved_at INTEGER NOT NULL -- Unix time, seconds
) STRICT;

-- States that no longer fitted their module's State class; kept, so that nothing that a user made is lost by an upgrade.
CREATE TABLE module_states_aside (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    module   TEXT NOT NULL,
    value    BLOB NOT NULL,
    reason   TEXT NOT NULL,
    aside_at INTEGER NOT NULL -- Unix time, seconds
) STRICT;
CREATE INDEX module_states_aside_by_module ON module_states_aside (module);

-- What users set for a module: a JSON object without the secrets, which are apart and sealed with the key in secrets.key.
CREATE TABLE module_settings (
    module TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT;
CREATE TABLE module_secrets (
    module TEXT NOT NULL,
    field  TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (module, field)
) STRICT;

-- A database that was used before has had its first start.
INSERT INTO settings (key, value)
    SELECT 'first_start', 'done' WHERE EXISTS (SELECT 1 FROM settings WHERE key = 'instance');
