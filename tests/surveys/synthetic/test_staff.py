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
    first, second = (
        frame.set_index("staff_id")["answer_date"].notna() for frame in waves.values()
    )
    assert 0.6 < first.mean() < 0.9
    assert 0.5 < second[first].mean() < 0.95
    assert second[~first].any()


def test_those_who_did_not_answer_are_blank() -> None:
    for frame in staff.draw_staff(np.random.default_rng(1)).values():
        silent = frame["answer_date"].isna()
        assert frame.loc[silent, "continuity_1"].isna().all()
        assert frame.loc[~silent, "continuity_1"].notna().all()
