"""Translations of modules' texts, from compiled catalogues `<folder>/<language>/LC_MESSAGES/<catalogue>.mo`.

A catalogue that isn't there, or can't be read, gives the text as it is.
"""

import gettext
import logging
import struct

from mss.agent.lib.utils import Singleton

__all__ = ["TranslationManager"]

logger = logging.getLogger(__name__)

_AGENT = "agent"


class TranslationManager(metaclass=Singleton):
    """Knows the language and where catalogues are; there is one for all."""

    def __init__(self) -> None:
        self.lang = "en_US"
        self._catalogues: str | None = None
        self._paths: dict[str, str] = {}
        self._broken: set[tuple[str, str]] = set()

    def set_lang(self, lang: str) -> None:
        """Translate into this language from now on, such as `fr_FR`."""
        self.lang = lang

    def get_lang(self) -> str:
        """Return the language."""
        return self.lang

    def set_catalogues(self, folder: str) -> None:
        """Take catalogues from this folder, as far as nothing else is said of one."""
        self._catalogues = folder

    def set_catalog(self, name: str, path: str) -> None:
        """Take this catalogue from the folder `path`."""
        self._paths[name] = path

    def get_catalog_path(self, name: str) -> str | None:
        """Return the folder of a catalogue."""
        return self._paths.get(name, self._catalogues)

    def translate(self, text: str, catalog: str = _AGENT) -> str:
        """Return `text` in the language, or as it is."""
        if not text:  # the translation of "" is the catalogue's own header
            return text
        for folder in (self._paths.get(catalog), self._catalogues):
            translated = self._translate(text, catalog, folder) if folder else text
            if translated != text:
                return translated
        return text

    def _translate(self, text: str, catalog: str, folder: str) -> str:
        try:
            found = gettext.translation(catalog, folder, [self.lang], fallback=True)
        except (OSError, ValueError, LookupError, struct.error, TypeError) as error:
            self._tell_broken(catalog, folder, error)
            return text
        return found.gettext(text)

    def _tell_broken(self, catalog: str, folder: str, error: Exception) -> None:
        if (catalog, folder) not in self._broken:
            self._broken.add((catalog, folder))
            logger.warning("the catalogue %s in %s can't be read: %s", catalog, folder, error)
