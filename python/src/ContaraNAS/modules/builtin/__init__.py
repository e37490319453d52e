"""Holds the modules that come with Contara, as far as this process has imported them."""
