"""``[[outcome]]``: each kind is a class with its keys and what they must agree with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, TypeAlias

from data_dictionary import Codebook, Table
from data_dictionary.errors import did_you_mean, nearest
from data_dictionary.mistakes import Mistakes
from data_dictionary.roles import TableRole
from data_dictionary.schema import key, keys_of, read
from surveys.records.case_spells import CLOSED
from surveys.records.hours import WEEKS_PER_MONTH

FineGray: TypeAlias = Literal["crr", "finegray"]
TimeEstimate: TypeAlias = Literal[
    "incidence", "weeks_since_event", "weeks_since_employment", "hazard_ratio",
    "subdistribution_hazard_ratio", "time_ratio",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an outcome must agree with.

    Parameters
    ----------
    words : Codebook
        The data dictionary.
    tables : mapping of str to Table
        Tables that have a file in ``[data]``.
    waves : mapping of str to tuple of int
        Waves of each survey table.
    has_index_date : bool
        Whether the cohort has time zero.
    """

    words: Codebook
    tables: Mapping[str, Table]
    waves: Mapping[str, tuple[int, ...]]
    has_index_date: bool

    def with_role(self, role: TableRole) -> Table | None:
        """Return the first table with a role that has a file."""
        return next((table for table in self.tables.values() if table.role == role), None)

    def scale_faults(self, scale: str | None, wave: int | None) -> Iterator[str]:
        """Yield why a scale has no answers in a wave; an unknown scale is told elsewhere."""
        known = self.words.scales.get(str(scale))
        if known is None or wave is None:
            return
        table = known.table
        waves = self.waves.get(str(table), ())
        if wave not in waves:
            given = ", ".join(map(str, waves)) or "none"
            yield f"wave {wave} of '{table}' has no file in [data]; waves: {given}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What every outcome has: its place in the plan and the one estimate that is tested."""

    name: str = key("Name in every result file; unique.")
    kind: Literal["time", "score", "value"] = key("What is measured.")
    role: Literal["primary", "secondary", "exploratory"] = key(
        "Its place in the plan.", "primary"
    )
    family: str = key("p-values are adjusted within a family.", "main")
    label: str | None = key("Danish label for the report.", None)
    estimate: str = ""

    def faults(self, at: Setting) -> Iterator[str]:  # noqa: ARG002
        """Yield what does not agree with the dictionary, the files or itself."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOutcome(Outcome):
    """A duration until an event, with what competes with it."""

    estimate: TimeEstimate = key(
        "The one estimate that is tested; the others carry an interval only. Weeks since the "
        "event are called after employment where that is the event.",
        "incidence",
    )
    fine_gray: FineGray = key(
        "Whose definition the subdistribution hazard ratio follows where times tie: that of "
        "`cmprsk::crr` or of `survival::finegray`.",
        "crr",
    )
    competing: tuple[str, ...] = ()
    horizon: float = 0
    unit: str = "weeks"
    landmark: float | None = None

    @property
    def counted(self) -> str | None:
        """The event by which the estimate may be called."""
        return None

    def faults(self, at: Setting) -> Iterator[str]:  # noqa: ARG002
        """Yield what does not agree with the dictionary, the files or itself."""
        if self.counted is not None:
            is_employment = self.counted == "employment"
            since = f"weeks_since_{'employment' if is_employment else 'event'}"
            if self.estimate.startswith("weeks_since") and self.estimate != since:
                yield f"estimate = '{self.estimate}' is '{since}' where '{self.counted}' counts"
        if self.estimate == "subdistribution_hazard_ratio" and not self.competing:
            yield f"estimate = '{self.estimate}' needs competing causes"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTime(TimeOutcome):
    """Weeks until something that a register tells: the role of its table makes the kind."""

    register: ClassVar[TableRole]
    source: str = key("Register, by the name of its table.", name="from", names="register")
    competing: tuple[str, ...] = key(
        "Statuses that make the event impossible or moot.", (), names="status"
    )
    horizon: int = key("End of follow-up.", least=1, name="horizon_weeks")
    landmark: int | None = key(
        "Only those still at risk after so many weeks; time and horizon count from there. Who "
        "was lost until then is counted in `durations.csv`.",
        None,
        least=1,
    )
    time_scale: Literal["index", "case"] = key(
        "`index`: weeks since the index date; `case`: weeks since the case of `case_type` "
        "opened that is open at the index date, at risk from the index date on (late entry).",
        "index",
    )
    case_type: str | None = key("Type of case that closes, or whose opening is time 0.", None)
    event: str = ""
    weeks: int = 1
    hours: float | None = None
    months: int | None = None

    @property
    def counted(self) -> str | None:
        """The event by which the estimate may be called."""
        return self.event

    @property
    def is_weekly(self) -> bool:
        """Whether it counts weekly statuses, of everybody from the index date on."""
        return False

    def faults(self, at: Setting) -> Iterator[str]:
        """Yield what does not agree with the dictionary, the files or itself."""
        yield from super(RegisterTime, self).faults(at)
        if not at.has_index_date:
            yield "needs index_date in [cohort]"
        if self.event in self.competing:
            yield f"'{self.event}' is the event and cannot compete with itself"
        if self.competing and at.with_role("weekly_register") is None:
            yield "competing statuses need a file of a weekly register in [data]"
        if self.landmark is not None and self.time_scale == "case":
            yield "landmark counts weeks since the index date; leave out time_scale"
        yield from self._case_faults(at)

    def _case_faults(self, at: Setting) -> Iterator[str]:
        needs = self.time_scale == "case" or self.register == "spells"
        cases = at.with_role("spells")
        if self.case_type is None:
            if self.time_scale == "case" and self.register != "spells":
                yield "time_scale = 'case' needs case_type: whose opening is time 0"
            return
        if not needs:
            yield "case_type is used by an outcome from cases or time_scale = 'case' only"
        elif cases is None and self.register != "spells":
            yield "time_scale = 'case' needs a file of cases in [data]"
        elif cases is not None and cases.has("type"):
            codes = [str(code) for code in cases.playing("type").codes]
            if codes and self.case_type not in codes:
                hint = did_you_mean(self.case_type, codes)
                yield f"case_type = '{self.case_type}' is not a type of case.{hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly(RegisterTime):
    """Weeks until the first run of a weekly status."""

    register: ClassVar[TableRole] = "weekly_register"
    event: str = key("Status that ends the waiting time.", names="status")
    weeks: int = key("Length of the first run that counts.", 4, least=1)

    @property
    def is_weekly(self) -> bool:
        """Whether it counts weekly statuses, of everybody from the index date on."""
        return self.landmark is None and self.time_scale == "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidHours(RegisterTime):
    """Weeks until the first months in a row with so many paid hours."""

    register: ClassVar[TableRole] = "monthly_hours"
    event: str = "employment"
    hours: float = key(
        "Paid hours a week that count as employment.", 27.75, least=0.25, most=168
    )
    months: int = key("Months in a row that must reach them.", 3, least=1, most=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(RegisterTime):
    """Weeks until the case closes that is open at the index date."""

    register: ClassVar[TableRole] = "spells"
    event: str = CLOSED
    case_type: str = key("Type of case that closes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTime(TimeOutcome):
    """A duration that stands in the cohort's table."""

    exit: str = key("Column with the time at exit.", names="data column")
    event: str | Mapping[str, str] = key(
        "One column of causes (or of 0/1), or a table `{ cause = column }` of 0/1 columns.",
        names="data column",
    )
    of: str | None = key("The cause that counts; left out where `event` is 0/1.", None)
    competing: tuple[str, ...] = key(
        "The other causes; left out, all other columns of an `event` table.", None
    )
    horizon_weeks: int | None = key("End of follow-up in weeks.", None, least=1)
    horizon: float = key("End of follow-up in `unit`.", None, least=1e-9)
    unit: str = key("Unit of `exit`.", "weeks")
    entry: str | None = key(
        "Column with the time from which the row is at risk.", None, names="data column"
    )
    landmark: float | None = key("As for a register, in `unit`.", None, least=1e-9)

    @property
    def event_columns(self) -> tuple[str, ...]:
        """The column, or columns, that say what happened at exit."""
        return (self.event,) if isinstance(self.event, str) else tuple(self.event.values())

    @property
    def counted(self) -> str | None:
        """The event by which the estimate may be called."""
        return self.of or self.name

    def faults(self, at: Setting) -> Iterator[str]:
        """Yield what does not agree with the dictionary, the files or itself."""
        yield from super(ColumnTime, self).faults(at)
        if isinstance(self.event, dict) and self.of not in self.event:
            causes = ", ".join(self.event)
            yield f"of = {self.of!r} is none of the causes of event: {causes}"
        if self.landmark and self.entry:
            yield "landmark and entry: name one of them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Outcome):
    """A survey scale, baseline wave to follow-up wave."""

    estimate: Literal["score_difference"] = key(
        "The estimate that is tested.", "score_difference"
    )
    scale: str = key("Scale of the dictionary, scored 0-100.", names="scale")
    baseline: int = key("Wave before the index date.", least=1)
    wave: int = key("Wave of the outcome.", least=1)
    covariates: tuple[str, ...] = key(
        "Added for this outcome's own matched set.", (), names="column"
    )

    def faults(self, at: Setting) -> Iterator[str]:
        """Yield what does not agree with the dictionary, the files or itself."""
        if None not in (self.wave, self.baseline) and self.wave <= self.baseline:
            yield f"wave {self.wave} is not after baseline {self.baseline}"
        for wave in (self.baseline, self.wave):
            yield from at.scale_faults(self.scale, wave)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Outcome):
    """A number that stands in the cohort's table."""

    estimate: Literal["mean_difference"] = key(
        "The estimate that is tested.", "mean_difference"
    )
    column: str = key("Column with the outcome.", names="data column")
    unit: str = key("Unit of the effect.")


REGISTERS: Mapping[TableRole, type[RegisterTime]] = {
    one.register: one for one in (Weekly, PaidHours, CaseClosed)
}
KINDS: Mapping[str, tuple[type[Outcome], ...]] = {
    "time": (*REGISTERS.values(), ColumnTime),
    "score": (Score,),
    "value": (Value,),
}


def read_outcome(
    raw: object, position: int, words: Codebook | None, mistakes: Mistakes
) -> Outcome:
    """Return one outcome by its kind; of an unknown kind only what all have is known."""
    given: dict[str, Any] = raw if isinstance(raw, dict) else {}
    where = f"[[outcome]] {given.get('name', position)}"
    kind = given.get("kind", given.get(str(nearest("kind", given))))
    kind = kind if isinstance(kind, str) and kind in KINDS else nearest(kind, KINDS)
    if kind is None:
        # What a key needs depends on the kind, so that only its name can be judged here.
        every = dict.fromkeys(n for kinds in KINDS.values() for k in kinds for n in keys_of(k))
        return read(Outcome, raw, where, mistakes, beside=list(every))
    section = _time_kind(given, words) if kind == "time" else KINDS[kind][0]
    made = read(section, raw, where, mistakes)
    if isinstance(made, PaidHours):
        return replace(made, weeks=round((made.months or 0) * WEEKS_PER_MONTH))
    if isinstance(made, ColumnTime):
        if bool(made.horizon) == bool(made.horizon_weeks):
            mistakes.add(where, "give exactly one of horizon_weeks and horizon")
        return _completed(made)
    return made


def _time_kind(given: Mapping[str, Any], words: Codebook | None) -> type[TimeOutcome]:
    """Return the kind of a duration: the role of the table it comes from tells."""
    if "from" not in given and "exit" in given:
        return ColumnTime
    source = str(given.get("from"))
    tables = {} if words is None else words.tables
    table = tables.get(source) or tables.get(str(nearest(source, tables)))
    found = None if table is None or table.role is None else REGISTERS.get(table.role)
    if found is not None:
        return found
    # That there is no such register is told where names are looked up; the keys tell the kind.
    fits = {
        kind: len([name for name in given if name in keys_of(kind)])
        for kind in REGISTERS.values()
    }
    return max(fits, key=lambda kind: fits[kind])


def _completed(made: ColumnTime) -> ColumnTime:
    """Return the duration with its horizon, and the causes that are not the event's."""
    filled: dict[str, Any] = {"horizon": float(made.horizon or made.horizon_weeks or 0)}
    if not isinstance(made.competing, tuple):
        causes = made.event if isinstance(made.event, dict) else ()
        filled["competing"] = tuple(cause for cause in causes if cause != made.of)
    return replace(made, **filled)
