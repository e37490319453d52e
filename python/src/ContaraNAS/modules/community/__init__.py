"""Holds the modules of others, as far as this process has imported them."""
