"""3 Deltagere og sammenligningsgruppe: who is compared, who was lost, how alike they are."""

from __future__ import annotations

import pandas as pd

from reports.chapters.methods import covariate_list
from reports.danish import count, listing, lower_first, number, small_number
from reports.facts import Report
from reports.figures import flow_bars, love_plot
from reports.markdown import Table, figure, heading, paragraphs

# Above this absolute standardised difference a covariate counts as unbalanced (Stuart 2010).
THRESHOLD = 0.1
LOVE_ROWS = 30
GROUPS = {
    "eligible": "Målgruppen",
    "invited": "Inviterede",
    "consented": "Samtykkende",
    "participants": "Deltagere",
    "matched": "Matchede deltagere",
    "comparison": "Sammenligning",
    "respondents": "Svarpersoner",
}


def chapter(report: Report) -> str:
    """Return the whole chapter."""
    return "".join(
        [
            heading("Deltagere og sammenligningsgruppe", 1, "grupper"),
            heading("Fra målgruppe til analyse", 2, "frafald"),
            _flow(report),
            heading("Hvem resultaterne gælder", 2, "hvem"),
            _profile(report),
            heading("Hvor ens de to grupper er", 2, "balance"),
            _balance(report),
        ]
    )


def _flow(report: Report) -> str:
    flow = report.frame("flow").copy()
    if flow.empty:
        return ""
    flow["step"] = [report.label(f"step:{step}") for step in flow["step"]]
    rows = tuple(
        (
            str(row.step),
            _ARMS.get(str(row.arm), str(row.arm)),
            count(row.n, report.min_cell),
            count(row.lost, report.min_cell),
            report.label(f"reason:{row.reason}") if pd.notna(row.reason) and row.reason else "",
        )
        for row in flow.itertuples()
    )
    drawn = flow[flow["arm"].isin(["treated", "comparison"])]
    last = drawn.groupby("arm", sort=False)["n"].last()
    words = listing(
        f"{count(n, report.min_cell)} {'deltagere' if arm == 'treated' else 'til sammenligning'}"
        for arm, n in last.items()
    )
    return paragraphs("Vejen fra alle i data til dem, der indgår, fremgår af @fig-frafald.") + (
        figure(
            flow_bars(drawn, stamp=report.stamp),
            label="frafald",
            caption="Personer tilbage efter hvert trin",
            alt=f"Vandrette søjler for hvert trin i de to grupper. Til sidst er der {words}.",
            notes=f"Antal under {report.min_cell} vises ikke.",
            source=report.source,
        )
        + Table(
            label="frafald",
            caption="Frafald trin for trin",
            header=("Trin", "Gruppe", "Tilbage", "Udgået", "Årsag"),
            rows=rows,
            widths=(30, 14, 11, 11, 34),
            left=2,
            source=report.source,
        ).markdown()
    )


_ARMS = {"treated": "Deltagere", "comparison": "Sammenligning", "all": "Alle", "": "Alle"}


def _profile(report: Report) -> str:
    profile = report.frame("profile")
    if profile.empty:
        return ""
    groups = [group for group in GROUPS if group in set(profile["group"])]
    shown = profile.set_index(["group", "variable", "level"])["mean"]
    keys = profile[["variable", "level"]].drop_duplicates()
    rows = []
    for variable, level in keys.itertuples(index=False):
        binary = profile.loc[profile["variable"] == variable, "sd"].isna().all()
        cells = []
        for group in groups:
            mean = shown.get((group, variable, level))
            value = float("nan") if mean is None else float(mean)
            cells.append(number(100 * value if binary else value, 1))
        name = report.label(variable)
        if isinstance(level, str) and level:
            name = f"{name}: {lower_first(report.label(variable, level))}"
        rows.append((f"{name} (pct.)" if binary else name, *cells))
    sizes = profile.groupby("group")["n"].max()
    header = tuple(GROUPS[group] for group in groups)
    last = ("Antal", *(count(sizes.get(group), report.min_cell) for group in groups))
    return (
        paragraphs(
            "Deltagerne er valgt ud fra behov og har selv sagt ja. @tbl-profil viser, hvordan de, "
            "som resultaterne gælder, ligner eller adskiller sig fra resten af målgruppen."
        ).replace("@tbl-profil viser", "Det fremgår af @tbl-profil")
        + Table(
            label="profil",
            caption="Gennemsnit i målgruppen og blandt dem, analysen bygger på",
            header=("Kendetegn", *header),
            rows=(*rows, last),
            widths=(34, *(13 for _ in groups)),
            notes="Opgjort på tidspunktet for start. En streg betyder, at tallet er skjult af "
            "hensyn til fortrolighed eller ikke findes for gruppen.",
            source=report.source,
        ).markdown()
    )


def _balance(report: Report) -> str:
    balance = report.frame("balance")
    if balance.empty:
        return ""
    first = str(balance["outcome"].iloc[0])
    rows = balance[balance["outcome"] == first].reset_index(drop=True)
    rows = rows[rows["covariate"] != "distance"]
    order = rows["smd_before"].abs().sort_values(ascending=False).index[:LOVE_ROWS]
    drawn = rows.loc[order]
    labels = [covariate_label(report, row) for row in drawn.itertuples()]
    return paragraphs(
        f"De to grupper er valgt, så de ligner hinanden på {covariate_list(report)}.",
        balance_sentence(rows),
    ) + figure(
        love_plot(drawn, labels, stamp=report.stamp),
        label="balance",
        caption="Forskelle mellem grupperne før og efter matching",
        alt=f"To punkter for hvert kendetegn, før og efter matching. {balance_sentence(rows)}",
        notes="Forskellen i gennemsnit er delt med standardafvigelsen blandt deltagerne før "
        "matching; nævneren er den samme før og efter. Den stiplede linje er 0,1. Alle tal står i "
        "[bilaget om balance](#bilag-balance).",
        source=report.source,
    )


def balance_sentence(rows: pd.DataFrame) -> str:
    """Say in words how alike the groups are; the numbers are those of the table."""
    before = float(rows["smd_before"].abs().max())
    after = float(rows["smd_after"].abs().max())
    over = int((rows["smd_after"].abs() > THRESHOLD).sum())
    many = "ingen" if over == 0 else small_number(over)
    return (
        f"Den største standardiserede forskel er {number(after, 2)} efter matching mod "
        f"{number(before, 2)} før, og {many} af {small_number(len(rows))} kendetegn har en forskel på over 0,1."
    )


def covariate_label(report: Report, row: object) -> str:
    """Return the Danish name of a row of balance.csv."""
    covariate, level = str(getattr(row, "covariate")), getattr(row, "level")  # noqa: B009
    name = report.label(covariate)
    if isinstance(level, str) and level:
        return f"{name}: {lower_first(report.label(covariate, level))}"
    return name
