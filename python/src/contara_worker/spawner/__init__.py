"""The spawner: the one process that starts all workers, quickly, and cleans up after them (docs/protocol/spawner.md)."""
