-- How each client has arranged its dashboard. One whose client was forgotten stays while it is the latest of all: who signs
-- out and in again, and every new client, starts with that.
CREATE TABLE layouts (
    version INTEGER PRIMARY KEY AUTOINCREMENT, -- grows with every save, over all clients
    client  INTEGER UNIQUE REFERENCES clients (id) ON DELETE SET NULL,
    tiles   TEXT NOT NULL -- JSON
) STRICT;
