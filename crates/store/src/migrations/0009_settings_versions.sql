-- Settings by version, so that nobody overwrites what they haven't seen.
CREATE TABLE versioned_module_settings (
    version INTEGER PRIMARY KEY AUTOINCREMENT, -- grows with every change, over all modules
    module  TEXT NOT NULL UNIQUE,
    value   TEXT NOT NULL
) STRICT;
INSERT INTO versioned_module_settings (module, value) SELECT module, value FROM module_settings ORDER BY module;
DROP TABLE module_settings;
ALTER TABLE versioned_module_settings RENAME TO module_settings;
