"""5 Medarbejdere og ledere: what staff answered, without a comparison group."""

from __future__ import annotations

from reports.chapters.scores import scale_table
from reports.danish import count, interval, number, small_number
from reports.facts import Report
from reports.figures import share_bars
from reports.markdown import Table, figure, heading, paragraphs


def chapter(report: Report) -> str:
    """Return the whole chapter, or nothing where no staff were asked."""
    shares = report.frame("shares")
    if shares.empty:
        return ""
    shares = shares[shares["level"] == "agree"] if "level" in shares else shares
    everybody = shares[shares["group"].fillna("all").isin(["all", ""])]
    items = list(dict.fromkeys(everybody["item"]))
    labels = [report.label(item) for item in items]
    title = str(report.text.get("staff_chapter") or "Medarbejdere og ledere")
    return "".join(
        [
            heading(title, 1, "medarbejdere"),
            paragraphs(
                "Medarbejdere og ledere er kun spurgt i forsøgskommunerne. Der er ingen "
                "sammenligningsgruppe, og tallene viser derfor, hvad de svarede, og ikke hvad "
                "indsatsen har ført til."
            ),
            figure(
                share_bars(everybody, items, labels, stamp=report.stamp),
                label="medarbejdere",
                caption="Andel medarbejdere og ledere, der er enige eller meget enige",
                alt=_alt(report, everybody),
                notes="Stregen er 95 %-sikkerhedsintervallet, beregnet på kommuneniveau.",
                source=report.source,
            ),
            _table(report, everybody),
            _scales(report),
            heading("Delkonklusion", 2, "delkonklusion-medarbejdere"),
            paragraphs(_conclusion(report, everybody)),
        ]
    )


def _alt(report: Report, shares: object) -> str:
    words = "; ".join(
        f"{report.label(row.item)}, runde {row.wave}: {number(row.estimate, 0)} pct."
        for row in shares.itertuples()  # type: ignore[attr-defined]
    )
    return f"Vandrette søjler med andele i procent. {words}"


def _table(report: Report, shares: object) -> str:
    rows = tuple(
        (
            report.label(row.item),
            str(row.wave),
            count(row.n, report.min_cell),
            number(row.estimate),
            interval(row.conf_low, row.conf_high),
        )
        for row in shares.itertuples()  # type: ignore[attr-defined]
    )
    return Table(
        label="medarbejdere",
        caption="Andel enige eller meget enige (pct.)",
        header=("Spørgsmål", "Runde", "Antal", "Andel", "95 %-interval"),
        rows=rows,
        widths=(52, 9, 10, 10, 19),
        notes="Spørgsmålene er eksempler og ikke VIVEs. Andele med lille grundlag vises ikke.",
        source=report.source,
    ).markdown()


def _scales(report: Report) -> str:
    scales = report.frame("scales")
    citizen = {entry["scale"] for entry in report.outcomes("score")}
    staff = scales[~scales["scale"].isin(citizen)]
    if staff.empty:
        return ""
    return scale_table(
        report, staff, "skalaer-medarbejdere", "Skalaernes pålidelighed, medarbejdere"
    )


def _conclusion(report: Report, shares: object) -> str:
    frame = shares.sort_values("wave")  # type: ignore[attr-defined]
    last = frame[frame["wave"] == frame["wave"].max()].dropna(subset=["estimate"])
    if last.empty:
        return "Grundlaget er for lille til, at andelene kan vises."
    high, low = last.loc[last["estimate"].idxmax()], last.loc[last["estimate"].idxmin()]
    return (
        f"I den seneste runde er flest enige i »{report.label(high['item'])}« "
        f"({number(high['estimate'], 0)} pct.) og færrest i »{report.label(low['item'])}« "
        f"({number(low['estimate'], 0)} pct.) af {small_number(len(last))} spørgsmål."
    )
