"""Steam's libraries on the disk: where they are, what is in them, how large it is, and when it changes. No UI."""

from .model import Game, Library, Problem, Sizes
from .places import is_full_path
from .scanner import Scan, Scanner
from .sizes import SizeBook
from .watcher import Watcher

__all__ = ["Game", "Library", "Problem", "Scan", "Scanner", "SizeBook", "Sizes", "Watcher", "is_full_path"]
