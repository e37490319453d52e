-- What happened and who did it, for people; the oldest rows go. Never a parameter, a value or a code: those may be secrets.
CREATE TABLE activity (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    at             INTEGER NOT NULL, -- Unix time, milliseconds
    last           INTEGER NOT NULL, -- the same of the last repeat
    times          INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    event          TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    client         INTEGER, -- as in clients, where it may be gone; nothing for the admin and for strangers
    by_name        TEXT,    -- what it was called then
    module         TEXT,
    action         TEXT,
    about          TEXT,    -- an address, or another client's name
    transaction_id INTEGER, -- as in setup_transactions
    longest        INTEGER  -- milliseconds that the longest took
) STRICT;

-- Transactions of the time before this table.
INSERT INTO activity (at, last, times, kind, event, outcome, by_name, transaction_id)
    SELECT created, created, 1, 'setup', 'begun', 'done', started_by, id FROM setup_transactions ORDER BY id;
