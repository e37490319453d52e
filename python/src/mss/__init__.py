"""What setup modules import under this name: translations and a few helpers, as the modules written for it expect.

Nothing else of the system that the name comes from is here.
"""
