"""See `mss`."""
