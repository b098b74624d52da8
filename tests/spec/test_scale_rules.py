"""The rules of a scale as small tables: answers of one person, and the score they give."""

import numpy as np
import pandas as pd
import pytest

from data_dictionary import load
from surveys import Panel, score

WORDS = load("enplan")
_ = np.nan

# scale            answers                 score   answered
RULES = [
    ("relation", [5, 5, 1, 5, 5, 1], 100.0, 6),  # 3 and 6 are reversed
    ("relation", [1, 1, 5, 1, 1, 5], 0.0, 6),
    ("relation", [3, 3, 3, 3, 3, 3], 50.0, 6),
    ("relation", [5, 5, _, 5, _, _], 100.0, 3),  # half the items are enough
    ("relation", [5, 5, _, _, _, _], None, 2),
    ("goal_support", [5, 4, 4, 2], 81.25, 4),  # (5 + 4 + 4 + 4) / 4 = 4.25
    ("accessibility", [2, 2, _, _], 25.0, 2),
    ("accessibility", [_, _, _, _], None, 0),
    ("who5", [5, 4, 3, 2, 1], 60.0, 5),  # sum times 4
    ("who5", [5, 4, 3, 2, _], None, 4),  # WHO-5 asks for all five
]


@pytest.mark.parametrize(("name", "answers", "points", "answered"), RULES)
def test_answers_give_their_score(
    name: str, answers: list[float], points: float | None, answered: int
) -> None:
    scale = WORDS.scales[name]
    frame = pd.DataFrame([answers], columns=list(scale.items)).assign(person_id="a0", wave=1)
    scored = score(Panel(frame=frame, table=WORDS["citizen"], waves=()), scale).iloc[0]
    assert scored["n_answered"] == answered
    assert (None if np.isnan(scored["score"]) else scored["score"]) == points
