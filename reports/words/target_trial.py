"""The trial one would have wished for beside what the study has, element by element."""

from __future__ import annotations

from collections.abc import Mapping

from reports.facts import Report
from reports.words.danish import listing, lower_first, upper_first
from reports.words.labels import inside
from reports.words.methods import FAMILIES

AGAINST: Mapping[str, str] = {
    "elsewhere": "{units}, hvor indsatsen ikke blev givet",
    "not_started": "{units} samme sted, der endnu ikke er startet",
    "not_participating": "{units} samme sted, der ikke fik indsatsen",
    "without": "{units} uden indsatsen",
    "others": "de øvrige",
}
ZERO: Mapping[str, str] = {
    "partner_week": "Ugen for starten; den, der sammenlignes med, får den samme uge, opfylder de samme betingelser og er ikke startet. "
    "Ingen oplysning, der sammenlignes på, er senere",
    "drawn_month": "Startdatoen for {treated}; for de øvrige en kalendermåned, hvor de opfylder de samme betingelser. Ingen oplysning, "
    "der sammenlignes på, er senere",
    "index_date": "Den indeksdato, der står i data",
    "unknown": "Fremgår ikke af data",
}
ELIGIBLE: Mapping[str, str] = {
    "status": "Dem, der er {inside} i ugen for tidspunkt nul; samme regel for begge grupper",
    "resident_status": "Dem, der er bosat i landet og {inside} i ugen for tidspunkt nul; samme regel for begge grupper",
}
DRAWN = "Følges i den gruppe, man blev trukket til"


def rows(report: Report) -> list[tuple[str, str, str]]:
    """Return the rows of the table: the element, the trial as wished for, this study."""
    facts, trial, words = report.facts, report.facts.target_trial, report.words
    made = [
        ("Hvem", "Alle, der opfylder betingelserne, når forsøget begynder", _eligible(report)),
        ("Hvad sammenlignes", "At få indsatsen mod ikke at få den", strategies(report)),
        ("Fordeling", "Lodtrækning", _assignment(report)),
        ("Tidspunkt nul", "Datoen for lodtrækningen", time_zero(report)),
        ("Opfølgning", "Fra tidspunkt nul til samme dato for alle", _follow_up(report)),
        (
            "Udfald",
            "De samme for begge grupper",
            "; ".join(report.name_of(one.name) for one in facts.outcomes),
        ),
        (
            "Det, der sammenlignes",
            "Forskellen mellem dem, der blev trukket til hver gruppe",
            _contrast(report),
        ),
        ("Beregning", "Forskel i gennemsnit", _analysis(report)),
    ]
    if trial.moves:
        place = lower_first(report.label(facts.cluster or ""))
        when = (
            "" if trial.time_zero == "unknown" else ", som personen hørte til ved tidspunkt nul"
        )
        here = f"{upper_first(place)} er den{when or ', der står i data'}"
        made.append(("Fraflytning", DRAWN, here))
    if trial.own_starts:
        own = "Følges kun, til personen selv starter"
        made.append((f"Senere start {words.in_comparison}", DRAWN, own))
    if trial.time_zero in ("partner_week", "drawn_month"):
        one = words.nouns.treated.singular
        made.append(
            (
                "Afbrudt forløb eller samtykke, der trækkes tilbage",
                f"Følges som {one} til forløbets slutning",
                f"Følges som {one} fra start, også efter at forløbet er afbrudt",
            )
        )
    if trial.exits:
        causes = [cause for _, time in report.durations() for cause in time.competing]
        exits = listing(lower_first(report.label(cause)) for cause in dict.fromkeys(causes))
        made.append(
            (
                f"Andre afgange: {exits}",
                "Konkurrerende hændelser; følges til de sker",
                "Konkurrerende hændelser: den første tæller, og alle vises",
            )
        )
    others = "Indgår ikke i analysen og kan være ulige fordelt; virkningen af dem er en del af forskellen"
    if report.is_randomised:
        others = "Indgår ikke i analysen; ens fordelt bortset fra tilfældigheder"
    made.append(("Andre indsatser undervejs", "Ens fordelt ved lodtrækning", others))
    return made


def time_zero(report: Report) -> str:
    """Return from when both groups are followed."""
    trial, facts = report.facts.target_trial, report.facts
    waves = sorted({one.score.baseline for one in facts.outcomes if one.score})
    if trial.time_zero == "unknown" and waves:
        others = "" if all(one.score for one in facts.outcomes) else "; ellers fremgår det ikke"
        answered = listing(f"{wave}. måling" for wave in waves)
        return f"Da personen svarede i {answered}{others}"
    return ZERO[trial.time_zero].format(treated=report.words.nouns.treated.definite)


def _eligible(report: Report) -> str:
    trial = report.facts.target_trial
    if trial.status is None:
        is_needed = report.words.is_made and report.facts.covariates
        told = " med oplysninger om de målte forhold" if is_needed else ""
        waves = sorted({one.score.baseline for one in report.facts.outcomes if one.score})
        first = listing(f"{wave}. måling" for wave in waves)
        answered = f"; for score kun dem, der svarede i {first}" if waves else ""
        return f"Alle i data{told}{answered}"
    where = inside((trial.status,), report.label(trial.status))
    return ELIGIBLE[trial.eligibility].format(inside=where)


def strategies(report: Report) -> str:
    """Return what is held up against what."""
    facts, trial, units = report.facts, report.facts.target_trial, report.words.units
    against = AGAINST[trial.against].format(units=units)
    name = report.label(facts.treatment)
    if trial.level is None:
        return f"{name} mod {against}"
    return f"{name}: {lower_first(report.label(facts.treatment, trial.level))} mod {against}"


def _assignment(report: Report) -> str:
    facts, words = report.facts, report.words
    same = f". Helt ens på: {report.labels(facts.exact)}" if facts.exact else ""
    made = f"{words.way.action} på: {report.labels(facts.covariates)}{same}"
    if words.design == "randomised":
        return f"Lodtrækning; desuden {made}" if words.is_made else "Lodtrækning"
    if not words.is_made:
        return "Ikke lodtrækning og ingen matching; grupperne vises, som de er"
    return f"Ikke lodtrækning, men {made}. Det, der ikke er målt, kan skille grupperne"


def _follow_up(report: Report) -> str:
    horizons = sorted({report.follow_up(time) for _, time in report.durations()})
    waves = sorted({one.score.wave for one in report.facts.outcomes if one.score})
    parts = [f"{text} efter tidspunkt nul" for text in horizons]
    parts += [f"{wave}. måling" for wave in waves]
    return f"Til {' og til '.join(parts)}" if parts else "Til målingen af udfaldet"


def _contrast(report: Report) -> str:
    words, facts = report.words, report.facts
    whole = "; desuden for hele målgruppen, før og efter indsatsens start (ITT)"
    if words.is_made:
        only = {"pairs": ", som er matchet", "sets": ", som har nogen i deres sæt"}
        whom = f"Virkningen for {words.target(words.estimand)}{only.get(words.family, '')} ({words.estimand})"
    elif words.design == "randomised":
        whom = "Forskellen mellem dem, der blev trukket til hver gruppe"
    else:
        whom = "Den rå forskel mellem grupperne, som ikke er et mål for virkningen"
    return f"{whom}{whole if facts.contrasts else ''}"


def _analysis(report: Report) -> str:
    facts, words = report.facts, report.words
    alone = "personer" if facts.comparison.replace else FAMILIES[words.family].unit
    where = f"på {report.place.one}niveau" if report.has_places else f"for {alone}"
    amount = "Vægtede forskelle" if words.is_made else "Forskelle"
    level = f"{100 * facts.level:g} %-intervaller"
    tested = report.tested()
    if tested and not any(one.is_told for one in tested):
        level = "ingen intervaller; usikkerheden er vurderet"
    return f"{amount} mellem grupperne; {level} {where}"
