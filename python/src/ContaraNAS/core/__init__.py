"""The parts that module authors import; this package itself holds what every module may need."""

from ContaraNAS.core.codec import decode, encode, to_builtins
from ContaraNAS.core.files import load_file, save_file
from ContaraNAS.core.logs import get_logger
from ContaraNAS.core.paths import settings

__all__ = ["decode", "encode", "get_logger", "load_file", "save_file", "settings", "to_builtins"]
