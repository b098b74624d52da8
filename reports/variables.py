"""What the shipped chapters may ask of a study: the closed list of conditions and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reports.challenges import challenges
from reports.chapters import (
    contrasts,
    description,
    designs,
    estimands,
    follow_up,
    means,
    path,
    shares,
    sites,
    starts,
    uncertainties,
)
from reports.chapters.effects import beside, has_tests, supplementary
from reports.chapters.numbers import tested_label
from reports.chapters.sensitivity import KINDS
from reports.facts import Report, Sheet
from reports.pieces import Kind, made
from reports.rows import Durations, Pretrends, Starts
from reports.words.danish import upper_first

Variables = Mapping[str, object]


def variables(report: Sheet) -> Variables:
    """Return the variables of a study's chapters; what is empty counts as absent."""
    texts = report.facts.report
    own = {
        "about_title": _about_title(report),
        "background": bool(texts.introduction),
        "min_cell": str(report.min_cell) if report.min_cell > 1 else "",
        "missing": _has(report, "table", "missing"),
        "surveys": [_survey(report, one) for one in shares.surveys_of(report)],
        "described": [
            {
                "name": one.name,
                "title": upper_first(one.label),
                "scales": bool(description.levels_of(report, one)),
            }
            for one in description.described(report)
        ],
    }
    return {**own, **_compared(report)} if isinstance(report, Report) else own


def report_title(report: Sheet) -> str:
    """Return what the report is called."""
    return report.facts.report.title or report.facts.study.title


def _about_title(report: Sheet) -> str:
    if not isinstance(report, Report):
        return "Undersøgelsen"
    return f"Indsatsen og {report.words.nouns.unit.definite}"


def _has(report: Sheet, kind: Kind, name: str, outcome: str = "") -> bool:
    """Return whether a piece that is quick to make has something to show."""
    return bool(made(report, kind, name, outcome).strip())


def _survey(report: Sheet, one: shares.Asked) -> Variables:
    return {
        "name": one.survey.name,
        "label": one.label,
        "title": shares.survey_title(report, one),
        "answers": one.answers,
        "several": len(one.waves) > 1,
        "scales": isinstance(report, Report) and bool(shares.scales_of(report, one)),
    }


def _compared(report: Report) -> Variables:
    """Return what only a study that compares has."""
    words, place, tested = report.words, report.place, report.tested()
    texts, scores, values = report.facts.report, report.tested("score"), report.tested("value")
    durations = list(_durations(report))
    competing = any(time.competing for _, time in report.durations())
    moved = bool(report.rows(Pretrends))
    steps = sites.SITES.members(report)
    return {
        "groups": words.groups,
        "treated": words.nouns.treated.definite,
        "treated_upper": upper_first(words.nouns.treated.definite),
        "treated_one": words.nouns.treated.singular,
        "words_treated": words.treated,
        "units": words.units,
        "comparison": words.comparison,
        "partners": words.partners,
        "made_plural": words.way.plural,
        "is_made": words.is_made,
        "is_pairs": words.family == "pairs",
        "is_weighted": words.is_weighted,
        "randomised": report.is_randomised,
        "several": len(tested) > 1,
        "certainty": bool(uncertainties.drawn_of(report)),
        "outcomes": _named(estimands.OUTCOMES.members(report)),
        "has_tests": has_tests(tested),
        "holm": any(family.n_tests > 1 for family in report.facts.families),
        "tests": beside(tested),
        "tested": tested_label(report),
        "test_table": _has(report, "table", "findings"),
        "profile": _has(report, "table", "profile"),
        "balance": _has(report, "table", "balance"),
        "balance_of_others": _has(report, "table", "balance_of_others"),
        "durations": durations,
        "time_title": texts.time_chapter or _time_title(report),
        "in_time": bool(durations),
        "competing": competing,
        "hazards": competing
        or any(supplementary(report, one) for one, _ in report.durations()),
        "endings": bool(report.rows(Durations)),
        "fell_away": follow_up.fell_away(report),
        "path": _path(report),
        "contrasts": _named(contrasts.CONTRASTS.members(report)),
        "values": bool(values),
        "value_title": texts.value_chapter or "Målte størrelser",
        "value_levels": _has(report, "table", "value_levels"),
        "benchmark": bool(report.facts.benchmark),
        "designs": _named(designs.DESIGNS.members(report)),
        "scores": bool(scores),
        "levels": _has(report, "table", "score_levels"),
        "levels_drawn": bool(means.followed(report)),
        "score_title": texts.score_chapter
        or f"Oplever {words.nouns.unit.definite} det anderledes?",
        "score_tests": beside(scores),
        "asked": bool(scores or report.facts.shares),
        "answered": _has(report, "table", "answered"),
        "sites": [
            {"name": one, "label": upper_first(report.name_of(one)), "first": at == 0}
            for at, one in enumerate(steps)
        ],
        "pretrends": moved,
        "starts": bool(report.rows(Starts)),
        "timeline": len(starts.quarters(report)) > 1,
        "places_shown": moved or bool(steps) or bool(report.rows(Starts)),
        "places": place.many,
        "places_title": upper_first(place.all),
        "place_each": place.each,
        "place_the": place.the,
        "place_a": place.a,
        "place_one": place.one,
        "deviations": _has(report, "table", "deviations"),
        "spells": _has(report, "table", "spells"),
        "challenges": list(_challenges(report)),
    }


def _named(members: Mapping[str, object]) -> list[Variables]:
    return [{"name": name} for name in members]


def _time_title(report: Report) -> str:
    """Return a question that the outcomes in time answer."""
    events = [(one, time.event) for one, time in report.durations()]
    if [event for _, event in events] == ["employment"]:
        return "Kom flere i job?"
    name = report.name_of(events[0][0].name) if len(events) == 1 else "Hændelserne"
    return f"{name}: hvor mange og hvornår?"


def _durations(report: Report) -> Iterator[Variables]:
    for outcome, time in report.durations():
        name = outcome.name
        yield {
            "name": name,
            "label": upper_first(report.name_of(name)),
            "label_within": report.within(name),
            "competing": bool(time.competing),
            "exits": _has(report, "sentence", "exits", name),
            "supplementary": _has(report, "table", "supplementary", name),
            "tests": _has(report, "table", "tests", name),
            "quantiles": _has(report, "table", "quantiles", name),
        }


def _path(report: Report) -> Variables | None:
    facts = report.facts.path
    if facts is None or not _has(report, "sentence", "weekly"):
        return None
    before, after = facts.weeks
    inside = path.in_status(report, facts)
    return {"inside": inside, "before": str(-before), "after": str(after)}


def _challenges(report: Report) -> Iterator[Variables]:
    for one in challenges(report):
        name = one.finding.outcome
        yield {
            "name": name,
            "label": upper_first(report.name_of(name)),
            "figure": len(one.of(*KINDS)) > 1,
            "thresholds": _has(report, "table", "thresholds", name),
        }
