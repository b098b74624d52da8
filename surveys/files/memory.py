"""A frame in memory as a source, so that it is checked as a file is."""

from __future__ import annotations

import hashlib

import pandas as pd

from surveys.files.identifiers import refuse_cpr
from surveys.files.read_csv import header_names
from surveys.files.source import Known, Provenance, Source

_WHERE = "the frame in memory"


def source_of(frame: pd.DataFrame, known: Known) -> Source:
    """Return a source of a frame; an index with a name is a column of it."""
    plain = frame.reset_index(drop=all(name is None for name in frame.index.names))
    names = header_names([str(name) for name in plain.columns], _WHERE)
    plain.columns = pd.Index(names)
    keys = [name for name in names if known.is_key(name)]
    texts = [name for name in names if known.is_text(name) and name not in keys]
    refuse_cpr(plain, _WHERE, keys=keys, texts=texts)
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
