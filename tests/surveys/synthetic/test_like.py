"""Files that are drawn link, lose people by wave, and hold answers that go together."""

from __future__ import annotations

import numpy as np

from data_dictionary import load
from surveys.synthetic.like import TwinFile, draw_files
from surveys.synthetic.spine import Aims

WORDS = load("enplan")
AIMS = Aims(
    people="population",
    unit="person_id",
    treatment="en_plan",
    cluster="municipality",
    span=(np.datetime64("2018-01-01"), np.datetime64("2018-12-31")),
)


def file(table: str, rows: int, wave: int | None = None) -> TwinFile:
    own = WORDS[table]
    return TwinFile(table=own, name=f"{table} {wave}", rows=rows, columns=own.names, wave=wave)


FILES = [
    file("population", 900),
    file("citizen", 700, 1),
    file("citizen", 600, 2),
    file("staff", 80, 1),
    file("staff", 60, 2),
]


def test_every_table_keeps_to_the_dictionary() -> None:
    frames = draw_files(FILES, AIMS, WORDS, seed=1)
    people = frames[0]
    for one, frame in zip(FILES, frames, strict=True):
        assert not one.table.check(frame, people if one.table.role == "survey" else None)
        assert len(frame) == one.rows


def test_most_who_answer_answer_again() -> None:
    _, first, second, staff, later = draw_files(FILES, AIMS, WORDS, seed=1)
    assert second["person_id"].isin(first["person_id"]).mean() > 0.85
    assert set(later["staff_id"]) < set(staff["staff_id"]) | set(later["staff_id"])
    assert later["staff_id"].isin(staff["staff_id"]).mean() > 0.7
    assert (first["answer_date"].dropna() < AIMS.span[0]).all()
    assert (second["answer_date"].dropna() > AIMS.span[1]).all()
    # Those who did not answer have neither a day nor an answer.
    silent = first["answer_date"].isna()
    assert 0.1 < silent.mean() < 0.3
    assert first.loc[silent, "relation_1"].isna().all()


def test_items_of_a_scale_go_together_and_the_turned_ones_against() -> None:
    _, first, second, *_ = draw_files(FILES, AIMS, WORDS, seed=1)
    valid = first[["relation_1", "relation_2", "relation_3"]].astype(float)
    valid = valid.where(valid <= 5)
    assert valid["relation_1"].corr(valid["relation_2"]) > 0.2
    assert valid["relation_1"].corr(valid["relation_3"]) < -0.2
    both = first.merge(second, on="person_id")
    pair = both[["relation_1_x", "relation_1_y"]].astype(float)
    pair = pair.where(pair <= 5)
    assert pair["relation_1_x"].corr(pair["relation_1_y"]) > 0.1


def test_another_file_changes_nothing_of_the_first() -> None:
    whole = draw_files(FILES, AIMS, WORDS, seed=1)
    fewer = draw_files(FILES[:2], AIMS, WORDS, seed=1)
    assert fewer[1].equals(whole[1])
    assert not draw_files(FILES[:2], AIMS, WORDS, seed=2)[1].equals(whole[1])
