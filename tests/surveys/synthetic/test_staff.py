from __future__ import annotations

import numpy as np

from surveys.synthetic import places, staff


def test_staff_answer_in_all_nine_municipalities_and_nowhere_else() -> None:
    waves = staff.draw_staff(np.random.default_rng(1))
    for frame in waves.values():
        assert set(frame["municipality"]) == {place.code for place in places.TRIAL}
        assert frame["staff_id"].is_unique


def test_many_but_not_all_answer_both_waves() -> None:
    waves = staff.draw_staff(np.random.default_rng(1))
    both = waves[1]["staff_id"].isin(waves[2]["staff_id"]).mean()
    assert 0.5 < both < 0.95
    assert (~waves[2]["staff_id"].isin(waves[1]["staff_id"])).any()
