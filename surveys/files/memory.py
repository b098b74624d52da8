"""A frame in memory as a source, so that it is checked as a file is."""

from __future__ import annotations

import hashlib

import pandas as pd

from surveys.files.read_csv import header_names
from surveys.files.source import Provenance, Source

_WHERE = "the frame in memory"


def source_of(frame: pd.DataFrame) -> Source:
    """Return a source of a frame; an index with a name is a column of it."""
    plain = frame.reset_index(drop=all(name is None for name in frame.index.names))
    plain.columns = pd.Index(header_names([str(name) for name in plain.columns], _WHERE))
    origin = Provenance(
        name=_WHERE,
        sha256=hashlib.sha256(plain.to_csv().encode()).hexdigest(),
        rows=plain.shape[0],
        columns=plain.shape[1],
        format="in memory",
        encoding="utf-8",
        encoding_reason="in memory",
    )
    return Source(frame=plain, provenance=origin)
