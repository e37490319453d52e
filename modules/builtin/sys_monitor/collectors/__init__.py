"""What the kernel says about the machine: each file reads one part of it and knows nothing of the others or of the UI.

Whatever this machine doesn't have (a sensor, a file, a right to read it) is None or left out, never guessed.
"""

from .cpu import Cpu
from .disks import Disk
from .machine import Machine, Sample
from .memory import Memory
from .network import Interface
from .pressure import Pressure
from .processes import Process, ProcessTable
from .space import Space, spaces

__all__ = [
    "Cpu",
    "Disk",
    "Interface",
    "Machine",
    "Memory",
    "Pressure",
    "Process",
    "ProcessTable",
    "Sample",
    "Space",
    "spaces",
]
