"""The conclusion of the whole report, over every tested outcome and without advice."""

from __future__ import annotations

from evaluation.grades import Grade
from reports.chapters.effects import tested_words
from reports.facts import Report
from reports.pieces import piece
from reports.words.danish import listing, upper_first


@piece("sentence", "overall")
def overall(report: Report) -> str:
    """Say what is certain, what is not, and of what nothing can be said."""
    tested = report.tested()
    certain = [upper_first(tested_words(report, f)) for f in tested if f.grade is Grade.CERTAIN]
    unsure = [f.label for f in tested if f.is_told and f.is_unsure]
    refused = [f.label for f in tested if not f.is_told and f.grade is not Grade.HIDDEN]
    parts = [f"{one}, og forskellen er statistisk sikker." for one in certain]
    if unsure:
        also = "Undersøgelsen kan derimod" if certain else "Undersøgelsen kan"
        parts.append(f"{also} ikke afgøre, om der er en forskel for {listing(unsure)}.")
    if refused:
        parts.append(f"Om {listing(refused)} kan der ikke konkluderes.")
    return " ".join(parts)
