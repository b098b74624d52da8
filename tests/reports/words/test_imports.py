"""Every remark on a file has Danish words, which the appendix on data shows."""

from __future__ import annotations

from analyses.results.imports import RemarkFacts, SourceFacts
from reports.chapters.appendix import as_read
from reports.words.imports import IMPORTS
from surveys.files.remarks import REMARKS
from tests.reports import minimal


def test_every_remark_has_words() -> None:
    assert set(IMPORTS) == set(REMARKS) - {"encoding"}
    for words in IMPORTS.values():
        assert "{" not in words.format(n="mindst 20", detail="1 = 5")


def test_the_appendix_says_what_was_changed_and_left_out() -> None:
    source = SourceFacts(
        table="svar", wave=1, name="w1.sav", sha256="0f", rows=100, encoding="utf-8",
        remarks=(
            RemarkFacts(what="recoded", columns=("q1", "q2"), n=40, detail="1 = 5, 5 = 1"),
            RemarkFacts(what="columns_ignored", columns=("a", "b"), more=7, n=9),
            RemarkFacts(what="rows_not_kept"),
        ),
    )  # fmt: skip
    text = as_read(minimal.report(inputs=(source,)))
    recoded = "mindst 40 værdier er kodet om som angivet (1 = 5, 5 = 1)."
    assert f"w1.sav (1. måling): »q1« og »q2«: {recoded}" in text
    assert "»a«, »b« og 7 andre: udeladt, da kodebogen ikke kender kolonnen." in text
    assert "w1.sav (1. måling): få rækker er valgt fra i studiefilen." in text
    assert "skete der dette" not in as_read(minimal.report(inputs=()))
