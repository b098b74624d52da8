"""The staff's answers in the nine municipalities: two waves, many of the same people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from surveys.synthetic import places
from surveys.synthetic.citizens import some_unanswered
from surveys.synthetic.people import hex_keys

WAVES = (1, 2)
# Number of items, and the change from wave 1 to 2 in answers.
SCALES = {
    "continuity": (3, 0.35),
    "coherence": (3, 0.30),
    "collaboration": (3, 0.25),
    "double_work": (2, 0.05),
}
_FIELD = (np.datetime64("2017-01-16"), np.datetime64("2019-09-16"))
_UNANSWERED = (0.004, 0.030, 0.008, 0.001)
_CODES = (7, 8, 9, 99)
_MANAGER = 2


def draw_staff(rng: np.random.Generator) -> dict[int, pd.DataFrame]:
    """Return one frame per wave: everybody asked, with the answers of those who answered."""
    place = np.repeat(
        np.arange(len(places.TRIAL)), [10 + round(0.6 * p.citizens) for p in places.TRIAL]
    )
    n = place.size
    staff_id = hex_keys(rng, n)
    role = np.where(rng.random(n) < 0.18, _MANAGER, 1)
    cluster = rng.choice(places.CLUSTERS, size=n, p=(0.35, 0.40, 0.25))
    view = 0.75 * rng.standard_normal(n) + 0.15 * rng.standard_normal(len(places.TRIAL))[place]
    first = rng.random(n) < 0.75
    second = np.where(first, rng.random(n) < 0.75, rng.random(n) < 0.85)
    frames = {}
    for wave, answered in zip(WAVES, (first, second), strict=True):
        day = _FIELD[wave - 1] + rng.integers(0, 40, n)
        date = np.where(answered, day, np.datetime64("NaT"))
        items = _items(rng, view + 0.2 * (role == _MANAGER), wave)
        frames[wave] = pd.DataFrame(
            {
                "staff_id": staff_id,
                "municipality": places.CODES[place],
                "role": role,
                "service_cluster": cluster,
                "answer_date": date.astype("datetime64[s]"),
                **{name: np.where(answered, item, np.nan) for name, item in items.items()},
            }
        )
    return frames


def _items(
    rng: np.random.Generator, view: NDArray[np.float64], wave: int
) -> dict[str, NDArray[np.float64]]:
    """Return the answers from 1 to 5, some of them codes for no answer."""
    items = {}
    for scale, (count, change) in SCALES.items():
        for k in range(1, count + 1):
            raw = 3.2 + change * (wave - 1) + view + 0.7 * rng.standard_normal(view.size)
            answer = np.clip(np.rint(raw), 1, 5)
            items[f"{scale}_{k}"] = some_unanswered(rng, answer, _UNANSWERED, _CODES)
    return items
