"""Who is compared, and how alike they are."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan, nan

from evaluation.comparison.balance.love_plot import THRESHOLD, is_unlike
from reports.chapters.exhibits import CONFIDENTIAL, drawn, table
from reports.facts import Report
from reports.figures import love_plot
from reports.pieces import piece
from reports.rows import ARMS, Balance, Profile, Respondents, grouped
from reports.words.danish import (
    NOTHING,
    listing,
    lower_first,
    number,
    small_number,
    upper_first,
)
from reports.words.steps import GROUPS
from reports.words.vocabulary import Vocabulary

# As many as a page holds; the appendix has every row.
LOVE_ROWS = 30


@piece("sentence", "claim")
def claim(report: Report) -> str:
    """Say whom the results are about."""
    return f"{report.claim}."


@piece("table", "profile")
def profile_table(report: Report) -> str:
    """Return who the groups on the way to the analysis are."""
    profile = report.rows(Profile)
    if not profile:
        return ""
    present = dict.fromkeys(row.group for row in profile)
    # A stage that the study has named itself is called by that name.
    names = {
        **{group: upper_first(group) for group in present},
        **GROUPS,
        "participants": upper_first(report.words.participants),
        "matched": report.words.way.kept,
    }
    groups = [one for one in present if one != "participants" or "consented" not in present]
    measured = {row.variable for row in profile if isfinite(row.sd)}
    rows = []
    for (variable, level), part in grouped(profile, _level_of).items():
        means = {row.group: row.mean for row in part}
        is_share = variable not in measured
        name = characteristic(report, variable, level, is_share=is_share)
        name += "" if is_share else _unit(report, variable, name)
        shown = (means.get(group, nan) for group in groups)
        rows.append((name, *(_share(mean) if is_share else number(mean) for mean in shown)))
    sizes = {group: max(row.n for row in profile if row.group == group) for group in groups}
    rows.append(("Personer", *(report.count(sizes[group]) for group in groups)))
    return table(
        report,
        "profil",
        "Gennemsnit og andele i grupperne på vejen til analysen",
        ("Kendetegn", *(names[group] for group in groups)),
        rows,
        notes=_profile_notes(report, groups, names),
        dash=CONFIDENTIAL,
    )


def _level_of(row: Profile) -> tuple[str, str]:
    return row.variable, row.level


def _unit(report: Report, column: str, name: str) -> str:
    """Return the unit of an amount in brackets, where its name does not tell it."""
    known = report.facts.labels.get(column)
    unit = None if known is None else known.unit
    is_told = not unit or "(" in name or unit.lower() in name.lower()
    return "" if is_told else f" ({unit})"


def _share(mean: float) -> str:
    return NOTHING if isnan(mean) else f"{number(100 * mean, 0)} %"


def _profile_notes(report: Report, groups: list[str], names: dict[str, str]) -> str:
    """Say as of when each group is described, and what makes its numbers what they are."""
    others = [group for group in groups if group in ("participants", "matched", "comparison")]
    stages = [group for group in groups if group not in (*others, "respondents")]
    texts = ["Andele er i procent, andre tal er gennemsnit."]
    if report.facts.target_trial.time_zero != "unknown":
        plain = listing(lower_first(names[one].replace("\u00ad", "")) for one in others)
        texts.append(f"{upper_first(plain)} er opgjort ved start.")
    if stages:
        plain = listing(lower_first(names[one].replace("\u00ad", "")) for one in stages)
        texts.append(f"{upper_first(plain)} er opgjort, da de kom i målgruppen.")
    if "respondents" in groups:
        first = report.within(report.outcomes("score")[0].name)
        texts.append(
            f"Svarpersoner er {report.words.participants} i analysen med svar i begge målinger af {first}."
        )
    if report.words.is_weighted:
        texts.append("Tal for dem i analysen er vægtet.")
    if report.min_cell > 1:
        texts.append(
            f"Andele er beregnet af antal, der er afrundet til nærmeste {report.min_cell}, så de kan summe til lidt andet end 100 %."
        )
    return " ".join(texts) + report.blanks


def characteristic(report: Report, column: str, level: str, *, is_share: bool = False) -> str:
    """Return the Danish name of a characteristic, or of one of its levels."""
    name = report.label(column)
    if level:
        return f"{name}: {lower_first(report.label(column, level))}"
    yes = report.label(column, "1") if is_share else "1"
    return name if yes in ("1", "Ja") else f"{name}: {lower_first(yes)}"


def balance_of(report: Report, outcome: str) -> list[Balance]:
    """Return the characteristics on which an outcome's groups were to be alike."""
    return [
        row
        for row in report.rows(Balance)
        if row.outcome == outcome and row.covariate != "distance"
    ]


def _first(report: Report) -> list[Balance]:
    balance = report.rows(Balance)
    return balance_of(report, balance[0].outcome) if balance else []


@piece("sentence", "balance")
def balance_words(report: Report) -> str:
    """Say on what the groups were made alike, and how alike they are."""
    rows, words, exact = _first(report), report.words, report.facts.exact
    if not rows:
        return ""
    named = report.labels(tuple(dict.fromkeys(row.covariate for row in rows)))
    same = (
        f" De, der sammenlignes, er helt ens på {report.labels(exact)}."
        if exact and words.is_made
        else ""
    )
    made = f"{words.made_on(named)}{same}{_effective(report, rows[0].outcome)}"
    return f"{made}\n\n{balance_sentence(rows, words)}"


@piece("figure", "balance")
def balance_figure(report: Report) -> str:
    """Return the largest differences between the groups, before and after."""
    rows, words = _first(report), report.words
    if not rows:
        return ""
    most = sorted(rows, key=lambda row: -abs(row.smd_before) if isfinite(row.smd_before) else 0)
    points = (
        "To punkter for hvert kendetegn, et før og et efter" if words.is_made else "Et punkt"
    )
    same_scale = ", og nævneren er den samme før og efter" if words.is_made else ""
    return drawn(
        report,
        love_plot(
            [
                (balance_name(report, row), row.smd_before, row.smd_after)
                for row in most[:LOVE_ROWS]
            ],
            threshold=THRESHOLD,
            action=words.way.action,
        ),
        "balance",
        f"Forskelle mellem grupperne{words.when('før og efter')}",
        alt=f"{points} {words.way.action or 'for hvert kendetegn'}. {balance_sentence(rows, words)}",
        notes=f"Forskellen i gennemsnit er delt med {words.spread}{words.when('før')}{same_scale}. Den prikkede linje er "
        f"{number(THRESHOLD, 1)}.",
        told=balance_title(rows, words),
    )


def _effective(report: Report, outcome: str) -> str:
    """Say how many persons of equal weight the comparison amounts to, where weights differ."""
    facts, words = report.outcome(outcome), report.words
    sizes = [] if facts is None else [facts.ess.get(arm) for arm in ARMS]
    if not words.is_weighted or not all(sizes):
        return ""
    treated, others = (number(size, 0) for size in sizes)
    return (
        f" Fordi personerne vejer forskelligt, svarer sammenligningen til {treated} {words.participants} og {others} andre, der "
        "vejer lige meget (det effektive antal)."
    )


def balance_sentence(rows: Sequence[Balance], words: Vocabulary) -> str:
    """Say in words how alike the groups are; the numbers are those of the table."""
    many, limit = small_number(len(rows)), number(THRESHOLD, 1)
    return (
        f"{_largest(rows, words)}, og {_some(_over(rows))} af {many} kendetegn "
        f"har en forskel på over {limit}."
    )


def balance_title(rows: Sequence[Balance], words: Vocabulary) -> str:
    """Return the largest difference that is left; nothing where none can be told."""
    is_known = any(isfinite(row.smd_after) for row in rows)
    return _largest(rows, words) if is_known else ""


def _largest(rows: Sequence[Balance], words: Vocabulary) -> str:
    before, after = (
        max((abs(value) for value in values if isfinite(value)), default=nan)
        for values in ([row.smd_before for row in rows], [row.smd_after for row in rows])
    )
    moved = f"{words.when('efter')} mod {number(before, 2)} før" if words.is_made else ""
    return f"Den største standardiserede forskel er {number(after, 2)}{moved}"


def _over(rows: Sequence[Balance]) -> int:
    return sum(is_unlike(row.smd_after) for row in rows)


def _some(n: int) -> str:
    return {0: "ingen", 1: "ét"}.get(n, small_number(n))


def balance_name(report: Report, row: Balance) -> str:
    """Return the Danish name of a row of balance.csv."""
    return characteristic(report, row.covariate, row.level, is_share=isnan(row.vr_before))


@piece("sentence", "groups")
def conclusion(report: Report) -> str:
    """Say how many are compared, and how alike they are on what is measured."""
    finding = report.tested()[0]
    reached = report.words.reached(*map(report.count, report.matched(finding.outcome)))
    rows = balance_of(report, finding.outcome)
    if not rows:
        return reached
    words = report.words
    beyond = "Det siger intet om forhold, der ikke er målt."
    if words.design == "randomised" and not words.is_made:
        beyond = "Forskellene er opstået ved lodtrækningen eller ved frafald."
    alike = f"{_alike(rows, words)}{_elsewhere(report, finding.outcome)}"
    return f"{reached} {alike} {beyond}"


def _elsewhere(report: Report, first: str) -> str:
    """Name the outcomes where others than the first's groups are counted, and are less alike.

    Those are the own groups of another outcome, and of every outcome the ones who answered.
    """
    told = {(row.covariate, row.level, row.smd_after) for row in balance_of(report, first)}
    names = {
        row.outcome: report.within(row.outcome)
        for kind in (Balance, Respondents)
        for row in report.rows(kind)
        if row.covariate != "distance"
        and is_unlike(row.smd_after)
        and (row.covariate, row.level, row.smd_after) not in told
    }
    if not names:
        return ""
    return (
        f" Blandt dem, der er regnet med for {listing(names.values())}, er der dog kendetegn med en forskel på over "
        f"{number(THRESHOLD, 1)}."
    )


def _alike(rows: Sequence[Balance], words: Vocabulary) -> str:
    """Say on how many of the measured characteristics the groups are alike."""
    over, limit = _over(rows), number(THRESHOLD, 1)
    if not over:
        worse = sum(abs(row.smd_after) > abs(row.smd_before) for row in rows)
        is_wider = worse and words.is_made
        wider = f" På {_some(worse)} er grupperne lidt mindre ens end før." if is_wider else ""
        return f"Ingen af de målte forhold har en forskel på over {limit} standardafvigelse.{wider}"
    if 2 * over < len(rows):
        return f"De to grupper ligner hinanden på de fleste målte forhold, men {_some(over)} af dem er skævt fordelt."
    return f"De to grupper ligner ikke hinanden: {_some(over)} af {small_number(len(rows))} målte forhold er skævt fordelt."
