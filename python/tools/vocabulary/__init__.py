"""Generators: what is made from the component classes, the one definition of the vocabulary."""
