"""Remarks are published without what persons wrote, and without counts of few."""

from __future__ import annotations

from analyses.published.gate import Gate
from analyses.results.imports import RemarkFacts, remark_facts
from surveys.files.remarks import Remark


def test_counts_of_persons_go_through_the_gate_and_texts_of_persons_stay() -> None:
    remarks = (
        Remark(what="encoding", detail="utf-8"),
        Remark(what="blank_texts", columns=("q1",), count=3, detail="hemmelig"),
        Remark(what="recoded", columns=("q1",), count=128, detail="1 = 5"),
        Remark(what="columns_ignored", columns=tuple(f"x{k}" for k in range(15)), count=15),
    )
    assert remark_facts(remarks, Gate(5).count) == (
        RemarkFacts(what="blank_texts", columns=("q1",)),
        RemarkFacts(what="recoded", columns=("q1",), n=125, detail="1 = 5"),
        RemarkFacts(
            what="columns_ignored", columns=tuple(f"x{k}" for k in range(12)), more=3, n=15
        ),
    )
    assert remark_facts(remarks, Gate(1).count)[0].n == 3
