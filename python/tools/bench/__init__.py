"""Benchmarks of the Python side: what is measured, apart from who measures it."""
