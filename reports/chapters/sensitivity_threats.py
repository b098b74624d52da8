"""What could take a finding away, one paragraph for each threat, in plain Danish."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from evaluation.grades import Grade
from evaluation.robustness.checks import SensitivityRow
from evaluation.robustness.verdict import falls_at_upper_spread
from reports.challenges import Challenges
from reports.facts import Report
from reports.rows import ARMS
from reports.words.checks import placebo_name, times
from reports.words.danish import interval, number, small_number, upper_first
from reports.words.units import unit_word

# Odds that a reader would see as 1,0.
NO_ODDS = 1.05


def span(one: Challenges, rows: Sequence[SensitivityRow]) -> str:
    """Return where some estimates lie, such as "mellem 3,0 og 4,9 point"."""
    digits, unit = one.finding.decimals, one.finding.unit_word
    estimates = [row.estimate for row in rows]
    low, high = number(min(estimates), digits), number(max(estimates), digits)
    return (
        f"på {low} {unit}".strip() if low == high else f"mellem {low} og {high} {unit}".strip()
    )


def surety(one: Challenges, rows: Sequence[SensitivityRow]) -> str:
    """Say how many of some estimates are told apart from no difference, each by itself.

    The plan's own estimate is judged after correction for several tests, its variants are not.
    """
    known = [row for row in rows if row.takes_away is not None]
    if not known:
        return ""
    sure = sum(not row.takes_away for row in known)
    several = len(known) > 1
    if sure == len(known):
        said = "alle er statistisk sikre" if several else "den er statistisk sikker"
    elif not sure:
        said = (
            "ingen af dem er statistisk sikker" if several else "den er ikke statistisk sikker"
        )
    else:
        many = f"{small_number(sure)} af {small_number(len(known))}"
        said = f"{many} er statistisk {'sikre' if sure > 1 else 'sikker'}"
    if one.finding.grade is Grade.LOST:
        said += ", før der korrigeres for flere test; det er planens opgørelse også"
    elif math.isfinite(one.finding.p_adjusted):
        said += ", før der korrigeres for flere test"
    return f", og {said}"


def ways(report: Report, one: Challenges) -> list[str]:
    """Return what other choices give."""
    texts, words = [], report.words
    others, left_out = one.of("specification"), one.of("leave_one_out")
    if others:
        many = (
            "Opgjort på andre måder ligger"
            if len(others) > 1
            else "Opgjort på en anden måde ligger"
        )
        texts.append(
            f"{many} forskellen {span(one, others)}; planens opgørelse giver {one.finding.value}{surety(one, others)}."
        )
    if any(row.asked.variant == "change" for row in others):
        texts.append(
            "Planens opgørelse forudsætter, at personer med samme første måling ellers ville have ligget ens; opgørelsen som "
            "ændring forudsætter, at grupperne ellers ville have ændret sig lige meget. Ingen af de to forudsætninger kan efterprøves "
            "her; ligger tallene langt fra hinanden, hænger svaret på, hvilken der holder."
        )
    if left_out:
        texts.append(
            f"Udelades {report.place.all} én ad gangen, ligger forskellen {span(one, left_out)}{surety(one, left_out)}."
        )
    bounds = one.of("censoring_bound")
    if len(bounds) == 2:
        digits = one.finding.decimals
        by_arm = {row.asked.subject: number(row.estimate, digits) for row in bounds}
        texts.append(
            f"Nogle er ikke fulgt til ende. Havde de alle fået hændelsen straks blandt {words.nouns.treated.definite} og aldrig "
            f"{words.in_comparison}, ville forskellen være {by_arm['treated']} {one.finding.unit_word}, og omvendt "
            f"{by_arm['comparison']}. Var alle fulgt til ende, ville forskellen ligge derimellem, uanset hvorfor de ikke er det."
        )
    return texts


def before(report: Report, one: Challenges) -> list[str]:
    """Return what the programme cannot have moved."""
    rows = one.of("negative_control")
    if not rows:
        return []
    shown = [
        f"{placebo_name(report, row.asked.subject)}: {number(row.estimate)} {unit_word(row.unit)}".strip()
        + ("" if math.isnan(row.conf_low) else f" ({interval(row.conf_low, row.conf_high)})")
        for row in rows
    ]
    sounds = one.verdict.sounds.get("placebo")
    if sounds is None:
        says = ""
    elif sounds:
        says = " Der er en forskel, som ikke kan skyldes indsatsen, også når der tages højde for antallet af mål."
    else:
        says = " Forskellen er ikke statistisk sikker, men en mindre kan godt være der."
    return [
        f"Noget kan indsatsen ikke have flyttet, og dér bør grupperne være ens. Forskellen er, med 95 %-interval: {'; '.join(shown)}.{says}"
    ]


def shock(report: Report, one: Challenges) -> str:
    """Say how large a shock to all treated clusters would remove a finding."""
    spread = [row for row in one.of("common_shock") if row.asked.variant == "spread"]
    if not spread or not report.has_places:
        return ""
    sd, low, high = spread[0].estimate, spread[0].conf_low, spread[0].conf_high
    digits, place = one.finding.decimals, report.place
    unit = one.finding.unit_word or "på logaritmisk skala"
    ends = f"95 %-interval {interval(low, high, digits)}"
    chance = "tilfældige udsving mellem personer"
    hit = f"noget, der ramte alle {place.many} med indsatsen og ingen andre"
    if sd == 0:
        return (
            f"{upper_first(place.all)}, som {report.words.comparison} hører til, varierer ikke mere, end {chance} kan forklare ({ends} {unit}), så der er ikke en "
            f"målestok for {hit}. Den øvre ende af intervallet siger, hvor stor den almindelige variation højst kan ventes at være."
        )
    start = (
        f"{upper_first(place.all)}, som {report.words.comparison} hører til, varierer indbyrdes med en standardafvigelse på {number(sd, digits)} {unit} ({ends}), "
        f"når {chance} er trukket fra."
    )
    whole = one.figure("common_shock", "removes_estimate")
    sure = one.figure("common_shock", "removes_interval")
    if not one.is_finding or math.isnan(sure):
        return f"{start} {upper_first(hit)}, kan flytte tallet lige så meget."
    # Both tails: a cluster may lie as far off on either side.
    share = 200 * (1 - NormalDist().cdf(sure))
    beyond = "under 1" if share < 1 else number(share, 0)
    uncertain = (
        " Variationen er dog usikkert bestemt: Er den så stor som intervallets øvre ende, er én standardafvigelse nok."
        if not one.verdict.sounds["shock"]
        and falls_at_upper_spread(one.rows, one.verdict.thresholds)
        else ""
    )
    return (
        f"{start} {upper_first(hit)}, skulle være på {number(whole)} standardafvigelser for at fjerne hele forskellen og på "
        f"{number(sure)} for at fjerne den statistiske sikkerhed. Fordeler {place.all} sig som en normalkurve, ligger {beyond} "
        f"pct. af dem mindst så langt fra midten; at alle med indsatsen gør det, kræver, at de er fælles om noget.{uncertain}"
    )


def motivation(report: Report, one: Challenges) -> list[str]:
    """Say how strong something unmeasured must be, beside what is measured."""
    measured = one.of("measured_covariate")
    first = next((row for row in measured if row.asked.variant == "covariate"), None)
    if first is None:
        return []
    strongest = first.asked.subject
    digits = one.finding.decimals
    unit = one.finding.unit_word or "(log)"
    texts = [
        f"Af det, der er målt, betyder »{report.label(strongest)}« mest: Var der ikke taget højde for det, ville det have "
        f"flyttet forskellen {number(abs(first.estimate), digits)} {unit}."
    ]
    if not one.is_finding:
        return [
            f"{texts[0]} Motivation, som ikke er målt, kan flytte den lige så meget eller mere."
        ]
    whole = one.figure("measured_covariate", "removes_estimate")
    sure = one.figure("measured_covariate", "removes_interval")
    outcome = report.outcome(one.finding.outcome)
    if outcome and outcome.score and strongest == outcome.score.baseline_column:
        texts[0] += (
            " Det er en tidligere måling af udfaldet selv, og få andre forhold siger så meget."
        )
    texts[0] += (
        f" Motivation, som ikke er målt, skulle flytte forskellen {times(sure)} så meget for at fjerne den statistiske sikkerhed og "
        f"{times(whole)} så meget for at fjerne hele forskellen."
    )
    likely = [row for row in one.of("self_selection") if row.takes_away is not None]
    if likely:
        telling = report.label(likely[0].asked.subject)
        most = one.figure("self_selection", "imbalance")
        asked = one.figure("self_selection", "uptake")
        (selection,) = (
            hidden for hidden in one.verdict.threats if hidden.threat == "selection"
        )
        texts.append(
            f"{number(asked, 0)} pct. af dem, der blev spurgt, sagde ja. Havde motivation alene afgjort det, ville {report.words.nouns.treated.definite} ligge "
            f"{number(most, 2)} standardafvigelser over gennemsnittet af alle, der blev spurgt. Forklarede den samtidig {number(one.verdict.thresholds.selection)} gange så stor "
            f"en del af udfaldet som »{telling}«, ville den flytte forskellen {times(selection.most)} så meget som det stærkeste målte "
            f"forhold. Mere regnes der ikke med her, og det er {'nok' if selection.takes_away else 'ikke nok'}."
        )
    ratio = (
        one.figure("e_value", "removes_estimate", ""),
        one.figure("e_value", "removes_interval", ""),
    )
    if not any(map(math.isnan, ratio)):
        texts.append(
            f"Sagt med en E-værdi: Et forhold, der ikke er målt, skulle gange både sandsynligheden for at være {report.words.nouns.treated.singular} og for at "
            f"opnå udfaldet med mindst {number(ratio[0])} for at forklare hele forskellen og med {number(ratio[1])} for at "
            "fjerne den statistiske sikkerhed."
        )
    return texts


def silence(report: Report, one: Challenges) -> str:
    """Say how unlike those who answered the others must be."""
    words = report.words
    treated, comparison = (one.figure("nonresponse", "silent", arm) for arm in ARMS)
    if math.isnan(treated) or math.isnan(comparison):
        return ""
    start = (
        f"{number(treated, 0)} pct. af {words.nouns.treated.definite} og {number(comparison, 0)} pct. af {words.comparison} har ikke "
        "svaret."
    )
    needed = one.figure("nonresponse", "removes_interval")
    if not one.is_finding or math.isnan(needed):
        return f"{start} Hvem der svarer, kan i sig selv flytte tallet."
    under, over = (
        ("under", "over") if one.finding.estimate > one.finding.null else ("over", "under")
    )
    return (
        f"{start} Ligger de {words.participants}, der ikke svarede, i gennemsnit {number(needed, 2)} standardafvigelser {under} dem, der "
        f"svarede, og de tavse {words.in_comparison} lige så langt {over}, er den statistiske sikkerhed væk. En halv standardafvigelse "
        "regnes for en forskel, man kan mærke."
    )


def pairs(report: Report, one: Challenges) -> str:
    """Say what pairs withstand, person by person."""
    asked = any(row.asked.check == "rosenbaum" for row in one.rows)
    if not asked or not one.is_finding:
        return ""
    odds = one.figure("rosenbaum", "removes_finding")
    alone = (
        f" Det tager ikke højde for, at de, der hører til samme {report.place.one}, deler vilkår."
        if report.has_places
        else ""
    )
    if math.isnan(odds):
        return (
            "Regnet person for person finder den parvise rangtest, som Rosenbaums grænser bygger på, ikke forskellen; grænserne siger "
            f"derfor intet her.{alone}"
        )
    one_of = report.words.nouns.treated.singular
    bias = (
        f"lige så gerne kunne have været {one_of}"
        if odds < NO_ODDS
        else f"højst adskiller sig med en faktor {number(odds, 2)} i odds for at være {one_of}"
    )
    return f"Regnet person for person (Rosenbaums grænser) holder fundet, så længe to i et par {bias}.{alone}"
