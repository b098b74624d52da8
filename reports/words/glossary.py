"""The glossary as a page: English, Danish, the name in files and calls, and R's name.

Danish comes from the catalogues that reports are written with, so that the page and the report
cannot part company.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from evaluation.comparison.methods import METHODS
from evaluation.terms import TERMS
from reports.words import methods
from reports.words.danish import lower_first
from reports.words.terms import TERMS as TERMS_DA

HEAD = """# Glossary

Made by `reports.words.glossary` from the words that reports are written with. The third column
is what stands in study files, results or calls; the last is how the same thing is known in R.
"""


class Entry(NamedTuple):
    """One line: what it is called, in English, in Danish, here and in R."""

    english: str
    danish: str
    name: str
    r: str = ""


# What R calls what a term estimates.
R_TERMS: Mapping[str, str] = {
    "incidence": "cumulative incidence, `survival::survfit` (multi-state), `cmprsk::cuminc`",
    "weeks_since_event": "restricted mean time lost (RMTL), `survRM2::rmst2`",
    "weeks_since_employment": "restricted mean time lost (RMTL), `survRM2::rmst2`",
    "hazard_ratio": "`survival::coxph`",
    "subdistribution_hazard_ratio": "`cmprsk::crr`, `survival::finegray`",
    "time_ratio": '`survival::survreg(dist = "weibull")`',
    "score_difference": "analysis of covariance, `lm(y ~ treat + baseline)`",
    "mean_difference": "`lm(y ~ treat)` with `sandwich` or `clubSandwich`",
    "itt_did": "stacked difference in differences",
}
# What R calls a way to make groups alike.
R_METHODS: Mapping[str, str] = {
    **{
        name: f'`MatchIt::matchit(method = "{name}")`'
        for name in ("nearest", "optimal", "full", "exact", "cem", "subclass")
    },
    "ipw": '`WeightIt::weightit(method = "glm")`',
    "overlap": '`WeightIt::weightit(estimand = "ATO")`',
    "matching": '`WeightIt::weightit(estimand = "ATM")`',
    "entropy": '`WeightIt::weightit(method = "ebal")`',
    "cbps": '`WeightIt::weightit(method = "cbps")`',
    "risk_sets": "risk-set matching, `rsmatch`",
    "unmatched": "`MatchIt::matchit(method = NULL)`",
}
# Words that have no code of their own.
WORDS = (
    Entry("treated", "deltagere (studiets egne ord)", "`treated`", "treated"),
    Entry("comparison group", "sammenligningsgruppe", "`comparison`", "control group"),
    Entry("time zero, index date", "indeksdato", "`index_date`", "time origin"),
    Entry("caliper", "største tilladte afstand", "`caliper`", "`caliper`"),
    Entry("standardised mean difference", "standardiseret forskel", "`smd_after`", "SMD, `cobalt::bal.tab`"),
    Entry("variance ratio", "forholdet mellem varianser", "`vr_after`", "`cobalt::bal.tab`"),
    Entry("love plot", "love plot", "`m.plot()`", "`cobalt::love.plot`"),
    Entry("matched table", "den matchede tabel", "`m.data()`", "`MatchIt::match_data`, `get_matches`"),
    Entry("given weights or sets", "vægte eller sæt lavet af andre", "`ev.given`", "`cobalt::bal.tab(weights =, subclass =)`"),
    Entry("missingness indicator", "uoplyst som et forhold for sig", '`missing = "indicator"`', '`WeightIt::weightit(missing = "ind")`'),
    Entry("effective sample size", "effektivt antal", "`ess`", "ESS"),
    Entry("at risk", "under risiko", "`at_risk`", "`n.risk`"),
    Entry("censored", "ikke fulgt til ende", "missing cause", "`status = 0`"),
    Entry("competing event", "anden afgang", "`competing`", "competing risk"),
    Entry("late entry", "forsinket start af opfølgningen", "`entry`", "left truncation, `Surv(start, stop)`"),
    Entry("landmark", "landemærke", "`landmark`", "landmark"),
    Entry("lock-in", "fastholdelse", "`lock_in`", ""),
    Entry("cluster", "kommune eller anden klynge", "`cluster`", "`cluster =`"),
    Entry("delete-one-cluster jackknife", "jackknife", "`jackknife`", 'CV3, `vcovCR(type = "CR3")`'),
    Entry("restricted wild cluster bootstrap", "bootstrap med pålagt nulhypotese", "`wild_bootstrap.test`", "`fwildclusterboot::boottest`"),
    Entry("randomisation inference", "omfordelingstest", "`randomisation_test`", "`ritest`"),
    Entry("family-wise adjustment", "korrektion for flere test", "`p_adjusted`", '`p.adjust("holm")`'),
    Entry("intention to treat", "hele målgruppen", "`[contrast.itt]`", "ITT"),
    Entry("disclosure control", "fortrolighed", "`min_cell`", "`sdcTable`"),
    Entry("Cronbach's alpha", "Cronbachs alfa", "`alpha`", "`psych::alpha`"),
)  # fmt: skip


def entries() -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Yield the parts of the glossary with their entries."""
    yield "Words of the field", WORDS
    yield (
        "Terms of effects.csv",
        tuple(
            Entry(TERMS[code].estimates, lower_first(words), f"`{code}`", R_TERMS.get(code, ""))
            for code, words in TERMS_DA.items()
            if code in TERMS
        ),
    )
    yield (
        "Methods of comparison",
        tuple(
            Entry(
                (kind.__doc__ or "").split("\n")[0].rstrip("."),
                methods.METHODS[kind.name].name,
                f'`method = "{kind.name}"`',
                R_METHODS[kind.name],
            )
            for kind in METHODS
        ),
    )


def page() -> str:
    """Return the glossary in Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# Glossary'
    """
    parts = [HEAD]
    for title, rows in entries():
        lines = [f"## {title}", "", "| English | Danish | here | in R |", "|:--|:--|:--|:--|"]
        lines += [f"| {' | '.join(row)} |" for row in rows]
        parts.append("\n".join([*lines, ""]))
    return "\n".join(parts)
