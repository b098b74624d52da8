"""``[comparison]`` and ``[[design]]``: a method of `evaluation` with what it may be told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from analyses.study.cohort import Cohort
from analyses.study.methods import BY_NAME, KEYWORDS, LEARNERS, MAIN, RISK_SETS, UNMATCHED
from data_dictionary.errors import DesignError
from data_dictionary.mistakes import Mistakes
from data_dictionary.schema import key, keys_of, read
from evaluation.comparison.formula import formula_faults
from evaluation.comparison.matching.nearest import Nearest
from evaluation.comparison.method import MODEL, SCORES, SPREADS, Method
from evaluation.comparison.weighting.learners import Learner

if TYPE_CHECKING:
    MethodName = str
    Estimand = str
    LearnerName = str
else:
    # The methods declare what there is, so that a list here would be a second one.
    MethodName = Literal[tuple(BY_NAME)]
    Estimand = Literal[tuple(name for kind in BY_NAME.values() for name in kind.estimands)]
    LearnerName = Literal[tuple(LEARNERS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``[comparison]``: the method, whom it is about, and what the arms are made alike on."""

    label: str = key("Danish name, where it stands among the designs.", "Hovedanalysen")
    method: MethodName = key(
        "How the comparison is made: by partners (`evaluation.match`), by weights "
        "(`evaluation.weigh`), by partners who have not started when the participant does "
        "(`risk_sets`: `evaluation.match_risk_sets`), or not at all.",
        "nearest",
    )
    estimand: Estimand = key(
        "Whom it is about; left out, the treated, or the one population that the method has.",
        None,
    )
    exact: tuple[str, ...] = key("Columns on which partners agree exactly.", (), names="column")
    covariates: tuple[str, ...] = key(
        "Columns that the comparison is balanced on.", names="covariate column"
    )
    missing: Literal["leave_out", "indicator"] = key(
        "Rows with a blank covariate: left out and told in the flow, or kept, with what is "
        "blank as one more thing that the groups are made alike on.",
        "leave_out",
    )
    # Of `evaluation`, with its keywords that stand in [comparison] and in [comparison.options].
    options: Method

    @property
    def required(self) -> tuple[str, ...]:
        """Columns in which no value may be missing: those that the method works with.

        Without a method covariates are shown and nothing more, and blanks may be declared to
        stay: then nobody is left out for one.
        """
        own = (name for names in self.options.columns().values() for name in names)
        may_be_blank = self.method == UNMATCHED or self.missing == "indicator"
        covariates = () if may_be_blank else self.covariates
        return tuple(dict.fromkeys([*covariates, *self.exact, *own]))

    @property
    def blanks(self) -> Literal["refuse", "indicator"]:
        """What `evaluation.Roles` is told of blanks in those rows that are kept."""
        return "indicator" if self.missing == "indicator" else "refuse"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the comparison names."""
        named = [*self.covariates, *self.required, *getattr(self.options, "exclude", ())]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """``[[design]]``: another comparison beside that of the plan, which it inherits from."""

    name: str = key("Name in designs.csv; unique.")
    label: str = key("Danish name for the report.")
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerOption:
    """The learner of a method that weighs, by its name in the study file."""

    learner: LearnerName = key("How the propensity is learnt.", "logistic")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a section says: its own keys, those of the method, and the method's options."""

    where: str
    section: Mapping[str, Any]
    options: object

    @property
    def keywords(self) -> dict[str, Any]:
        """Keywords of the method that stand in the section itself."""
        return {name: self.section[name] for name in KEYWORDS if name in self.section}


def read_comparisons(
    raw: object, designs: Sequence[object], cohort: Cohort, seed: int, mistakes: Mistakes
) -> tuple[Comparison, tuple[Design, ...]]:
    """Return the comparison of the plan and the alternative designs that inherit from it.

    The cohort's choice of donors adds exact strata, and its time zero decides which methods can
    be had; what is drawn takes the study's seed.
    """
    first = _told(raw, "[comparison]", mistakes)
    plan = read(Comparison, first.section, first.where, mistakes, beside=KEYWORDS)
    main = _completed(plan, first, None, cohort, seed, mistakes)
    found: list[Design] = []
    for position, item in enumerate(designs, start=1):
        name = item.get("name", position) if isinstance(item, dict) else position
        told = _told(item, f"[[design]] {name}", mistakes)
        left_out = (one for one in keys_of(Comparison) if one not in told.section)
        known = {one: getattr(main, one) for one in left_out}
        beside = [*KEYWORDS, *keys_of(Design)]
        plan = read(Comparison, told.section, told.where, mistakes, known, beside)
        plan = _completed(plan, told, (main, first), cohort, seed, mistakes)
        if (plan.method == RISK_SETS) != (main.method == RISK_SETS):
            mistakes.add(
                told.where,
                "risk sets are made of periods at risk, which no other method takes; give them "
                "a study file of their own",
            )
        if name in (MAIN, *(one.name for one in found)):
            mistakes.add(told.where, "another design has the same name; names are unique")
        own = {one: told.section[one] for one in keys_of(Design) if one in told.section}
        found.append(read(Design, own, told.where, mistakes, {"comparison": plan}))
    return main, tuple(found)


def _told(raw: object, where: str, mistakes: Mistakes) -> _Told:
    if raw is not None and not isinstance(raw, dict):
        mistakes.add(where, "is not a table of keys and values")
    section = dict(raw) if isinstance(raw, dict) else {}
    options = section.pop("options", None)
    return _Told(where=where, section=section, options=options)


def _completed(
    plan: Comparison,
    told: _Told,
    above: tuple[Comparison, _Told] | None,
    cohort: Cohort,
    seed: int,
    mistakes: Mistakes,
) -> Comparison:
    """Return the comparison with its method's object, and what the method or donors decide."""
    kind, added = BY_NAME[plan.method], _strata_of_donors(cohort)
    usual = Nearest()
    for name, value in told.keywords.items():
        is_usual = name != "order" and value == getattr(usual, name)
        if name not in keys_of(kind) and not is_usual:
            what = f"{name} is not used by method='{plan.method}'; leave it out"
            mistakes.add(told.where, what)
    if told.section.get("exact") and not kind.takes_exact:
        mistakes.add(told.where, f"exact is not used by method='{plan.method}'; leave it out")
    for what in _faults(plan, kind, cohort, added):
        mistakes.add(told.where, what)
    exact = plan.exact if kind.takes_exact else ()
    options = _method(kind, told, above, cohort, seed, mistakes)
    for fault in formula_faults(options.told("formula", None), plan.covariates or ()):
        mistakes.add(f"{told.where} options", fault)
    return replace(
        plan,
        options=options,
        estimand=plan.estimand or kind.estimands[0],
        exact=tuple(dict.fromkeys([*exact, *added])),
        covariates=plan.covariates or (),
    )


def _method(
    kind: type[Method],
    told: _Told,
    above: tuple[Comparison, _Told] | None,
    cohort: Cohort,
    seed: int,
    mistakes: Mistakes,
) -> Method:
    """Return the method's object: keywords, options, and what it inherits from above."""
    own, said, options = keys_of(kind), set(told.keywords), told.options
    known: dict[str, object] = {}
    if above is not None:
        main, first = above
        said |= set(first.keywords)
        known = {
            name: getattr(main.options, name)
            for name in first.keywords
            if name in own and name not in told.keywords and hasattr(main.options, name)
        }
        if options is None and isinstance(main.options, kind):
            options = _inherited(first.options, told.keywords)
    given = {name: value for name, value in told.keywords.items() if name in own}
    is_lifted = above is not None and given.get("caliper") == math.inf
    if is_lifted or ("caliper" in known and given.get("distance") in SPREADS):
        # The caliper that a design inherits is not its own.
        known["caliper"] = None
    made = read(kind, given, told.where, mistakes, known)
    kept: dict[str, Any] = {name: getattr(made, name) for name in KEYWORDS if name in own}
    if "order" in kept and "order" not in said and cohort.time_zero is not None:
        # Were the largest propensity to choose first, those who find no job would be used up.
        kept["order"] = "data"
    if kept.get("order") == "random":
        kept["seed"] = seed
    where = f"{told.where} options"
    given = options if isinstance(options, dict) else {}
    if "learner" in given and "learner" in own:
        name = read(LearnerOption, {"learner": given["learner"]}, where, mistakes).learner
        kept["learner"] = _learner(name, seed)
    for name in (one for one in (*KEYWORDS, "seed") if one in given and one in own):
        mistakes.add(where, f"'{name}' is no option; it stands in {told.where} itself")
    before = len(mistakes.found)
    what = f"is no option of method='{kind.name}'"
    try:
        made = read(kind, options, where, mistakes, kept, what=what)
    except DesignError as error:
        mistakes.add(where, str(error))
        return kind()
    for fault in made.faults() if len(mistakes.found) == before else ():
        mistakes.add(where, fault)
    return made


def _inherited(options: object, keywords: Mapping[str, Any]) -> object:
    """Return options without the model of a propensity that the design's own distance lacks."""
    if not isinstance(options, dict) or keywords.get("distance", "logit") in SCORES:
        return options
    return {name: options[name] for name in options if name not in MODEL}


def _learner(name: str, seed: int) -> Learner:
    """Return the learner of that name; those that draw take the study's seed."""
    kind: type[Any] = LEARNERS[name]
    made: Learner = kind(seed=seed) if "seed" in {one.name for one in fields(kind)} else kind()
    return made


def _faults(
    plan: Comparison, kind: type[Method], cohort: Cohort, added: tuple[str, ...]
) -> Iterator[str]:
    """Yield what the method cannot do with this cohort."""
    if plan.estimand not in (None, *kind.estimands):
        offered = ", ".join(f"'{one}'" for one in kind.estimands)
        what = f"estimand = '{plan.estimand}' cannot be had with method='{kind.name}'"
        yield f"{what}; it offers {offered}"
    if cohort.time_zero is not None and not kind.takes_months:
        yield (
            "[cohort.time_zero] repeats a unit, one row per month, which "
            f"method='{kind.name}' would use more than once; keep one row per unit, or use "
            "'nearest' or 'optimal'"
        )
    if kind.name == RISK_SETS and cohort.time_zero is None:
        yield (
            "method='risk_sets' gives controls the week of the participant's start; leave "
            "index_date out of the data, so that [cohort.time_zero] can make it"
        )
    if added and not kind.takes_exact and kind.name != UNMATCHED:
        yield (
            f"the choice of donors needs exact strata ({', '.join(added)}), which "
            f"method='{kind.name}' does not use"
        )


def _strata_of_donors(cohort: Cohort) -> tuple[str, ...]:
    place = cohort.cluster if cohort.donors == "own" else None
    of_class = cohort.cluster_class if cohort.donors_same_class else None
    return tuple(name for name in (of_class, place) if name is not None)
