"""3 Deltagere og sammenligningsgruppe: who is compared, who was lost, how alike they are."""

from __future__ import annotations

import math

import pandas as pd

from reports.chapters.effects import HIDDEN
from reports.facts import Report, records
from reports.figures import Stage, flow_diagram, love_plot
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import NOTHING, listing, lower_first, number, small_number
from reports.words.vocabulary import PARTICIPANTS, Vocabulary

# Above this absolute standardised difference a covariate counts as unbalanced (Stuart 2010).
THRESHOLD = 0.1
LOVE_ROWS = 30
GROUPS = {
    "eligible": "Mål\u00adgruppe",
    "invited": "Invite\u00adrede",
    "consented": "Sam\u00adtykkende",
    "participants": "Deltagere",
    "matched": "",
    "comparison": "Sammen\u00adlignede",
    "respondents": "Svar\u00adpersoner",
}
ARMS = {"treated": "Deltagere", "comparison": "Sammenligning"}


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    return "".join(
        [
            heading("Deltagere og sammenligningsgruppe", 1, "grupper"),
            heading("Fra alle i data til analysen", 2, "frafald"),
            _flow(report),
            heading("Hvem resultaterne gælder", 2, "hvem"),
            _profile(report),
            heading("Hvor ens de to grupper er", 2, "balance"),
            _balance(report),
            heading("Delkonklusion", 2, "delkonklusion-grupper"),
            paragraphs(_conclusion(report)),
        ]
    )


def _flow(report: Report) -> str:
    flow = report.frame("flow")
    cohort = flow[~flow["step"].str.contains(":")]
    columns = [
        (name, _stages(report, cohort[cohort["arm"] == arm])) for arm, name in ARMS.items()
    ]
    # The steps of a small group may all be hidden.
    arms = [(name, stages) for name, stages in columns if stages]
    words = "; ".join(
        f"{name}: {stages[0].n} ved det første viste trin, {stages[-1].n} i analysen"
        for name, stages in arms
    )
    return "".join(
        [
            paragraphs(
                "Vejen fra alle i data til dem, der indgår i analysen, fremgår af @fig-frafald; alle trin står i @tbl-frafald."
            ),
            figure(
                flow_diagram(arms, stamp=report.stamp),
                label="frafald",
                caption="Fra alle i data til analysen",
                alt=f"Rutediagram med en søjle af kasser for hver gruppe. {words}.",
                notes="Trin, hvor ingen går ud, er udeladt, og trin, hvor få går ud, er lagt sammen med det næste.",
                source=report.source,
            ),
            _outcome_flow(report, flow[flow["step"].str.contains(":")]),
        ]
    )


def _stages(report: Report, flow: pd.DataFrame) -> list[Stage]:
    """Return the boxes of one group; a hidden step is one with the next that is shown."""
    stages: list[Stage] = []
    reasons: list[str] = []
    before = math.nan
    for row in records(flow):
        if isinstance(row.reason, str) and row.reason:
            reasons.append(report.label(f"reason:{row.reason}"))
        if not math.isfinite(row.n):
            continue
        lost = before - row.n
        text = f"{number(lost, 0)} går ud: {listing(reasons, 'eller')}" if lost > 0 else ""
        stages.append(
            Stage(title=report.label(f"step:{row.step}"), n=number(row.n, 0), lost=text)
        )
        before, reasons = row.n, []
    return stages


def flow_table(report: Report) -> str:
    """Return the table of how many are left after each step."""
    flow = report.frame("flow")
    cohort = flow[~flow["step"].str.contains(":")]
    arms = {arm: cohort[cohort["arm"] == arm].set_index("step") for arm in ARMS}
    steps = list(dict.fromkeys([*arms["comparison"].index, *arms["treated"].index]))
    order = list(cohort["step"].drop_duplicates())
    left = dict.fromkeys(ARMS, NOTHING)
    rows = []
    for step in sorted(steps, key=lambda step: _rank(step, order, arms["comparison"].index)):
        cells, reason = [], ""
        for arm, frame in arms.items():
            if step in frame.index:
                row = frame.loc[step]
                left[arm] = number(row["n"], 0)
                reason = row["reason"] if isinstance(row["reason"], str) else reason
            cells.append(left[arm])
        why = report.label(f"reason:{reason}") if reason else ""
        rows.append((report.label(f"step:{step}"), why or "ingen", *cells))
    return Table(
        label="frafald",
        caption="Personer tilbage efter hvert trin",
        header=("Trin", "Den, der går ud", "Deltagere", "Sammen\u00adligning"),
        rows=tuple(rows),
        widths=(32, 42, 14, 16),
        left=2,
        notes=_hidden(report),
        source=report.source,
    ).markdown()


def _hidden(report: Report) -> str:
    if report.min_cell == 1:
        return "Ingen antal er skjult."
    return f"En streg betyder, at tallet er skjult, fordi færre end {report.min_cell} personer ellers kunne regnes ud."


def _rank(step: str, order: list[str], longest: pd.Index) -> tuple[float, int]:
    """Order the steps of both groups: those of the longer way first, `matched` last."""
    place = list(longest).index(step) if step in longest else order.index(step)
    return float(place), order.index(step)


def _outcome_flow(report: Report, flow: pd.DataFrame) -> str:
    if flow.empty:
        return ""
    parts = flow["step"].str.split(":", n=1, expand=True)
    flow = flow.assign(stage=parts[0], outcome=parts[1])
    stages = list(dict.fromkeys(flow["stage"]))
    rows = []
    for (outcome, arm), part in flow.groupby(["outcome", "arm"], sort=False):
        entry = report.outcome(str(outcome))
        finding = report.finding(str(outcome), str(entry.get("estimate")))
        n = part.set_index("stage")["n"]
        final = None if finding is None else getattr(finding, f"n_{arm}")
        cells = [number(n.get(stage), 0) for stage in stages]
        rows.append((str(entry["label"]), ARMS[str(arm)], *cells, report.count(final)))
    names = [_step_name(report, flow, stage) for stage in stages]
    return Table(
        label="frafald-udfald",
        caption="Personer i de udfald, der kræver svar på spørgeskemaet",
        header=("Udfald", "Gruppe", *names, "I beregningen"),
        rows=tuple(rows),
        widths=(28, 20, *(18 for _ in stages), 16),
        left=2,
        notes=f"I beregningen er dem i analysen, der har svar i begge målinger. {HIDDEN}",
        source=report.source,
    ).markdown()


def _step_name(report: Report, flow: pd.DataFrame, stage: str) -> str:
    step = flow.loc[flow["stage"] == stage, "step"].iloc[0]
    return report.label(f"step:{step}").split(" (")[0]


def _profile(report: Report) -> str:
    profile = report.frame("profile")
    if profile.empty:
        return ""
    present = set(profile["group"])
    names = {**GROUPS, "matched": report.words.way.kept}
    groups = [
        group
        for group in names
        if group in present and not (group == "participants" and "consented" in present)
    ]
    shown = profile.set_index(["group", "variable", "level"])[["mean", "n"]]
    keys = profile[["variable", "level"]].drop_duplicates()
    rows = []
    for variable, level in keys.itertuples(index=False):
        is_share = bool(profile.loc[profile["variable"] == variable, "sd"].isna().all())
        cells = []
        for group in groups:
            key = (group, variable, level)
            mean = float(shown["mean"].get(key, math.nan))
            if is_share:
                cells.append(NOTHING if math.isnan(mean) else f"{number(100 * mean, 0)} %")
            else:
                cells.append(number(mean))
        rows.append((characteristic(report, variable, level, is_share=is_share), *cells))
    sizes = profile.groupby("group")["n"].max()
    rows.append(("Personer", *(report.count(sizes.get(group)) for group in groups)))
    stages = (
        " Målgruppe, inviterede og samtykkende er opgjort, da de kom i målgruppen."
        if "eligible" in groups
        else ""
    )
    answered = (
        " Svarpersoner er deltagere i analysen med svar i begge målinger."
        if "respondents" in groups
        else ""
    )
    weighed = " Tal for dem i analysen er vægtet." if report.words.is_weighted else ""
    return (
        paragraphs(
            f"{report.words.claim}. Hvordan grupperne på vejen ligner og adskiller sig fra hinanden, "
            "fremgår af @tbl-profil."
        )
        + Table(
            label="profil",
            caption="Gennemsnit og andele i grupperne på vejen til analysen",
            header=("Kendetegn", *(names[group] for group in groups)),
            rows=tuple(rows),
            widths=(30, *(14 for _ in groups)),
            notes=f"Deltagere og sammenlignede er opgjort ved start.{stages}{answered}{weighed} En streg betyder, at tallet er skjult "
            "af hensyn til fortrolighed.",
            source=report.source,
        ).markdown()
    )


def characteristic(
    report: Report, column: str, level: object, *, is_share: bool = False
) -> str:
    """Return the Danish name of a characteristic, or of one of its levels."""
    name = report.label(column)
    if isinstance(level, str) and level:
        return f"{name}: {lower_first(report.label(column, level))}"
    yes = report.label(column, 1) if is_share else "1"
    return name if yes in ("1", "Ja") else f"{name}: {lower_first(yes)}"


def _balance(report: Report) -> str:
    balance = report.frame("balance")
    first = str(balance["outcome"].iloc[0])
    rows = balance[(balance["outcome"] == first) & (balance["covariate"] != "distance")]
    drawn = rows.loc[rows["smd_before"].abs().sort_values(ascending=False).index[:LOVE_ROWS]]
    labels = [balance_name(report, row) for row in records(drawn)]
    covariates = [lower_first(report.label(name)) for name in report.manifest["covariates"]]
    exact = [lower_first(report.label(name)) for name in report.manifest["exact"]]
    words = report.words
    same = (
        f" De, der sammenlignes, er helt ens på {'; '.join(exact)}."
        if exact and words.is_made
        else ""
    )
    sentence = balance_sentence(rows, words)
    points = (
        "To punkter for hvert kendetegn, et før og et efter" if words.is_made else "Et punkt"
    )
    divided = (
        f"{words.spread} før {words.way.action}, og nævneren er den samme før og efter"
        if words.is_made
        else words.spread
    )
    return paragraphs(
        f"{words.made_on('; '.join(covariates))}{same}{_effective(report, first)}",
        f"{sentence} Forskellene fremgår af @fig-balance, og alle tal står i [bilaget om balance](#bilag-balance).",
    ) + figure(
        love_plot(
            drawn, labels, threshold=THRESHOLD, action=words.way.action, stamp=report.stamp
        ),
        label="balance",
        caption=f"Forskelle mellem grupperne{words.around}",
        alt=f"{points} {words.way.action or 'for hvert kendetegn'}. {sentence}",
        notes=f"Forskellen i gennemsnit er delt med {divided}. Den prikkede linje er {number(THRESHOLD, 1)}.",
        source=report.source,
    )


def _effective(report: Report, outcome: str) -> str:
    """Say how many persons of equal weight the comparison amounts to, where weights differ."""
    sizes = report.outcome(outcome).get("ess", {})
    if not report.words.is_weighted or None in sizes.values():
        return ""
    treated, others = (number(sizes[arm], 0) for arm in ARMS)
    return (
        f" Fordi personerne vejer forskelligt, svarer sammenligningen til {treated} deltagere og {others} andre, der "
        "vejer lige meget (det effektive antal)."
    )


def balance_sentence(rows: pd.DataFrame, words: Vocabulary = PARTICIPANTS) -> str:
    """Say in words how alike the groups are; the numbers are those of the table."""
    before = float(rows["smd_before"].abs().max())
    after = float(rows["smd_after"].abs().max())
    moved = f" efter {words.way.action} mod {number(before, 2)} før" if words.is_made else ""
    return f"Den største standardiserede forskel er {number(after, 2)}{moved}, og {_over(rows)} af {small_number(len(rows))} kendetegn har en forskel på over {number(THRESHOLD, 1)}."


def _over(rows: pd.DataFrame) -> str:
    over = int((rows["smd_after"].abs() > THRESHOLD).sum())
    return "ingen" if over == 0 else "ét" if over == 1 else small_number(over)


def balance_name(report: Report, row: object) -> str:
    """Return the Danish name of a row of balance.csv."""
    column, level = str(getattr(row, "covariate")), getattr(row, "level")  # noqa: B009
    return characteristic(report, column, level, is_share=math.isnan(getattr(row, "vr_before")))  # noqa: B009


def _conclusion(report: Report) -> str:
    finding = report.tested()[0]
    balance = report.frame("balance")
    rows = balance[
        (balance["outcome"] == finding.outcome) & (balance["covariate"] != "distance")
    ]
    sizes = report.count(finding.n_treated), report.count(finding.n_comparison)
    return f"{report.words.reached(*sizes)} {_alike(rows)} Det siger intet om forhold, der ikke er målt."


def _alike(rows: pd.DataFrame) -> str:
    """Say on how many of the measured characteristics the groups are alike."""
    over = int((rows["smd_after"].abs() > THRESHOLD).sum())
    if not over:
        return "De to grupper ligner hinanden på alle de målte forhold."
    if 2 * over < len(rows):
        return f"De to grupper ligner hinanden på de fleste målte forhold, men {_over(rows)} af dem er skævt fordelt."
    return f"De to grupper ligner ikke hinanden: {_over(rows)} af {small_number(len(rows))} målte forhold er skævt fordelt."
