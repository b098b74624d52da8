"""Sammenfatning: what was found, for whom, and how sure it is."""

from __future__ import annotations

from evaluation.estimates import Certainty
from reports.chapters import sensitivity
from reports.chapters.effects import (
    READING,
    effect_figure,
    event_words,
    name_of,
    tested_sentence,
)
from reports.chapters.numbers import tested_label
from reports.facts import Report
from reports.markdown import box, bullets, heading, paragraphs
from reports.words.danish import listing, small_number
from reports.words.wording import (
    Finding,
    headline,
    per_hundred_sentence,
    shares_sentence,
)


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    tested = report.tested()
    primary = [f for f in tested if report.outcome(f.outcome)["role"] == "primary"] or tested
    names = [name_of(report, f) for f in tested]
    return "".join(
        [
            heading("Sammenfatning", 1, "sammenfatning", numbered=False),
            box(_main_finding(report, primary)),
            paragraphs(_about(report, tested[0])),
            bullets([tested_sentence(report, f) for f in tested if f not in primary]),
            paragraphs(
                f"{'Resultaterne er samlet i' if len(tested) > 1 else 'Resultatet fremgår af'} @fig-hovedtal; "
                f"p-værdier og antal personer står i @tbl-{tested_label(report)}."
            ),
            effect_figure(
                report,
                tested,
                names,
                label="hovedtal",
                caption="Forskel mellem deltagere og sammenligningsgruppe",
                notes=f"{READING} Et åbent punkt betyder, at usikkerheden ikke kan opgøres.",
            ),
            heading("Sådan skal tallene læses", 2, "laesning", numbered=False),
            bullets([*_reading(tested), *sensitivity.pointers(report)]),
        ]
    )


def _main_finding(report: Report, primary: list[Finding]) -> str:
    texts = []
    for finding in primary:
        entry = report.outcome(finding.outcome)
        parts = [tested_sentence(report, finding)]
        if finding.term == "incidence":
            horizon = int(entry["horizon"])
            treated, comparison = (
                report.at(finding.outcome, entry["event"], arm, horizon)[0]
                for arm in ("treated", "comparison")
            )
            shares = shares_sentence(
                treated, comparison, event_words(entry), report.follow_up(entry), finding.words
            )
            more = finding.direction("flere", "færre")
            if shares and more:
                parts = [shares, headline(finding, f"det er {finding.amount} {more}")]
            parts.append(per_hundred_sentence(finding))
        texts.append(" ".join(filter(None, parts)))
    lead = "Hovedfund" if len(texts) > 1 else "Hovedfundet"
    return "\n\n".join([f"**{lead}.** {texts[0]}", *texts[1:]])


def _about(report: Report, first: Finding) -> str:
    design = report.frame("design").set_index("outcome")
    where = "", ""
    if report.place:
        treated, others = (
            small_number(int(design[f"n_{arm}_clusters"].astype(float)[first.outcome]))
            for arm in ("treated", "comparison")
        )
        is_own = report.manifest["donors"]["from"] == "own"
        elsewhere = " fra de samme" if is_own else f" fra {others} andre"
        where = f" fra {treated} {report.places}", f"{elsewhere} {report.places}"
    compared = report.words.compared(
        f"{report.count(first.n_treated)} deltagere{where[0]}",
        f"{report.count(first.n_comparison)} {report.people}{where[1]}",
    )
    return f"{compared} {report.words.claim}, jf. @sec-grupper."


def _reading(tested: list[Finding]) -> list[str]:
    unclear = [f.label for f in tested if f.certainty in (Certainty.UNCLEAR, Certainty.LOST)]
    items = []
    if unclear:
        items.append(
            f"For {listing(unclear)} er der ingen statistisk sikker forskel. Det er ikke det samme "
            "som, at der ingen forskel er."
        )
    refused = [f.label for f in tested if f.certainty is Certainty.REFUSED]
    if refused:
        items.append(
            f"For {listing(refused)} er grundlaget for lille til at opgøre usikkerheden, jf. "
            "@sec-usikkerhed. Tallene kan derfor ikke bruges som mål for en effekt."
        )
    items.append(
        "Grupperne er ikke dannet ved lodtrækning. Motivation for at deltage er ikke målt og kan have "
        "betydning for forskellene, jf. @sec-begraensninger."
    )
    return items
