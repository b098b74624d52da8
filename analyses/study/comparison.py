"""Read ``[comparison]`` and ``[[design]]``: one method each, with what that method uses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from analyses.study.comparison_keys import (
    COMPARISON,
    DESIGN,
    KEYWORDS,
    MAIN,
    RISK_SET_DISTANCES,
    RISK_SETS,
    estimands_of,
    takes_months,
    used_by,
)
from analyses.study.options import read_options
from analyses.study.sections import Cohort, Comparison, Design
from analyses.study.values import Mistakes, take
from evaluation.comparison.method import SPREADS


def read_comparisons(
    raw: object, designs: Sequence[object], cohort: Cohort, seed: int, mistakes: Mistakes
) -> tuple[Comparison, tuple[Design, ...]]:
    """Return the comparison of the plan and the alternative designs that inherit from it.

    Parameters
    ----------
    raw : object
        ``[comparison]`` as TOML gave it.
    designs : sequence of object
        The tables of ``[[design]]``.
    cohort : Cohort
        Its choice of donors adds exact strata; time zero decides which methods can be had.
    seed : int
        Of the study, for what is drawn.
    mistakes : Mistakes
        Collects what is wrong.
    """
    section, options = _apart(raw)
    where = "[comparison]"
    values = take(section, COMPARISON, where, mistakes)
    given = frozenset(section) if isinstance(section, dict) else frozenset()
    main = _comparison(values, given, options, where, cohort, seed, mistakes)
    found: list[Design] = []
    for position, item in enumerate(designs, start=1):
        own, own_options = _apart(item)
        name = own.get("name", position) if isinstance(own, dict) else position
        where = f"[[design]] {name}"
        told = take(own, DESIGN, where, mistakes)
        set_here = frozenset(own) & frozenset(COMPARISON) if isinstance(own, dict) else ()
        merged = {**values, "estimand": main.estimand}
        merged |= {key: told[key] for key in set_here}
        if own_options is None and merged["method"] == values["method"]:
            own_options = options
        if "caliper" not in set_here and merged["distance"] in SPREADS:
            merged["caliper"] = None
        plan = _comparison(
            merged, frozenset(set_here), own_options, where, cohort, seed, mistakes
        )
        if (plan.method == RISK_SETS) != (main.method == RISK_SETS):
            mistakes.add(
                where,
                "risk sets are made of periods at risk, which no other method takes; give them "
                "a study file of their own",
            )
        if told["name"] == MAIN or told["name"] in {one.name for one in found}:
            mistakes.add(where, "another design has the same name; names are unique")
        if told["name"] is not None and told["label"] is not None:
            found.append(Design(name=told["name"], label=told["label"], comparison=plan))
    return main, tuple(found)


def _apart(raw: object) -> tuple[object, object]:
    """Return a section without its options, and the options."""
    if not isinstance(raw, dict):
        return raw, None
    section = dict(raw)
    return section, section.pop("options", None)


def _comparison(
    values: dict[str, Any],
    given: frozenset[str],
    options: object,
    where: str,
    cohort: Cohort,
    seed: int,
    mistakes: Mistakes,
) -> Comparison:
    """Build one comparison; a keyword without use is refused where given, else left out."""
    method, uses = values["method"], used_by(values["method"])
    made = dict(values)
    for keyword in KEYWORDS:
        default = COMPARISON[keyword].default
        if keyword in uses:
            continue
        if keyword in given and values[keyword] not in (default, None):
            mistakes.add(where, f"{keyword} is not used by method='{method}'; leave it out")
        made[keyword] = default
    estimands = estimands_of(method)
    estimand = values["estimand"] or estimands[0]
    if estimand not in estimands:
        offered = ", ".join(f"'{one}'" for one in estimands)
        what = f"estimand = '{estimand}' cannot be had with method='{method}'; it offers"
        mistakes.add(where, f"{what} {offered}")
    if cohort.time_zero is not None and not takes_months(method):
        mistakes.add(
            where,
            "[cohort.time_zero] repeats a unit, one row per month, which "
            f"method='{method}' would use more than once; keep one row per unit, or use "
            "'nearest' or 'optimal'",
        )
    if method == RISK_SETS:
        _check_risk_sets(values, cohort, where, mistakes)
    added = _strata_of_donors(cohort)
    if added and "exact" not in uses and method != "unmatched":
        mistakes.add(
            where,
            f"the choice of donors needs exact strata ({', '.join(added)}), which "
            f"method='{method}' does not use",
        )
    caliper = made["caliper"]
    return Comparison(
        label=values["label"],
        method=method,
        options=read_options(method, options, f"{where} options", seed, mistakes),
        distance=made["distance"],
        caliper=None if caliper is None or math.isinf(caliper) else caliper,
        ratio=made["ratio"],
        replace=made["replace"],
        estimand=estimand,
        order=made["order"]
        or ("data" if cohort.time_zero is not None and "order" in uses else "largest"),
        seed=seed if made["order"] == "random" else None,
        exact=tuple(dict.fromkeys([*made["exact"], *added])),
        covariates=made["covariates"] or (),
    )


def _check_risk_sets(
    values: dict[str, Any], cohort: Cohort, where: str, mistakes: Mistakes
) -> None:
    """Require what `evaluation.match_risk_sets` needs."""
    if cohort.time_zero is None:
        mistakes.add(
            where,
            "method='risk_sets' gives controls the week of the participant's start; leave "
            "index_date out of the data, so that [cohort.time_zero] can make it",
        )
    if values["distance"] not in RISK_SET_DISTANCES:
        offered = ", ".join(f"'{one}'" for one in RISK_SET_DISTANCES)
        what = f"distance = '{values['distance']}' cannot be had with method='risk_sets'; it "
        mistakes.add(where, f"{what}offers {offered}")
    if values["ratio"] is not None and values["ratio"] % 1:
        what = f"ratio = {values['ratio']:g} must be whole"
        mistakes.add(where, f"{what} with method='risk_sets'")


def _strata_of_donors(cohort: Cohort) -> tuple[str, ...]:
    """Return the exact strata that the choice of donors asks for."""
    place = cohort.cluster if cohort.donors == "own" else None
    of_class = cohort.cluster_class if cohort.donors_same_class else None
    return tuple(name for name in (of_class, place) if name is not None)
