"""The script behind the validity of g-computation: its studies, truths and gate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.validity.g_computation import DESIGNS, Gate, coarse, draw, gates, one_run, table

SOUND = Gate(
    design="full, ATT",
    model="logit",
    runs=2000,
    refused=0,
    covered=0.935,
    bias=0.1,
    spread=4.0,
    error=4.0,
)


def test_a_run_holds_every_design_and_model_against_a_truth() -> None:
    truths = {"ATT": 10.4, "ATE": 9.8, "ATO": 10.5}
    rows = pd.DataFrame(one_run(1, truths))
    assert set(rows["design"]) == set(DESIGNS)
    assert rows["std_error"].gt(0).all()
    # In per cent: a study of a thousand persons is off by some points at most.
    assert rows["off"].abs().max() < 20
    found = gates(pd.concat([rows, rows.assign(off=rows["off"] + 1)]))
    assert len(table(found).splitlines()) == 1 + len(rows)


def test_persons_of_few_kinds_are_drawn_again_the_same() -> None:
    pd.testing.assert_frame_equal(coarse(draw(3)), coarse(draw(3)))
    assert coarse(draw(3)).groupby(["a", "b", "c"]).ngroups == 24
    assert not np.array_equal(draw(3)["y"], draw(4)["y"])


@pytest.mark.parametrize("change", [{"covered": 0.9345}, {"error": 3.39}, {"error": 5.01}])
def test_each_part_of_the_gate_can_fail_it_alone(change: dict[str, float]) -> None:
    assert SOUND.passes
    assert not replace(SOUND, **change).passes
