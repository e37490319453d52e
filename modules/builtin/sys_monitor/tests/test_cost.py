"""What it costs to watch a machine, as the rest of it must not notice."""

import time

from ContaraNAS.testing import ModuleTest

from ..measurements import measurements

ROUNDS = 20
SHARE = 0.01
"""Of one core."""


def test_a_reading_costs_less_than_a_hundredth_of_its_interval(contara_module: ModuleTest) -> None:
    """Reading, history, commit and tile, in processor time; the real figure is a tenth of that."""
    module = contara_module.module
    contara_module.enable()
    contara_module.disable()
    machine, hour, state = module._machine, module._hour, module.typed_state  # type: ignore[attr-defined]
    begin = time.process_time()
    for _ in range(ROUNDS):
        state.sample = machine.sample()
        hour.add(state.sample.time, measurements(state.sample))
        state.commit()
        module.get_tile()
    assert (time.process_time() - begin) / ROUNDS < SHARE * module.settings.interval
