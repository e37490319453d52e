"""The spawner: the one process that starts all workers, and cleans up after them (docs/protocol/spawner.md)."""
