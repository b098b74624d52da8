"""The sections of a study file as frozen objects; every key is declared once, in its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from analyses.outcomes.kind import Kind
from analyses.outcomes.weekly import Weekly
from analyses.study.cohort import Cohort, TimeZero
from analyses.study.comparison import Comparison, Design
from analyses.study.derived import Derived
from analyses.study.files import Benchmark, DataFile, replace_files
from analyses.study.forms import IN_ORDER
from analyses.study.plan import Plan
from data_dictionary.roles import Noun
from data_dictionary.schema import key
from data_dictionary.wording import Level

__all__ = [
    "Benchmark",
    "Cohort",
    "Comparison",
    "DataFile",
    "Derived",
    "Design",
    "Level",
    "Study",
    "TimeZero",
]

StudyDesign: TypeAlias = Literal["observational", "randomised", "before_after", "description"]
DESIGNS: Mapping[StudyDesign, str] = {
    "observational": "no lots were drawn over who takes part; the groups are made alike",
    "randomised": "lots were drawn over who takes part, or which places do",
    "before_after": "one group, before and after; nobody is compared with",
    "description": "a survey as it was answered; nobody is compared with, no change is told",
}
# Of one group, by what messages call such a study.
ONE_GROUP: Mapping[StudyDesign, str] = {
    "before_after": "a study before and after",
    "description": "a description",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyWords:
    """What the report calls those it speaks of, in Danish.

    Of one group, `treated` and `comparison` are None.
    """

    treated: Noun = key("Who took part, or lives where it was tried.", None)
    comparison: Noun = key("Whom they are compared with.", None)
    unit: Noun = key("What one row of the cohort's table is, such as a citizen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """``[study]``: what the study is called and what kind of study it is."""

    name: str = key("Short name, used in file names and the manifest.")
    title: str = key("Title of the report.")
    design: StudyDesign = key(
        "What kind of study it is: "
        + "; ".join(f"`{name}`: {meaning}" for name, meaning in DESIGNS.items())
        + "."
    )
    dictionary: str = key(
        "A shipped edition of the data dictionary, or a folder of `.toml` files beside the "
        "study file; a folder that has a shipped edition's name is written `./enplan`."
    )
    seed: int = key("Seed of every draw. It has no default: the answer depends on it.", least=0)
    synthetic: bool = key("Stamp every page and figure as synthetic data.", False)
    words: StudyWords = key("What the report calls those it speaks of, in Danish.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """``[[shares]]``: items of a survey whose answers are shown as shares."""

    table: str = key("Survey table.", names="survey")
    scales: tuple[str, ...] = key("Scales whose items are shown.", names="scale")
    agree: tuple[Level, ...] = key("Answers that count as agreeing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionToTreat:
    """``[contrast.itt]``: all whom the register flags, after the start against before it."""

    of: str | None = key(
        "A register outcome with a horizon; left out, the first.", None, name="outcome"
    )
    months: int = key(
        "How many months of flags make a cohort, before and after the start alike.",
        6,
        least=1,
        most=24,
    )
    horizon: int = key(
        "Follow-up; left out, that of the outcome.", None, least=1, name="horizon_weeks"
    )
    # Found by its name once the outcomes are read.
    outcome: Weekly


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPlan:
    """``[path]``: statuses that are followed week by week before and after the index date."""

    source: str = key(
        "Weekly register, by the name of its table; left out, the one that there is.",
        None,
        name="from",
        names="weekly_register",
    )
    followed: str | tuple[str, ...] | None = key(
        "Status that is followed, or several that count as one; left out, the event of the "
        "first outcome from the register.",
        None,
        name="status",
        names="status",
    )
    others: tuple[str, ...] | None = key(
        "Further statuses whose path is shown; left out, all that occur. Those that few "
        "persons have are put together.",
        None,
        names="status",
    )
    weeks: tuple[int, int] = key(
        "First and last week since the index date; from before it to week 26 or later.",
        (-104, 104),
        form=IN_ORDER,
    )
    label: str | None = key("Danish label for the report.", None)
    # What is followed, the default filled in.
    status: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The followed status in every result file."""
        return "+".join(self.status)


# Below, "fewer than" and "nobody" are all but one and the same.
LEAST_CELL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """``[disclosure]``: what is too small to be published, and what was published before."""

    min_cell: int = key(
        "Smallest count that is published, 3 or more. Figures have as many digits as the "
        "number of persons bears.",
        5,
        least=1,
    )
    public: str | None = key(
        "Where the data are public, such as a citation; then nothing is hidden or rounded, "
        "whatever `min_cell` says.",
        None,
    )
    published: tuple[str, ...] = key(
        "Folders of results that were published before, beside those that stand in `OUT` and "
        "`OUT.previous`. A run is refused where 1 to `min_cell` - 1 persons enter or leave any "
        "number that they tell.",
        (),
    )

    def faults(self, folder: Path) -> Iterator[str]:
        """Yield what does not agree with itself, or with the disk."""
        if self.min_cell < LEAST_CELL and not self.public:
            yield (
                f"min_cell = {self.min_cell} shows counts of so few that persons can be told; "
                f"give {LEAST_CELL} or more. Where the data are public anyway, say where: "
                'public = "the source"'
            )
        for name in self.published:
            if not (folder / name).is_dir():
                yield f"published: '{name}' is no folder; give folders of results"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """``[report]``: title page, background, limits and titles of chapters."""

    title: str = key("Title of the report; left out, the study's.", None)
    subtitle: str | None = key("Subtitle.", None)
    authors: tuple[str, ...] = key("Authors.", ())
    publisher: str | None = key("Publisher.", None)
    source: str | None = key("Text after `Kilde:`; left out, the study's own data.", None)
    introduction: str | None = key(
        "Background in Danish; a blank line separates paragraphs.", None
    )
    limits: tuple[str, ...] = key(
        "What else limits the study, in Danish, such as concurrent programmes.", ()
    )
    score_chapter: str | None = key("Title of the chapter on scales.", None)
    staff_chapter: str | None = key(
        "Title of the chapter on a survey shown as shares, where there is one.", None
    )
    time_chapter: str | None = key("Title of the chapter on times to an event.", None)
    value_chapter: str | None = key("Title of the chapter on measured amounts.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(Plan):
    """A checked study file.

    Attributes
    ----------
    name, title : str
        What the study is called.
    design : {"observational", "randomised", "before_after", "description"}
        What kind of study it is.
    words : StudyWords
        What the report calls those it speaks of.
    dictionary : str or pathlib.Path
        Edition of the data dictionary, or its folder.
    seed : int
        Seed of every draw.
    synthetic : bool
        Whether the data are made up.
    path : pathlib.Path
        The study file.
    files : tuple of DataFile
        In the order of the study file.
    statuses : mapping of str to tuple of str
        The study's own weekly statuses and what they are made of.
    cohort, derived, comparison, designs, outcomes, itt, weekly, shares, inference, disclosure
        The sections, as objects. Where nobody is compared `cohort` and `comparison` are None
        and `outcomes` is empty.
    sensitivity, benchmark, report
        The sections, as objects.
    """

    name: str
    title: str
    design: StudyDesign
    words: StudyWords
    dictionary: str | Path
    synthetic: bool
    path: Path
    files: tuple[DataFile, ...]
    statuses: Mapping[str, tuple[str, ...]]
    designs: tuple[Design, ...]
    outcomes: tuple[Kind, ...]
    itt: IntentionToTreat | None
    weekly: PathPlan | None
    shares: tuple[Shares, ...]
    disclosure: Disclosure
    benchmark: Benchmark | None
    report: ReportFacts

    @property
    def compares(self) -> bool:
        """Whether two groups are compared."""
        return self.design not in ONE_GROUP

    @property
    def min_cell(self) -> int:
        """Smallest count that is published; 1 hides nothing and keeps every digit."""
        return 1 if self.disclosure.public else self.disclosure.min_cell

    def with_data(self, data: Mapping[str, str | Path]) -> Study:
        """Return the same study with some of its files replaced.

        Parameters
        ----------
        data : mapping of str to path
            ``TABLE`` where the table has one file; ``TABLE.WAVE`` for a survey wave, and
            ``TABLE.NUMBER`` (from 1) for one of several stacked files.

        Raises
        ------
        DesignError
            If a name fits none or several of the study's files, or a path does not exist.
        """
        return replace(self, files=replace_files(self.files, data))

    def waves(self, table: str) -> tuple[int, ...]:
        """Return the waves of a survey table, in order."""
        found = {file.wave for file in self.files if file.table == table}
        return tuple(sorted(wave for wave in found if wave is not None))
