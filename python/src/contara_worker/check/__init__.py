"""Checking a module: what it holds, what is wrong with it, and which of its habits fail at run time.

The host runs this in a process of its own (`python -m contara_worker.check`), because it imports the module.
"""
