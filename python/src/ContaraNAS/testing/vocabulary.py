"""Which props each component type has, so that a prop that was left out reads as None and a wrong name as a mistake."""

from collections.abc import Iterator, Mapping
from functools import cache

from ContaraNAS.core.shape import Shape

__all__ = ["known_props"]


@cache
def known_props() -> Mapping[str, frozenset[str]]:
    """Return the props of every type; of classes that share a type, all of them."""
    props: dict[str, frozenset[str]] = {}
    for found in _subclasses(Shape):
        name = found.model_fields["type"].default
        if isinstance(name, str):
            props[name] = props.get(name, frozenset()) | frozenset(found.model_fields)
    return props


def _subclasses(base: type[Shape]) -> Iterator[type[Shape]]:
    for found in base.__subclasses__():
        yield found
        yield from _subclasses(found)
