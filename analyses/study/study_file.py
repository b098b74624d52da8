"""The sections of a study file by their names, and the kinds that some of them come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from analyses.outcomes.kind import Kind
from analyses.outcomes.kinds import KINDS
from analyses.study.cohort import Cohort
from analyses.study.comparison import Comparison, Design
from analyses.study.derived import FORMS, Derived
from analyses.study.files import Benchmark, DataFile
from analyses.study.plan import Inference, SensitivityPlan
from analyses.study.sections import (
    About,
    Disclosure,
    IntentionToTreat,
    PathPlan,
    ReportFacts,
    Shares,
)
from data_dictionary.schema import Form, key

if TYPE_CHECKING:
    AnyDerived = Derived
    AnyKind = Kind
else:
    # Their own lists say what there is.
    AnyDerived = Union[tuple(FORMS.values())]  # noqa: UP007
    AnyKind = Union[KINDS]  # noqa: UP007


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusGroup:
    """One line of ``[statuses]``."""

    members: tuple[str, ...] = key(
        "What the status is made of: statuses, or code groups of the code list.",
        (),
        form=Form('a list of statuses or code groups, such as ["employment", "flexjob"]', bool),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrasts:
    """``[contrast]``: what stands beside the effect on participants."""

    itt: IntentionToTreat | None = key("All whom the register flags.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFile:
    """The sections of a study file, by their names."""

    study: About = key("What the study is called and what kind of study it is.")
    data: Mapping[str, tuple[DataFile, ...]] = key("The files, by table of the dictionary.")
    statuses: Mapping[str, tuple[str, ...]] = key(
        "The study's own weekly statuses: what each is made of, statuses or code groups.", {}
    )
    cohort: Cohort | None = key("Who is compared.", None)
    derive: Mapping[str, AnyDerived] = key("Columns made as of the index date.", {})
    comparison: Comparison | None = key("How the comparison is made.", None)
    design: tuple[Design, ...] = key("Other comparisons beside it.", ())
    outcome: tuple[AnyKind, ...] = key("What is measured.", ())
    contrast: Contrasts | None = key("What stands beside the effect on participants.", None)
    path: PathPlan | None = key("Statuses week by week.", None)
    shares: tuple[Shares, ...] = key("Answers shown as shares.", ())
    inference: Inference | None = key("How certain the answers are.", None)
    sensitivity: SensitivityPlan | None = key("What could take the findings away.", None)
    disclosure: Disclosure | None = key("What is too small to be published.", None)
    benchmark: Benchmark | None = key("A trial's answer beside an effect.", None)
    report: ReportFacts | None = key("Title page, background and limits.", None)
