"""5 Medarbejdere og ledere: what staff answered, without a comparison group."""

from __future__ import annotations

import math

import pandas as pd

from reports.chapters.scores import EXAMPLES, scale_table
from reports.facts import Report, records
from reports.figures import Dot, wave_dots
from reports.markdown import Table, figure, heading, paragraphs
from reports.words.danish import NOTHING, interval, listing, number, small_number


def chapter(report: Report) -> str:
    """Return the whole chapter, or nothing where no staff were asked."""
    shares = _agreeing(report)
    if shares.empty:
        return ""
    title = str(report.text.get("staff_chapter") or "Medarbejdere og ledere")
    return "".join(
        [
            heading(title, 1, "medarbejdere"),
            heading("Medarbejdernes og ledernes svar", 2, "medarbejdersvar"),
            paragraphs(
                "Medarbejdere og ledere er kun spurgt dér, hvor indsatsen blev givet. Der er ingen "
                "sammenligningsgruppe, så tallene viser, hvad de svarede, og ikke hvad indsatsen har "
                f"ført til. {_response(report, shares)}",
                "Svarene fremgår af @fig-medarbejdere med alle tal i @tbl-medarbejdere, og skalaernes "
                "pålidelighed af @tbl-skalaer-medarbejdere.",
            ),
            _figure(report, shares),
            _scales(report, shares),
            heading("Delkonklusion", 2, "delkonklusion-medarbejdere"),
            paragraphs(_conclusion(report, shares)),
        ]
    )


def _waves(shares: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    items = list(dict.fromkeys(shares["item"]))
    return [
        (str(wave), part.set_index("item").reindex(items))
        for wave, part in shares.groupby("wave", sort=False)
    ]


def _response(report: Report, shares: pd.DataFrame) -> str:
    response = report.frame("response")
    rows = response[response["table"].isin(shares["table"].unique())]
    words = listing(
        f"{report.count(row.n_answered)} af {report.count(row.n_invited)} ({number(row.share)} pct.) i "
        f"{row.wave}. måling"
        for row in records(rows)
        if math.isfinite(row.share)
    )
    return f"Svaret har {words}." if words else ""


def _figure(report: Report, shares: pd.DataFrame) -> str:
    waves = _waves(shares)
    dots = [
        (
            f"{wave}. måling",
            [
                Dot(
                    label=report.label(str(item)),
                    estimate=row["estimate"],
                    low=row["conf_low"],
                    high=row["conf_high"],
                    text=number(row["estimate"], 0),
                )
                for item, row in part.iterrows()
            ],
        )
        for wave, part in waves
    ]
    words = "; ".join(
        f"{report.label(item)}: "
        + listing(
            f"{number(part.loc[item, 'estimate'], 0)} pct. i {wave}. måling"
            for wave, part in waves
        )
        for item in waves[0][1].index
    )
    return figure(
        wave_dots(dots, title="Procent, der er enige eller helt enige", stamp=report.stamp),
        label="medarbejdere",
        caption="Andel medarbejdere og ledere, der er enige eller helt enige",
        alt=f"Punkter med sikkerhedsintervaller, én for hver måling. {words}.",
        notes="Det fyldte punkt er den seneste måling, det åbne er tidligere. Stregen er "
        f"95 %-sikkerhedsintervallet, beregnet på {report.place or 'klynge'}niveau.",
        source=report.source,
    )


def _agreeing(report: Report) -> pd.DataFrame:
    shares = report.frame("shares")
    if shares.empty:
        return shares
    return shares[(shares["group"] == "all") & (shares["level"] == "agree")]


def shares_table(report: Report) -> str:
    """Return the table of shares that agree, or nothing where no staff were asked."""
    shares = _agreeing(report)
    if shares.empty:
        return ""
    waves = _waves(shares)
    rows = []
    for item in waves[0][1].index:
        cells = []
        for _, part in waves:
            row = part.loc[item]
            ends = interval(row["conf_low"], row["conf_high"])
            shown = f"{number(row['estimate'])} ({ends})" if ends != NOTHING else NOTHING
            cells += [report.count(row["n"]), shown]
        rows.append((report.label(item), *cells))
    header = [text for wave, _ in waves for text in ("Svar", f"{wave}. måling, pct.")]
    return Table(
        label="medarbejdere",
        caption="Andel medarbejdere og ledere, der er enige eller helt enige",
        header=("Spørgsmål", *header),
        rows=tuple(rows),
        widths=(44, *(width for _ in waves for width in (8, 22))),
        notes=f"{EXAMPLES} 95 %-sikkerhedsintervaller i parentes. En streg betyder, at grundlaget er for lille.",
        source=report.source,
    ).markdown()


def _scales(report: Report, shares: pd.DataFrame) -> str:
    scales = report.frame("scales")
    stems = {str(item).rsplit("_", 1)[0] for item in shares["item"]}
    return scale_table(report, scales[scales["scale"].isin(stems)], "medarbejdere")


def _conclusion(report: Report, shares: pd.DataFrame) -> str:
    wave, part = _waves(shares)[-1]
    last = part["estimate"].dropna()
    if last.empty:
        return "Grundlaget er for lille til, at andelene kan vises."
    half = int((last > 50).sum())
    many = {0: "ingen", len(last): "alle"}.get(half, small_number(half))
    return (
        f"I {wave}. måling er flest enige i »{report.label(str(last.idxmax()))}« ({number(last.max(), 0)} "
        f"pct.), og færrest i »{report.label(str(last.idxmin()))}« ({number(last.min(), 0)} pct.). I {many} af "
        f"{small_number(len(last))} spørgsmål er over halvdelen enige. Uden sammenligningsgruppe kan "
        "svarene ikke vise, om indsatsen er årsagen."
    )
