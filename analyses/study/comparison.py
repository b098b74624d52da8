"""``[comparison]`` and ``[[design]]``: one method each, with what that method uses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from analyses.study.cohort import Cohort
from analyses.study.methods import (
    KEYWORDS,
    LEARNERS,
    MAIN,
    MEASURES,
    OPTIONS,
    RISK_SET_DISTANCES,
    RISK_SETS,
    TAKES_MONTHS,
    estimands_of,
    used_by,
)
from data_dictionary.errors import DesignError
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import key, keys_of, read
from evaluation.comparison.matching.options import Estimand, Method, Options, Order
from evaluation.comparison.matching.plan import SCORES, SPREADS
from evaluation.comparison.weighting.learners import Learner
from evaluation.comparison.weighting.options import WeighEstimand, WeighMethod, WeighOptions

COLUMN_OPTIONS = ("mahalanobis", "anti_exact", "calipers", "calipers_sd", "exclude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``[comparison]``: a method with its options, and what it is balanced on."""

    label: str = key("Danish name, where it stands among the designs.", "Hovedanalysen")
    method: Literal[Method, WeighMethod, "risk_sets", "unmatched"] = key(
        "How the comparison is made: by partners (`evaluation.match`), by weights "
        "(`evaluation.weigh`), by partners who have not started when the participant does "
        "(`risk_sets`: `evaluation.match_risk_sets`), or not at all.",
        "nearest",
    )
    distance: str = key(
        f"{', '.join(f'`{name}`' for name in MEASURES)}, or a column with a score.",
        "logit",
        names="measure",
    )
    caliper: float | None = key(
        "Largest distance, in standard deviations over the whole sample; left out, or `inf` in "
        "a `[[design]]` that shall not inherit one, any.",
        None,
        least=1e-9,
        most=math.inf,
    )
    ratio: float = key("Controls per treated.", 1, least=1)
    replace: bool = key("Whether a control may serve twice.", False)
    estimand: Literal[Estimand, WeighEstimand] = key(
        "Whom it is about; left out, the treated, or the one population that the method has.",
        None,
    )
    order: Order = key(
        "Who chooses first: `largest` propensity, or as the `data` come (by index date), and "
        "so on. Left out, `data` where `[cohort.time_zero]` makes index dates, else "
        "`largest`. `random` draws from the study's seed.",
        None,
    )
    exact: tuple[str, ...] = key("Columns on which partners agree exactly.", (), names="column")
    covariates: tuple[str, ...] = key(
        "Columns that the comparison is balanced on.", names="column"
    )
    options: Options | WeighOptions | None = None
    seed: int | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Columns in which no value may be missing."""
        names = [*self.covariates, *self.exact]
        names += [] if self.distance in (*SCORES, *SPREADS) else [self.distance]
        for role in COLUMN_OPTIONS[:-1]:
            names += getattr(self.options, role, ())
        return tuple(dict.fromkeys(names))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the comparison names."""
        return tuple(dict.fromkeys([*self.required, *getattr(self.options, "exclude", ())]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """``[[design]]``: another comparison beside that of the plan, which it inherits from."""

    name: str = key("Name in designs.csv; unique.")
    label: str = key("Danish name for the report.")
    comparison: Comparison


INHERITED = tuple(name for name in keys_of(Comparison) if name != "label")
"""Keys of a comparison that a design may set; what it leaves out is the comparison's."""


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
    plan = read(Comparison, section, where, mistakes)
    if plan.caliper == math.inf:
        mistakes.add(where, "caliper = inf is no width; leave caliper out for none")
    given = section if isinstance(section, dict) else {}
    main = _completed(plan, frozenset(given), options, where, cohort, seed, mistakes)
    found: list[Design] = []
    for position, item in enumerate(designs, start=1):
        own, own_options = _apart(item)
        told: dict[str, Any] = own if isinstance(own, dict) else {}
        where = f"[[design]] {told.get('name', position)}"
        set_here = {name: value for name, value in told.items() if name in INHERITED}
        rest = {name: value for name, value in told.items() if name not in set_here}
        inherited = {
            one.field: getattr(main if name == "estimand" else plan, one.field)
            for name, one in keys_of(Comparison).items()
            if name not in set_here
        }
        other = read(Comparison, set_here, where, mistakes, inherited)
        if own_options is None and other.method == plan.method:
            own_options = options
        if "caliper" not in set_here and other.distance in SPREADS:
            other = replace(other, caliper=None)
        other = _completed(
            other, frozenset(set_here), own_options, where, cohort, seed, mistakes
        )
        if (other.method == RISK_SETS) != (main.method == RISK_SETS):
            mistakes.add(
                where,
                "risk sets are made of periods at risk, which no other method takes; give them "
                "a study file of their own",
            )
        if told.get("name") in (MAIN, *(one.name for one in found)):
            mistakes.add(where, "another design has the same name; names are unique")
        design = rest if isinstance(own, dict) else own
        known = {"comparison": other}
        found.append(read(Design, design, where, mistakes, known, beside=INHERITED))
    return main, tuple(found)


def _apart(raw: object) -> tuple[object, object]:
    """Return a section without its options, and the options."""
    if not isinstance(raw, dict):
        return raw, None
    section = dict(raw)
    return section, section.pop("options", None)


def _completed(
    plan: Comparison,
    given: frozenset[str],
    options: object,
    where: str,
    cohort: Cohort,
    seed: int,
    mistakes: Mistakes,
) -> Comparison:
    """Fill in what a method decides; a keyword without use is refused where given."""
    method, uses = plan.method, used_by(plan.method)
    unused = {name: keys_of(Comparison)[name].default for name in set(KEYWORDS) - uses}
    for keyword in (name for name in KEYWORDS if name in unused and name in given):
        if getattr(plan, keyword) not in (unused[keyword], None):
            mistakes.add(where, f"{keyword} is not used by method='{method}'; leave it out")
    for what in _faults(plan, cohort):
        mistakes.add(where, what)
    made = replace(plan, **unused)  # type: ignore[arg-type]
    by_date = cohort.time_zero is not None and "order" in uses
    return replace(
        made,
        options=_read_options(method, options, f"{where} options", seed, mistakes),
        caliper=None if made.caliper is None or math.isinf(made.caliper) else made.caliper,
        estimand=plan.estimand or estimands_of(method)[0],
        order=made.order or ("data" if by_date else "largest"),
        seed=seed if made.order == "random" else None,
        exact=tuple(dict.fromkeys([*made.exact, *_strata_of_donors(cohort)])),
        covariates=made.covariates or (),
    )


def _faults(plan: Comparison, cohort: Cohort) -> Iterator[str]:
    """Yield what the method cannot do with this cohort."""
    method = plan.method
    estimands = estimands_of(method)
    if plan.estimand not in (None, *estimands):
        offered = ", ".join(f"'{one}'" for one in estimands)
        what = f"estimand = '{plan.estimand}' cannot be had with method='{method}'; it offers"
        yield f"{what} {offered}"
    if cohort.time_zero is not None and method not in TAKES_MONTHS:
        yield (
            "[cohort.time_zero] repeats a unit, one row per month, which "
            f"method='{method}' would use more than once; keep one row per unit, or use "
            "'nearest' or 'optimal'"
        )
    if method == RISK_SETS:
        yield from _risk_set_faults(plan, cohort)
    added = _strata_of_donors(cohort)
    if added and "exact" not in used_by(method) and method != "unmatched":
        yield (
            f"the choice of donors needs exact strata ({', '.join(added)}), which "
            f"method='{method}' does not use"
        )


def _risk_set_faults(plan: Comparison, cohort: Cohort) -> Iterator[str]:
    """Yield what `evaluation.match_risk_sets` lacks."""
    if cohort.time_zero is None:
        yield (
            "method='risk_sets' gives controls the week of the participant's start; leave "
            "index_date out of the data, so that [cohort.time_zero] can make it"
        )
    if plan.distance not in RISK_SET_DISTANCES:
        offered = ", ".join(f"'{one}'" for one in RISK_SET_DISTANCES)
        what = f"distance = '{plan.distance}' cannot be had with method='risk_sets'; it "
        yield f"{what}offers {offered}"
    if plan.ratio % 1:
        yield f"ratio = {plan.ratio:g} must be whole with method='risk_sets'"


def _strata_of_donors(cohort: Cohort) -> tuple[str, ...]:
    """Return the exact strata that the choice of donors asks for."""
    place = cohort.cluster if cohort.donors == "own" else None
    of_class = cohort.cluster_class if cohort.donors_same_class else None
    return tuple(name for name in (of_class, place) if name is not None)


def _read_options(
    method: str, raw: object, where: str, seed: int, mistakes: Mistakes
) -> Options | WeighOptions | None:
    """Return the options object of a method; None where there is none or it cannot be made."""
    kind = OPTIONS.get(method)
    if kind is None:
        read(NoOptions, raw, where, mistakes, what=f"is no option of method='{method}'")
        return None
    before = len(mistakes.found)
    known = {}
    if isinstance(raw, dict) and "learner" in raw and "learner" in keys_of(kind):
        told = read(LearnerName, {"learner": raw["learner"]}, where, mistakes)
        known = {"learner": _learner(told.learner, seed)}
    try:
        made = read(
            kind, raw, where, mistakes, known, what=f"is no option of method='{method}'"
        )
    except DesignError as error:
        mistakes.add(where, str(error))
        return None
    return made if len(mistakes.found) == before else None


@dataclass(frozen=True, slots=True)
class NoOptions:
    """What a method without options takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerName:
    """The learner of a method that weighs, by its name in the study file."""

    learner: Literal["logistic", "penalised", "boosted"] = key(
        "How the propensity is learnt.", "logistic"
    )


def _learner(name: str, seed: int) -> Learner:
    """Return the learner of that name; those that draw take the study's seed."""
    kind: type[Any] = LEARNERS[name]
    made: Learner = kind(seed=seed) if "seed" in {one.name for one in fields(kind)} else kind()
    return made
