"""What could take a finding away, one paragraph for each threat, in plain Danish."""

from __future__ import annotations

import math
from statistics import NormalDist

import pandas as pd

from reports.challenges import COMMON_SHOCK, Challenges, Standing
from reports.facts import Report
from reports.words.danish import interval, number, small_number, upper_first
from reports.words.sensitivity import placebo_name, times
from reports.words.wording import UNITS

# Odds that a reader would see as 1,0.
NO_ODDS = 1.05


def span(one: Challenges, rows: pd.DataFrame) -> str:
    """Return where some estimates lie, such as "mellem 3,0 og 4,9 point"."""
    digits, unit = one.finding.decimals, one.finding.unit_word
    low, high = number(rows["estimate"].min(), digits), number(rows["estimate"].max(), digits)
    return (
        f"på {low} {unit}".strip() if low == high else f"mellem {low} og {high} {unit}".strip()
    )


def surety(one: Challenges, rows: pd.DataFrame) -> str:
    """Say how many of some estimates are told apart from no difference."""
    known = rows[rows["conf_low"].notna()]
    if known.empty:
        return ""
    sure = sum(one.is_sure(row) for _, row in known.iterrows())
    if sure == len(known):
        return " Alle er statistisk sikre." if len(known) > 1 else " Den er statistisk sikker."
    if not sure:
        return (
            " Ingen af dem er statistisk sikker."
            if len(known) > 1
            else " Den er ikke statistisk sikker."
        )
    return f" {upper_first(small_number(sure))} af {small_number(len(known))} er statistisk {'sikre' if sure > 1 else 'sikker'}."


def ways(report: Report, one: Challenges) -> list[str]:
    """Return what other choices give."""
    texts = []
    others, left_out = one.of("specification"), one.of("leave_one_out")
    if len(others):
        many = (
            "Opgjort på andre måder ligger"
            if len(others) > 1
            else "Opgjort på en anden måde ligger"
        )
        texts.append(
            f"{many} forskellen {span(one, others)}; planens opgørelse giver {one.finding.value}.{surety(one, others)}"
        )
    if others["name"].str.startswith("change").any():
        texts.append(
            "Planens opgørelse forudsætter, at personer med samme første måling ellers ville have ligget ens; opgørelsen som "
            "ændring forudsætter, at grupperne ellers ville have ændret sig lige meget. Ingen af de to forudsætninger kan efterprøves "
            "her; ligger tallene langt fra hinanden, hænger svaret på, hvilken der holder."
        )
    if len(left_out):
        texts.append(
            f"Udelades {report.places}ne én ad gangen, ligger forskellen {span(one, left_out)}.{surety(one, left_out)}"
        )
    bounds = one.of("censoring_bound")
    if len(bounds) == 2:
        digits = one.finding.decimals
        by_arm = {
            arm: number(
                bounds.loc[bounds["name"].str.startswith(f"censored {arm}"), "estimate"].iloc[
                    0
                ],
                digits,
            )
            for arm in ("treated", "comparison")
        }
        texts.append(
            "Nogle er ikke fulgt til ende. Havde de alle fået hændelsen straks blandt deltagerne og aldrig i "
            f"sammenligningsgruppen, ville forskellen være {by_arm['treated']} {one.finding.unit_word}, og omvendt "
            f"{by_arm['comparison']}. Sandheden ligger derimellem, uanset hvorfor de ikke er fulgt."
        )
    return texts


def before(report: Report, one: Challenges) -> list[str]:
    """Return what the programme cannot have moved."""
    rows = one.of("negative_control")
    if rows.empty:
        return []
    shown = [
        f"{placebo_name(report, row['name'])}: {number(row['estimate'])} {UNITS.get(row['unit'], '')}".strip()
        + (
            f" ({interval(row['conf_low'], row['conf_high'])})"
            if pd.notna(row["conf_low"])
            else ""
        )
        for _, row in rows.iterrows()
    ]
    if "placebo" not in one.sounds:
        says = ""
    elif one.sounds["placebo"]:
        says = " Der er en forskel, som ikke kan skyldes indsatsen, også når der tages højde for antallet af mål."
    else:
        says = " Der er ingen statistisk sikker forskel, hvilket ikke udelukker en mindre."
    return [
        f"Noget kan indsatsen ikke have flyttet, og dér bør grupperne være ens. Forskellen er, med 95 %-interval: {'; '.join(shown)}.{says}"
    ]


def shock(report: Report, one: Challenges) -> str:
    """Say how large a shock to all treated clusters would remove a finding."""
    kind = one.rows["check"] == "common_shock"
    spread = one.rows[kind & (one.rows["name"] == "SD between donors")]
    if spread.empty or not report.place or spread["estimate"].isna().all():
        return ""
    sd, low, high = (
        float(spread[name].iloc[0]) for name in ("estimate", "conf_low", "conf_high")
    )
    digits, places = one.finding.decimals, report.places
    unit = one.finding.unit_word or "på logaritmisk skala"
    ends = f"95 %-interval {interval(low, high, digits)}"
    chance = "tilfældige udsving mellem personer"
    hit = f"noget, der ramte alle {places} med indsatsen og ingen andre"
    if sd == 0:
        return (
            f"Sammenligningsgruppens {places} varierer ikke mere, end {chance} kan forklare ({ends} {unit}), så der er ikke en "
            f"målestok for {hit}. Den øvre ende af intervallet siger, hvor stor den almindelige variation højst kan ventes at være."
        )
    start = (
        f"Sammenligningsgruppens {places} varierer indbyrdes med en standardafvigelse på {number(sd, digits)} {unit} ({ends}), "
        f"når {chance} er trukket fra."
    )
    whole, sure = (
        one.figure("common_shock", f"removes the {end}") for end in ("estimate", "interval")
    )
    if one.standing is Standing.NO_FINDING or math.isnan(sure):
        return f"{start} {upper_first(hit)}, kan flytte tallet lige så meget."
    share = 200 * (1 - NormalDist().cdf(sure))
    beyond = "under 1" if share < 1 else number(share, 0)
    uncertain = (
        " Variationen er dog usikkert bestemt: Er den så stor som intervallets øvre ende, er én standardafvigelse nok."
        if not one.sounds["shock"] and sure * sd <= COMMON_SHOCK * high
        else ""
    )
    return (
        f"{start} {upper_first(hit)}, skulle være på {number(whole)} standardafvigelser for at fjerne hele forskellen og på "
        f"{number(sure)} for at fjerne den statistiske sikkerhed. Fordeler {places}ne sig som en normalkurve, ligger {beyond} "
        f"pct. af dem mindst så langt fra midten; at alle med indsatsen gør det, kræver, at de er fælles om noget.{uncertain}"
    )


def motivation(report: Report, one: Challenges) -> list[str]:
    """Say how strong something unmeasured must be, beside what is measured."""
    measured = one.of("measured_covariate")
    covariates = measured[~measured["name"].str.startswith("motivation")]
    if covariates.empty:
        return []
    first = covariates.iloc[0]
    digits = one.finding.decimals
    unit = one.finding.unit_word or "(log)"
    texts = [
        f"Af det, der er målt, betyder »{report.label(first['name'])}« mest: Var der ikke taget højde for det, ville det have "
        f"flyttet forskellen {number(abs(first['estimate']), digits)} {unit}."
    ]
    if one.standing is Standing.NO_FINDING:
        return [
            f"{texts[0]} Motivation, som ikke er målt, kan flytte den lige så meget eller mere."
        ]
    whole, sure = (
        one.figure("measured_covariate", f"motivation that removes the {end}")
        for end in ("estimate", "interval")
    )
    earlier = report.outcome(one.finding.outcome).get("baseline")
    if earlier is not None and first["name"] == f"{one.finding.outcome}_w{earlier}":
        texts[0] += (
            " Det er en tidligere måling af udfaldet selv, og få andre forhold siger så meget."
        )
    texts[0] += (
        f" Motivation, som ikke er målt, skulle flytte forskellen {times(sure)} så meget for at fjerne den statistiske sikkerhed og "
        f"{times(whole)} så meget for at fjerne hele forskellen."
    )
    rows = one.of("self_selection").set_index("name")
    if not math.isnan(one.telling("interval")):
        unit_of = str(rows.loc["imbalance that removes the interval", "unit"])
        telling = report.label(unit_of.rpartition("as telling as ")[2])
        most = one.figure("self_selection", "largest imbalance by taking part")
        asked = one.figure("self_selection", "asked who took part")
        texts.append(
            f"{number(asked, 0)} pct. af dem, der blev spurgt, sagde ja. Havde motivation alene afgjort det, ville deltagerne ligge "
            f"{number(most, 2)} standardafvigelser over gennemsnittet af alle, der blev spurgt. Forklarede den samtidig tre gange så stor "
            f"en del af udfaldet som »{telling}«, ville den flytte forskellen {times(one.largest_bias)} så meget som det stærkeste målte "
            f"forhold. Mere regnes ikke for muligt, og det er {'nok' if one.sounds['selection'] else 'ikke nok'}."
        )
    ratio = one.figure("e_value", "estimate"), one.figure("e_value", "interval")
    if not any(map(math.isnan, ratio)):
        texts.append(
            "Sagt med en E-værdi: Et forhold, der ikke er målt, skulle gange både sandsynligheden for at være deltager og for at "
            f"opnå udfaldet med mindst {number(ratio[0])} for at forklare hele forskellen og med {number(ratio[1])} for at "
            "fjerne den statistiske sikkerhed."
        )
    return texts


def silence(one: Challenges) -> str:
    """Say how unlike those who answered the others must be."""
    treated, comparison = (
        one.figure("nonresponse", f"no answer, {arm}") for arm in ("treated", "comparison")
    )
    if math.isnan(treated) or math.isnan(comparison):
        return ""
    start = f"{number(treated, 0)} pct. af deltagerne og {number(comparison, 0)} pct. i sammenligningsgruppen har ikke svaret."
    needed = one.figure("nonresponse", "difference that removes the interval")
    if one.standing is Standing.NO_FINDING or math.isnan(needed):
        return f"{start} Hvem der svarer, kan i sig selv flytte tallet."
    under, over = (
        ("under", "over") if one.finding.estimate > one.finding.null else ("over", "under")
    )
    return (
        f"{start} Ligger de deltagere, der ikke svarede, i gennemsnit {number(needed, 2)} standardafvigelser {under} dem, der svarede, "
        f"og de tavse i sammenligningsgruppen lige så langt {over}, er den statistiske sikkerhed væk. En halv standardafvigelse "
        "regnes for en forskel, man kan mærke."
    )


def pairs(report: Report, one: Challenges) -> str:
    """Say what pairs withstand, person by person."""
    rows = one.rows[one.rows["check"] == "rosenbaum"]
    if rows.empty or one.standing is Standing.NO_FINDING:
        return ""
    odds = one.figure("rosenbaum", "removes the finding")
    alone = (
        f"Det tager ikke højde for, at de, der bor i samme {report.place}, deler vilkår."
        if report.place
        else ""
    )
    if math.isnan(odds):
        return f"Regnet person for person finder den parvise rangtest, som Rosenbaums grænser bygger på, ikke forskellen; grænserne siger derfor intet her. {alone}"
    bias = (
        "er lige tilbøjelige til at deltage"
        if odds < NO_ODDS
        else f"højst adskiller sig med en faktor {number(odds, 2)} i odds for at deltage"
    )
    return f"Regnet person for person (Rosenbaums grænser) holder fundet, så længe to i et par {bias}. {alone}"
