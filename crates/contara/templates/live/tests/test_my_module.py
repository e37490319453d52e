"""What people can do with the module, without a daemon. Run it with `pytest` in the module's folder.

`contara_module` is the module, loaded and not yet enabled.
"""

import pytest

from ContaraNAS.testing import FieldErrors, ModuleTest


def test_a_press_counts(contara_module: ModuleTest) -> None:
    contara_module.enable()
    contara_module.press("Increment")
    assert contara_module.tile.stat("Count").value == 1


def test_the_step_can_be_changed(contara_module: ModuleTest) -> None:
    contara_module.enable()
    contara_module.press("Change step")
    contara_module.press("Save", form={"step": "5"})
    assert contara_module.open_modal is None
    contara_module.press("Increment")
    assert contara_module.tile.stat("Count").value == 5


def test_what_is_no_number_is_refused(contara_module: ModuleTest) -> None:
    contara_module.enable()
    with pytest.raises(FieldErrors):
        contara_module.act("change_step", form={"step": "many"})
