"""The parts that module authors import; this package itself owns nothing."""
