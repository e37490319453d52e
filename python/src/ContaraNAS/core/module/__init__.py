"""Modules and their state."""

from ContaraNAS.core.module.base import Module
from ContaraNAS.core.module.state import ModuleState

__all__ = ["Module", "ModuleState"]
