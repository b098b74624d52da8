"""What the chapters know of a run: its facts, its tables, and what everything is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analyses.outcomes.facts import TimeFacts
from analyses.results.facts import (
    GroupFacts,
    OutcomeFacts,
    Part,
    RunFacts,
    TableFacts,
    Term,
    read_facts,
)
from evaluation.grades import Grade
from reports.rows import ARMS, Curves, Design, Effects, Flow, Grades
from reports.typed_rows import NONE, Few, Row, rows_of
from reports.user_text import odd_names, sealed_all, sealed_frame
from reports.words.danish import count, listing, lower_first
from reports.words.labels import (
    CAUSES,
    LEVELS,
    MADE,
    derived_label,
    happened,
    inside,
    within_sentence,
)
from reports.words.places import CLUSTER, PLACES, Place
from reports.words.steps import Steps
from reports.words.units import TimeUnit, time_unit
from reports.words.vocabulary import Vocabulary, vocabulary
from reports.words.wording import Finding

STAMP = "Syntetiske data – ikke resultater"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """The contents of a results folder, with labels at hand; of one group it is all.

    Attributes
    ----------
    facts : RunFacts
        manifest.json.
    frames : Mapping[str, DataFrame]
        One table per CSV file, under the file's stem.
    few : Mapping
        By table and column the rows whose count is hidden because it is small itself.
    """

    facts: GroupFacts
    frames: Mapping[str, pd.DataFrame]
    few: Mapping[str, Mapping[str, Collection[int]]] = field(default_factory=dict)
    # Every sentence asks for rows; a table is read into them once.
    _rows: dict[type, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as figures draw it, or an empty one."""
        return self.frames.get(name, pd.DataFrame())

    def rows(self, kind: type[Row]) -> tuple[Row, ...]:
        """Return a table row by row; none where the study has no such part."""
        if kind not in self._rows:
            name = kind.__name__.lower()
            self._rows[kind] = rows_of(kind, self.frame(name), self.few.get(name, NONE))
        return self._rows[kind]

    @property
    def stamp(self) -> str:
        """The stamp of synthetic data, or nothing."""
        return STAMP if self.facts.study.synthetic else ""

    @property
    def min_cell(self) -> int:
        """Counts below this are hidden."""
        return self.facts.disclosure.min_cell

    @property
    def source(self) -> str:
        """The "Kilde:" text of figures and tables."""
        if self.stamp:
            return f"{STAMP}. Egne beregninger."
        own = "Studiets data, jf. bilaget om datagrundlaget, og egne beregninger."
        return self.facts.report.source or own

    def count(self, value: float | None) -> str:
        """Return a count; one that is hidden is a dash, or "<5" where it is small itself."""
        return count(value, self.min_cell, is_few=isinstance(value, Few))

    def at_least(self, value: int | None) -> str:
        """Return how many, where the results tell them to a multiple of the threshold."""
        if value is None:
            return "få"
        return count(value) if self.min_cell == 1 else f"mindst {count(value)}"

    def label(self, column: str, level: str = "") -> str:
        """Return the Danish label of a column, status or cause, or of one of its levels."""
        known = self.facts.labels.get(column)
        if level:
            own = known.levels if known else {}
            return own.get(level, LEVELS.get(level, level))
        return known.label if known else MADE.get(column, column)

    def table(self, name: str) -> TableFacts:
        """Return what the dictionary says of a table."""
        found = (table for table in self.facts.tables if table.name == name)
        return next(found, TableFacts(name=name, label=name))

    def place_of(self, survey: TableFacts) -> Place | None:
        """Return what the places of a survey are called; None where it knows of none."""
        if survey.cluster is None:
            return None
        return PLACES.get(self.label(survey.cluster), CLUSTER)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report(Sheet):
    """The same of a study that compares."""

    facts: RunFacts

    @property
    def words(self) -> Vocabulary:
        """The words for who is compared, how they were made alike, and whom it is about."""
        facts = self.facts
        return vocabulary(facts.comparison, facts.study, facts.target_trial)

    @property
    def is_randomised(self) -> bool:
        """Whether the study says that lots were drawn."""
        return self.facts.study.design == "randomised"

    @property
    def needs_answers(self) -> bool:
        """Whether every outcome is a score: who did not answer has none."""
        return all(one.score is not None for one in self.facts.outcomes)

    @property
    def claim(self) -> str:
        """Whom the results are about, as a clause without its full stop."""
        answered = ", når de har svaret i begge målinger" if self.needs_answers else ""
        is_raw = not self.words.is_made and self.words.design != "randomised"
        return self.words.claim if is_raw else f"{self.words.claim}{answered}"

    @property
    def main_flow(self) -> list[Flow]:
        """The way to the analysis; through the answers where no outcome does without them."""
        own = {"", self.main} if self.needs_answers else {""}
        return [row for row in self.rows(Flow) if row.outcome in own]

    @property
    def has_places(self) -> bool:
        """Whether the study has clusters."""
        return self.facts.cluster is not None

    @property
    def place(self) -> Place:
        """What the clusters are called; a study without any is not to be told of them."""
        return PLACES.get(self.label(self.facts.cluster or ""), CLUSTER)

    @property
    def shares_places(self) -> bool:
        """Whether some cluster has persons of both groups, as far as the numbers tell."""
        clusters = {
            row.outcome: row.n_treated_clusters + row.n_comparison_clusters
            for row in self.rows(Design)
        }
        return any(one.n_clusters < clusters[one.outcome] for one in self.tested())

    @property
    def steps(self) -> Steps:
        """What the steps of the flow are called."""
        status = self.facts.target_trial.status
        where = inside((status,), self.label(status)) if status else "på ydelse"
        return Steps(words=self.words, place=self.place, inside=where)

    def of_persons(self, treated: float, comparison: float) -> str:
        """Return both groups' counts as tables have them."""
        return f"{self.count(treated)} / {self.count(comparison)}"

    def label(self, column: str, level: str = "") -> str:
        """Return the Danish label of a column, status or cause, or of one of its levels."""
        derived = self.facts.derived.get(column)
        if derived is None or column in self.facts.labels:
            return Sheet.label(self, column, level)
        if level:
            return derived.levels.get(level, LEVELS.get(level, level))
        return derived_label(derived)

    def labels(self, columns: tuple[str, ...]) -> str:
        """Return several labels as a list within a sentence."""
        return "; ".join(lower_first(self.label(name)) for name in columns)

    @property
    def blanks(self) -> str:
        """How many lack a characteristic that is shown, as a sentence of a note; or nothing."""
        found = [
            f"{lower_first(self.label(name))} for {self.at_least(n)}"
            for name, n in self.facts.blank.items()
        ]
        kept = "de indgår i alt andet"
        return f" Oplysningen mangler om {listing(found)}; {kept}." if found else ""

    def outcomes(self, part: Part) -> list[OutcomeFacts]:
        """Return the outcomes that tell of themselves in one way, in the study file's order."""
        return [one for one in self.facts.outcomes if getattr(one, part) is not None]

    def durations(self) -> list[tuple[OutcomeFacts, TimeFacts]]:
        """Return the outcomes in time, each with its own part."""
        return [(one, one.time) for one in self.facts.outcomes if one.time is not None]

    @property
    def main(self) -> str:
        """The first outcome that needs no survey answers, else the first."""
        found = [one.name for one in self.facts.outcomes if one.score is None]
        return (found or [self.facts.outcomes[0].name])[0]

    def outcome(self, name: str) -> OutcomeFacts | None:
        """Return the outcome of that name; None for a competing cause."""
        return next((one for one in self.facts.outcomes if one.name == name), None)

    def name_of(self, name: str) -> str:
        """Return the label of an outcome, or of a competing cause."""
        outcome = self.outcome(name)
        if outcome is None:
            return self.label(name.rpartition(":")[2])
        if outcome.label is not None:
            return outcome.label
        if outcome.time is not None and outcome.time.register == "spells":
            kind = self.label("case_type", outcome.time.case_type or "")
            return f"{CAUSES['closed']} ({lower_first(kind)})"
        return outcome.name

    def within(self, name: str) -> str:
        """Return the label of an outcome or a cause as it stands within a sentence."""
        outcome, label = self.outcome(name), self.name_of(name)
        return lower_first(label) if outcome is None else within_sentence(outcome, label)

    def happens(self, outcome: OutcomeFacts) -> str:
        """Return what has happened to those who had the event, with its verb."""
        event = "" if outcome.time is None else outcome.time.event
        return happened(event, self.name_of(outcome.name))

    def time(self, time: TimeFacts) -> TimeUnit:
        """Return the words for the unit of time of an outcome."""
        return time_unit(time.unit)

    def follow_up(self, time: TimeFacts) -> str:
        """Return how long an outcome is followed, such as "104 uger"."""
        return self.time(time).of(time.horizon)

    def finding(self, outcome: str, term: Term) -> Finding | None:
        """Return one effect, or None where the run has none."""
        for row in self.rows(Effects):
            if (row.outcome, row.term) == (outcome, term):
                grade, facts = self.grade(outcome, term), self.outcome(outcome)
                found = Finding.of(row, self.within(outcome), self.words, grade)
                why = None if facts is None else facts.refusals.get(term)
                return replace(found, refusal=why, is_bounded=self.is_bounded(outcome, term))
        return None

    def grade(self, outcome: str, term: str, part: str = "") -> Grade:
        """Return how sure a difference is; hidden where it is not shown itself."""
        graded = {(row.outcome, row.part, row.term): row.grade for row in self.rows(Grades)}
        return Grade(graded.get((outcome, part, term)) or Grade.HIDDEN)

    def is_bounded(self, outcome: str, term: str) -> bool:
        """Return whether both limits lie inside the smallest difference that matters."""
        key = outcome, "", term
        return any((r.outcome, r.part, r.term) == key and r.bounded for r in self.rows(Grades))

    def tested(self, part: Part | None = None) -> list[Finding]:
        """Return the estimate that each outcome is judged by, of all or of one part."""
        outcomes = self.facts.outcomes if part is None else self.outcomes(part)
        found = (self.finding(one.name, one.estimate) for one in outcomes)
        return [finding for finding in found if finding is not None]

    def tested_of(self, outcome: str) -> Finding | None:
        """Return the estimate that an outcome is judged by."""
        facts = self.outcome(outcome)
        return None if facts is None else self.finding(outcome, facts.estimate)

    def cause(self, outcome: str, cause: str, term: Term) -> Finding | None:
        """Return the effect on one way out, which carries its outcome where two share it."""
        return self.finding(f"{outcome}:{cause}", term) or self.finding(cause, term)

    def curve(self, outcome: str, cause: str) -> pd.DataFrame:
        """Return the cumulative incidence of one cause in both arms, as figures draw it."""
        curves = self.frame("curves")
        own = (curves["outcome"] == outcome) & (curves["cause"] == cause)
        return curves[own & (curves["curve"] == "incidence")]

    def at(self, outcome: str, cause: str, arm: str, time: float) -> tuple[float, float]:
        """Return incidence in per cent and number at risk at a time; NaN where hidden."""
        last = float("nan"), float("nan")
        for row in self.rows(Curves):
            key = row.outcome, row.cause, row.arm, row.curve
            if key == (outcome, cause, arm, "incidence") and row.time <= time:
                last = 100 * row.estimate, row.at_risk
        return last

    def matched(self, outcome: str) -> tuple[float, float]:
        """Return how many of both groups stand in the comparison made for an outcome."""
        flow = {(row.code, row.outcome, row.arm): row.n for row in self.rows(Flow)}
        own = outcome if ("matched", outcome, "treated") in flow else ""
        treated, comparison = (flow.get(("matched", own, arm), float("nan")) for arm in ARMS)
        return treated, comparison


def load(folder: str | Path) -> Sheet:
    """Return the report's view of a results folder, after its hashes have been checked.

    Of a study that compares it is a `Report`.
    """
    from analyses import Results
    from analyses.published.gate import SMALL
    from reports.percent import in_percent

    results = Results.load(folder)
    few = {
        name: {column: rows.get(SMALL, ()) for column, rows in shown.hidden.items()}
        for name, shown in results.published.items()
    }
    names = odd_names(results.manifest)
    facts = read_facts(sealed_all(results.manifest, names=names))
    # Sealed before anything is made of it: no chapter can forget to.
    frames = {name: sealed_frame(frame, names) for name, frame in results.frames.items()}
    if isinstance(facts, RunFacts):
        facts, frames = in_percent(facts, frames)
        return Report(facts=facts, frames=frames, few=few)
    return Sheet(facts=facts, frames=frames, few=few)
