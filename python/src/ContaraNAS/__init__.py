"""The Contara SDK: what a module is written with.

The import path is the documented one of existing modules, hence the name. Nothing is re-exported here: authors
import from `ContaraNAS.core.module`, `ContaraNAS.core.action` and `ContaraNAS.core.ui`.
"""

__version__ = "0.1.0"
