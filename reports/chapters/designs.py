"""The designs of a comparison group: their Danish names, and what each of them gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analyses.results.protocol import WHOM
from reports.facts import Report, records
from reports.figures import Band, Dot, dot_panels
from reports.markdown import Table, bullets, figure, heading, paragraphs
from reports.words.danish import interval, number
from reports.words.vocabulary import WAYS
from reports.words.wording import Finding

MEASURES = {
    "logit": "logit af sandsynligheden for at deltage",
    "ps": "sandsynligheden for at deltage",
    "mahalanobis": "Mahalanobis-afstanden mellem alle målte forhold",
    "robust_mahalanobis": "den robuste Mahalanobis-afstand mellem alle målte forhold",
}
NAMES = {
    "nearest": "matching med nærmeste nabo",
    "optimal": "optimal matching",
    "full": "fuld matching",
    "exact": "eksakt matching",
    "cem": "eksakt matching på grove kategorier (CEM)",
    "subclass": "stratificering",
    "ipw": "vægtning med inverse sandsynligheder",
    "overlap": "overlapsvægte",
    "matching": "matchingvægte",
    "entropy": "entropibalancering",
    "cbps": "balancerende sandsynligheder (CBPS)",
    "risk_sets": "matching med dem, der endnu ikke var startet (risikosæt)",
    "unmatched": "en sammenligning af grupperne, som de er",
}
HOW = {
    "nearest": "{focal} er én for én matchet {ratio} med de nærmeste målt på {measure}{width}. {other} {again}.",
    "optimal": "{focal} er matchet {ratio}, så den samlede afstand målt på {measure} er mindst mulig{width}. {other} bruges "
    "højst én gang.",
    "full": "Alle er delt i sæt med mindst én fra hver gruppe, så den samlede afstand målt på {measure} er mindst mulig{width}. "
    "Personerne vejer efter størrelsen af deres sæt.",
    "exact": "Der er kun sammenlignet personer, der er ens på alle målte forhold.",
    "cem": "De målte forhold er delt i grove kategorier, og der er kun sammenlignet personer i de samme kategorier.",
    "subclass": "Alle er delt i {n} lag efter {measure}, og grupperne er sammenlignet inden for hvert lag.",
    "ipw": "Personerne vejer efter sandsynligheden for at deltage, så grupperne ligner hinanden på de målte forhold.",
    "overlap": "De personer vejer mest, som lige så godt kunne have været i den anden gruppe.",
    "matching": "Personerne vejer som i en matching 1:1, uden at nogen parres.",
    "entropy": "Personerne vejer så ens, som de kan, når gennemsnittene af de målte forhold skal være de samme i de to grupper.",
    "cbps": "Sandsynligheden for at deltage er beregnet, så vægtene gør gennemsnittene af de målte forhold ens i de to grupper.",
    "risk_sets": "Uge for uge er de deltagere, der startede, matchet {ratio} blandt dem, der den uge opfyldte de samme "
    "betingelser og ikke var startet, med de nærmeste målt på {measure}{width}. De følges fra den uge. {other} {again}.",
    "unmatched": "Der er hverken matchet eller vægtet.",
}
MODELLED = ("ipw", "overlap", "matching")


def described(facts: Mapping[str, Any]) -> str:
    """Return in a few sentences how the comparison of the plan was made."""
    method = str(facts["method"])
    checked = WAYS[str(facts["family"])].checked
    sentences = (f"Metoden er {NAMES[method]}.", _model(facts), how(facts), checked)
    return " ".join(sentence for sentence in sentences if sentence)


def is_stacked(facts: Mapping[str, Any]) -> bool:
    """Return whether the error without clusters counts that the weights were estimated."""
    learner = str(facts["options"].get("learner", "logit"))
    return str(facts["family"]) == "weights" and learner == "logit"


def how(facts: Mapping[str, Any]) -> str:
    """Return how a comparison is made and for whom, from its facts in the manifest."""
    estimand = str(facts["estimand"])
    whom = "" if estimand == "ATT" else f" Forskellen gælder {WHOM[estimand]}."
    return f"{_made(facts)}{_weights(facts['options'])}{whom}"


def _made(facts: Mapping[str, Any]) -> str:
    method, distance = str(facts["method"]), str(facts.get("distance", ""))
    caliper = facts.get("caliper")
    unit = "" if distance == "mahalanobis" else " standardafvigelser"
    focal, other = ("Deltagerne", "En person i sammenligningsgruppen")
    if facts["estimand"] == "ATC":
        focal, other = ("Personerne i sammenligningsgruppen", "En deltager")
    return HOW[method].format(
        focal=focal,
        other=other,
        ratio=f"1:{number(facts.get('ratio', 1), 0)}",
        measure=MEASURES.get(distance, "en score, der står i data"),
        width=f", og afstanden er højst {number(caliper, 1)}{unit}" if caliper else "",
        again="kan bruges flere gange" if facts.get("replace") else "bruges højst én gang",
        n=number(facts["options"].get("n", 0), 0),
    )


def _model(facts: Mapping[str, Any]) -> str:
    """Return what the propensity comes from, where the method uses one."""
    is_used = facts.get("distance") in ("logit", "ps") or facts["method"] in MODELLED
    learner = facts["options"].get("learner", "logit")
    model = "en logistisk model" if learner == "logit" else "en fleksibel model"
    return (
        f"Sandsynligheden for at deltage er beregnet med {model} af de forhold, der er målt før start."
        if is_used
        else ""
    )


def _weights(options: Mapping[str, Any]) -> str:
    """Return what was done to weights that were too large."""
    trim, cap = options.get("trim"), options.get("cap")
    least = "" if trim is None else number(100 * trim, 0)
    return "".join(
        [
            f" Kun de, hvis sandsynlighed ligger fra {least} til {number(100 * (1 - trim), 0)} pct., er med."
            if trim is not None
            else "",
            f" De vægte, der er større end dem hos {number(100 * cap, 0)} pct. af gruppen, er skåret ned til den grænse."
            if cap is not None
            else "",
        ]
    )


def listed(report: Report) -> str:
    """Return how each of the other designs is made, or nothing where there are none."""
    if report.frame("designs").empty:
        return ""
    designs = report.manifest["designs"]
    models = dict.fromkeys(text for facts in designs if (text := _model(facts)))
    return paragraphs("De øvrige design er dannet sådan:") + bullets(
        [
            *(f"**{facts['label']}**: {how(facts)}" for facts in designs),
            *(text.replace("deltage er", "deltage, hvor den bruges, er") for text in models),
        ]
    )


def section(report: Report) -> str:
    """Return every design of each measured amount beside the benchmark, where there is one."""
    frame = report.frame("designs")
    if frame.empty:
        return ""
    parts = [heading("Andre måder at danne sammenligningsgruppen på", 2, "design")]
    for outcome, rows in frame.groupby("outcome", sort=False):
        entry = report.outcome(str(outcome))
        finding = report.finding(entry["name"], entry["estimate"])
        assert finding is not None  # noqa: S101  (designs stand beside an estimated outcome)
        parts.append(_one(report, finding, rows))
    return "".join(parts)


def _one(report: Report, finding: Finding, rows: pd.DataFrame) -> str:
    name = finding.outcome
    band = _benchmark(report, finding)
    dots = [
        Dot(
            label=str(row.label),
            estimate=row.estimate,
            low=row.conf_low,
            high=row.conf_high,
            text=_numbers(row, finding.decimals),
        )
        for row in records(rows)
    ]
    beside = f" {band.label} er båndet." if band else ""
    words = "; ".join(f"{dot.label}: {dot.text}" for dot in dots)
    return (
        paragraphs(_spread(finding, rows, band))
        + figure(
            dot_panels(
                [(f"Forskel i {finding.label}, {finding.unit_word}", 0.0, dots)],
                band=band,
                stamp=report.stamp,
            ),
            label=f"design-{name}",
            caption=f"Forskel i {finding.label} efter design",
            alt=f"{len(dots)} punkter med 95 %-sikkerhedsintervaller i {finding.unit_word}. {words}.{beside}",
            notes="Punktet er forskellen i gennemsnit, stregen er 95 %-sikkerhedsintervallet; begge tal står til højre. Øverst står "
            "hovedanalysen."
            + (
                f" Det lodrette bånd er 95 %-sikkerhedsintervallet for {band.label}, den stiplede linje forskellen."
                if band
                else ""
            ),
            source=report.source,
        )
        + _table(report, finding, rows)
    )


def _spread(finding: Finding, rows: pd.DataFrame, band: Band | None) -> str:
    """Say what differs between designs, and that none is right because it hits."""
    shown = rows["estimate"].dropna()
    name = finding.outcome
    ends = f"fra {number(shown.min(), finding.decimals)} til {finding.amount_of(shown.max())}"
    hits = (
        f" At et design rammer {band.label}, gør det ikke rigtigt: Forskellen kan være ramt ved et tilfælde, og i "
        "andre undersøgelser findes der intet facit at vælge efter."
        if band
        else ""
    )
    return (
        "Sammenligningsgruppen kan dannes på flere anerkendte måder. De er fastlagt på forhånd, og ingen er tilpasset resultatet. Som det "
        f"fremgår af @fig-design-{name} og @tbl-design-{name}, går forskellen {ends}. Designene bruger de samme målte forhold, men "
        "adskiller sig ved, hvem der sammenlignes med, hvor ens grupperne bliver, og for nogle også ved, hvilke deltagere forskellen "
        f"gælder.{hits}"
    )


def _table(report: Report, finding: Finding, rows: pd.DataFrame) -> str:
    body = tuple(
        (
            str(row.label),
            number(row.estimate, finding.decimals),
            interval(row.conf_low, row.conf_high, finding.decimals),
            f"{report.count(row.n_treated)} / {report.count(row.n_comparison)}",
            f"{number(row.ess_treated, 0)} / {number(row.ess_comparison, 0)}",
            number(row.largest_smd, 2),
        )
        for row in records(rows)
    )
    return Table(
        label=f"design-{finding.outcome}",
        caption=f"Forskel i {finding.label} efter design, {finding.unit_word}",
        header=(
            "Design",
            "Forskel",
            "95 %-interval",
            "Personer",
            "Effektivt antal",
            "Største ubalance",
        ),
        rows=body,
        widths=(36, 10, 19, 16, 12, 11),
        notes="Personer og effektivt antal er deltagere / sammenligningsgruppe; det effektive antal tager højde for, at nogle vejer mere "
        "end andre. Største ubalance er den største forskel på et målt forhold, i standardafvigelser. Et antal, der ligger "
        "tæt på et andet, er skjult. Designene er ikke testet hver for sig.",
        source=report.source,
    ).markdown()


def _benchmark(report: Report, finding: Finding) -> Band | None:
    frame = report.frame("benchmark")
    own = frame[frame["outcome"] == finding.outcome] if len(frame) else frame
    for row in records(own):
        label = report.label(f"benchmark:{row.name}")
        return Band(
            label=label[:1].lower() + label[1:],
            estimate=row.estimate,
            low=row.conf_low,
            high=row.conf_high,
        )
    return None


def _numbers(row: Any, decimals: int) -> str:
    ends = interval(row.conf_low, row.conf_high, decimals)
    return f"{number(row.estimate, decimals)} ({ends})"


def spread(report: Report) -> str:
    """Return how far the designs lie apart, for a conclusion; nothing where there is one only."""
    frame = report.frame("designs")
    if frame.empty:
        return ""
    texts = []
    for outcome, rows in frame.groupby("outcome", sort=False):
        entry = report.outcome(str(outcome))
        finding = report.finding(entry["name"], entry["estimate"])
        shown = rows["estimate"].dropna()
        if finding is None or shown.empty:
            continue
        ends = f"{number(shown.min(), finding.decimals)} til {finding.amount_of(shown.max())}"
        open_ = ((rows["conf_low"] <= finding.null) & (rows["conf_high"] >= finding.null)).any()
        unsure = ", og ikke alle intervaller udelukker nul" if open_ else ""
        texts.append(f"De forskellige design giver fra {ends}{unsure}.")
    return " ".join(texts)
