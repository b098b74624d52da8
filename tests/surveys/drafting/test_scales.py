"""Likely scales: one stem, one list of answers."""

import numpy as np
import pandas as pd

from data_dictionary.columns import Column
from surveys.drafting.columns import Drafted
from surveys.drafting.scales import likely_scales


def items(names: list[str], **keys: object) -> dict[str, Drafted]:
    return {
        name: Drafted(column=Column(name=name, type="integer", label=name, **keys))
        for name in names
    }


def answers(names: list[str], turned: tuple[str, ...] = ()) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    latent = rng.normal(size=400)
    made = {
        name: np.clip(
            np.round(3 + (-1 if name in turned else 1) * latent + rng.normal(size=400)), 1, 5
        )
        for name in names
    }
    return pd.DataFrame(made)


NAMES = ["rel_1", "rel_2", "rel_3"]


def test_items_with_one_code_list_are_a_scale() -> None:
    drafted = items(NAMES, codes={1: "a", 2: "b", 3: "c"})
    ((scale, against),) = likely_scales("t", drafted, [answers(NAMES)])
    assert (scale.name, scale.items, scale.minimum, scale.maximum) == (
        "rel",
        tuple(NAMES),
        1,
        3,
    )
    assert (scale.least_answered, against) == (2, ())


def test_without_labels_the_answers_that_they_share_are_the_limits() -> None:
    ((scale, _),) = likely_scales("t", items(NAMES), [answers(NAMES)])
    assert (scale.minimum, scale.maximum) == (1, 5)


def test_an_item_that_runs_the_other_way_is_named() -> None:
    ((_, against),) = likely_scales("t", items(NAMES), [answers(NAMES, turned=("rel_2",))])
    assert against == ("rel_2",)


def test_amounts_gaps_and_other_code_lists_are_no_scale() -> None:
    amounts = pd.DataFrame({name: [10, 2500, 99] for name in NAMES})
    assert list(likely_scales("t", items(NAMES), [amounts])) == []
    assert list(likely_scales("t", items(["rel_1", "rel_3", "rel_4"]), [])) == []
    mixed = items(NAMES, codes={1: "a", 2: "b"}) | items(["rel_2"], codes={1: "a", 9: "b"})
    assert list(likely_scales("t", mixed, [answers(NAMES)])) == []
    rare = pd.DataFrame({name: [1, 2, 3, 4] for name in NAMES})
    assert list(likely_scales("t", items(NAMES), [rare])) == []
