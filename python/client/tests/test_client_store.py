"""What frames make of the modules, without a connection."""

from typing import Any

import msgspec
import pytest

from contara_client.errors import ProtocolError
from contara_client.frames import Info, ModuleFrame, Patch, Resume, Snapshot
from contara_client.store import Misfit, State, asked, doubted, stepped
from stream_server import INFO, module, unchanged

WHOLE = module("m", {"tile": {"n": 1}}, revision=5)


def snapshot(*modules: dict[str, Any], run: str = "r1") -> Snapshot:
    return msgspec.convert({"type": "snapshot", "run": run, "modules": list(modules)}, Snapshot)


def info(name: str = "A module") -> Info:
    return msgspec.convert(INFO | {"display_name": name}, Info)


def having(*modules: dict[str, Any]) -> State:
    return stepped(asked(State())[0], snapshot(*modules)).state


def patch(revision: int, value: Any) -> Patch:
    return Patch("m", revision, [{"op": "replace", "path": "/tile/n", "value": value}])


def test_a_patch_gives_a_new_state_and_leaves_the_old_one() -> None:
    before = having(WHOLE, module("z"))
    step = stepped(before, patch(6, 2))
    assert step.changed == ("m",)
    assert (step.state.modules["m"].ui, step.state.modules["m"].revision) == ({"tile": {"n": 2}}, 6)
    assert before.modules["m"].ui == {"tile": {"n": 1}}
    assert step.state.modules["z"] is before.modules["z"]


def test_metadata_and_the_patch_after_it_have_one_revision() -> None:
    state = stepped(having(WHOLE), ModuleFrame("m", 6, info("New name"))).state
    state = stepped(state, patch(6, 2)).state
    assert (state.modules["m"].info.display_name, state.modules["m"].ui) == ("New name", {"tile": {"n": 2}})


@pytest.mark.parametrize(
    ("names", "new", "order"),
    [("bd", "c", "bcd"), ("bd", "a", "abd"), ("bd", "e", "bde"), ("", "a", "a"), ("cab", "b1", "b1,c,a,b")],
)
def test_a_new_module_stands_where_its_name_sorts(names: str, new: str, order: str) -> None:
    step = stepped(having(*map(module, names)), ModuleFrame(new, 1, info(), ui=None))
    assert list(step.state.modules) == (order.split(",") if "," in order else list(order))


def test_a_module_that_is_gone() -> None:
    step = stepped(having(WHOLE), ModuleFrame("m", removed=True))
    assert (step.removed, dict(step.state.modules)) == (("m",), {})
    assert stepped(step.state, ModuleFrame("m", removed=True)).removed == ()


def test_the_order_is_that_of_the_snapshot() -> None:
    state = asked(having(module("a"), module("b")))[0]
    step = stepped(state, snapshot(unchanged("b", 1), unchanged("a", 1)))
    assert (list(step.state.modules), step.changed, step.removed) == (["b", "a"], (), ())


def test_a_revision_that_is_only_listed_changes_nothing() -> None:
    state = asked(having(WHOLE))[0]
    step = stepped(state, snapshot(unchanged("m", 9)))
    assert step.state.modules["m"].revision == 5, "else a connection lost now would resume with a state it hasn't got"


def test_what_was_known_of_another_run_is_worth_nothing() -> None:
    state = asked(having(WHOLE))[0]
    with pytest.raises(ProtocolError, match="only the revision of m"):
        stepped(state, snapshot(unchanged("m", 5), run="r2"))


def test_resume_says_what_there_is() -> None:
    state = having(WHOLE, module("z", revision=2))
    assert asked(State())[1] == Resume()
    assert asked(state)[1] == Resume("r1", {"m": 5, "z": 2})
    assert asked(doubted(state))[1] == Resume()


def test_a_module_with_its_page_is_asked_for_whole() -> None:
    assert asked(having(module("m", {"tile": None, "page": {}}), module("z")))[1] == Resume("r1", {"z": 1})


def test_a_snapshot_that_nobody_asked_for() -> None:
    step = stepped(having(WHOLE, module("z")), snapshot(unchanged("m", 5), module("n")))
    assert (list(step.state.modules), step.changed, step.removed) == (["m", "n"], ("n",), ("z",))


def test_modules_in_doubt_have_to_come_whole() -> None:
    state = asked(doubted(having(WHOLE)))[0]
    with pytest.raises(ProtocolError):
        stepped(state, snapshot(unchanged("m", 5)))
    assert asked(stepped(state, snapshot(WHOLE)).state)[1] == Resume("r1", {"m": 5})


def test_nothing_counts_between_resume_and_snapshot() -> None:
    state = asked(having(WHOLE))[0]
    for frame in (patch(6, 2), ModuleFrame("m", removed=True), ModuleFrame("n", 1, info(), ui=None)):
        assert stepped(state, frame).state is state


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (Patch("m", 6, [{"op": "remove", "path": "/page"}]), "not_found"),
        (Patch("x", 6, []), "isn't known"),
        (Patch("m", 4, []), "revision 4"),
        (ModuleFrame("x", 1, info()), "without its UI"),
    ],
)
def test_what_does_not_follow_is_a_misfit(frame: Patch | ModuleFrame, reason: str) -> None:
    state = having(WHOLE)
    with pytest.raises(Misfit, match=reason):
        stepped(state, frame)
    assert state.modules["m"].ui == {"tile": {"n": 1}}


def test_a_module_frame_without_info_is_none() -> None:
    with pytest.raises(ProtocolError):
        stepped(having(WHOLE), ModuleFrame("m", 6))
