"""Forms that values of several sections have."""

from __future__ import annotations

from itertools import pairwise

from data_dictionary.schema import Form

IN_ORDER = Form(
    "two whole numbers in order, such as [-104, -1]", lambda weeks: weeks[0] <= weeks[1]
)
RISING = Form(
    "a list of rising whole numbers above 0, such as [26, 52, 104]",
    lambda bands: (
        bool(bands) and bands[0] > 0 and all(low < high for low, high in pairwise(bands))
    ),
)
