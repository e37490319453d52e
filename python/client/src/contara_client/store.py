"""What is known of the modules, and what each frame makes of it. Pure: a step gives a new state, or raises.

A state is never changed, so whoever holds one has all modules as they were at one moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeAlias

from msgspec import UNSET

from contara_client import patch
from contara_client.errors import ProtocolError
from contara_client.frames import Info, ModuleFrame, Patch, Resume, Snapshot

__all__ = ["Misfit", "Module", "ModulesFrame", "State", "Step", "asked", "doubted", "stepped"]

ModulesFrame: TypeAlias = Snapshot | ModuleFrame | Patch


@dataclass(frozen=True, slots=True)
class Module:
    """A module: `ui` is plain data as in `docs/reference/components.schema.json`, not to be changed, or `None`."""

    info: Info
    ui: Any
    revision: int


@dataclass(frozen=True, slots=True)
class State:
    """All modules, in the order to draw them."""

    run: str | None = None
    modules: Mapping[str, Module] = field(default_factory=lambda: MappingProxyType({}))
    waiting: Mapping[str, int] | None = None
    """What the last `resume` said, while its snapshot is to come."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a frame."""

    state: State
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Misfit(Exception):
    """A frame doesn't follow on what is known of `module`."""

    def __init__(self, module: str, reason: str) -> None:
        super().__init__(f"{module}: {reason}")
        self.module = module


def asked(state: State) -> tuple[State, Resume]:
    """Give what to ask the server with, and the state that waits for its answer."""
    claims = {name: module.revision for name, module in state.modules.items() if not _has_page(module)}
    if state.run is None:
        return replace(state, waiting={}), Resume()
    return replace(state, waiting=claims), Resume(run=state.run, modules=claims)


def _has_page(module: Module) -> bool:
    """Whether its detail page is there, of which a server can't know that this client has it."""
    return isinstance(module.ui, dict) and "page" in module.ui


def doubted(state: State) -> State:
    """Have all modules come whole with the next snapshot."""
    return replace(state, run=None)


def stepped(state: State, frame: ModulesFrame) -> Step:
    """Give what `frame` makes of `state`. Raises `Misfit`, and `ProtocolError` for what can't be repaired."""
    if isinstance(frame, Snapshot):
        return _listed(state, frame)
    if state.waiting is not None:
        # It follows on what the server thought before it read `resume`, and the snapshot begins anew.
        return Step(state)
    if isinstance(frame, Patch):
        return _patched(state, frame)
    if frame.removed:
        return _removed(state, frame.module)
    return _replaced(state, frame)


def _listed(state: State, frame: Snapshot) -> Step:
    known = state.modules if frame.run == state.run else {}
    # Unasked it comes when other modules are there, and has only the revision of all that were sent.
    claims = known if state.waiting is None else state.waiting
    modules = {}
    changed = []
    for listed in frame.modules:
        only_revision = listed.info is UNSET and listed.ui is UNSET
        if only_revision and listed.module in known and listed.module in claims:
            modules[listed.module] = known[listed.module]
        else:
            modules[listed.module] = _whole(listed)
            changed.append(listed.module)
    removed = tuple(name for name in state.modules if name not in modules)
    return Step(State(run=frame.run, modules=MappingProxyType(modules)), tuple(changed), removed)


def _whole(listed: ModuleFrame) -> Module:
    if listed.info is UNSET or listed.ui is UNSET or listed.revision is UNSET:
        raise ProtocolError(f"the snapshot has only the revision of {listed.module}, which isn't known here")
    return Module(listed.info, listed.ui, listed.revision)


def _patched(state: State, frame: Patch) -> Step:
    module = state.modules.get(frame.module)
    if module is None:
        raise Misfit(frame.module, "a patch for a module that isn't known")
    if frame.revision < module.revision:
        raise Misfit(frame.module, f"a patch to revision {frame.revision}, but it is at {module.revision} already")
    try:
        ui = patch.apply(module.ui, frame.ops, frame.at)
    except patch.PatchError as error:
        raise Misfit(frame.module, f"a patch that doesn't fit ({error})") from error
    return _with(state, frame.module, Module(module.info, ui, frame.revision))


def _replaced(state: State, frame: ModuleFrame) -> Step:
    if frame.info is UNSET or frame.revision is UNSET:
        raise ProtocolError(f"a module frame for {frame.module} without info or revision")
    module = state.modules.get(frame.module)
    if frame.ui is not UNSET:
        ui = frame.ui
    elif module is not None:
        ui = module.ui
    else:
        raise Misfit(frame.module, "a new module without its UI")
    return _with(state, frame.module, Module(frame.info, ui, frame.revision))


def _with(state: State, name: str, module: Module) -> Step:
    modules = dict(state.modules)
    if name in modules:
        modules[name] = module
    else:
        modules = _inserted(modules, name, module)
    return Step(replace(state, modules=MappingProxyType(modules)), changed=(name,))


def _inserted(modules: dict[str, Module], new: str, module: Module) -> dict[str, Module]:
    """Put a new module where its name sorts: before the first one that comes after it."""
    items = list(modules.items())
    index = next((index for index, (name, _) in enumerate(items) if name > new), len(items))
    items.insert(index, (new, module))
    return dict(items)


def _removed(state: State, name: str) -> Step:
    modules = {other: module for other, module in state.modules.items() if other != name}
    removed = (name,) if name in state.modules else ()
    return Step(replace(state, modules=MappingProxyType(modules)), removed=removed)
