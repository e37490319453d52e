"""The host's side of a module: the process that loads it, runs it and speaks the worker link.

Authors never import from here. The link is described in `docs/protocol/worker-link.md`.
"""
