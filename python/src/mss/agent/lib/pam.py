"""Asking the system whether a password is somebody's."""

import logging

__all__ = ["authenticate"]

logger = logging.getLogger(__name__)


def authenticate(user: str, password: str, service: str = "login") -> bool:
    """Whether PAM takes this password of this user, by the rules of `service`."""
    try:
        import pamela  # type: ignore[import-untyped]  # noqa: PLC0415 - looks for the system's library, which need not be there
    except (ImportError, AttributeError, OSError) as error:
        logger.warning("PAM can't be asked on this system: %s", error)
        return False
    try:
        pamela.authenticate(user, password or "", service=service, resetcred=0, check=False)
    except pamela.PAMError:
        return False
    return True
