"""Helpers for setup modules."""
