"""What the chapters know of a run: its tables, its labels and its outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analyses.results.time_units import TimeUnit, time_unit
from reports.user_text import odd_names, sealed_all, sealed_frame
from reports.words.danish import count, lower_first
from reports.words.vocabulary import Vocabulary, vocabulary
from reports.words.wording import Finding

STAMP = "Syntetiske data – ikke resultater"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """The contents of a results folder, with labels at hand.

    Attributes
    ----------
    manifest : Mapping
        manifest.json.
    frames : Mapping[str, DataFrame]
        One table per CSV file, under the file's stem.
    """

    manifest: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table, or an empty one where the study has no such part."""
        return self.frames.get(name, pd.DataFrame())

    @property
    def study(self) -> Mapping[str, Any]:
        """The study's own facts: name, title, whether it is synthetic."""
        facts: Mapping[str, Any] = self.manifest["study"]
        return facts

    @property
    def text(self) -> Mapping[str, Any]:
        """The texts that the study file gives the report."""
        facts: Mapping[str, Any] = self.manifest.get("report", {})
        return facts

    @property
    def is_synthetic(self) -> bool:
        """Whether every page and figure carries the stamp."""
        return bool(self.study.get("synthetic"))

    @property
    def stamp(self) -> str:
        """The stamp of synthetic data, or nothing."""
        return STAMP if self.is_synthetic else ""

    @property
    def words(self) -> Vocabulary:
        """The words for how the groups were made alike, and whom the effects are about."""
        return vocabulary(self.manifest["comparison"])

    @property
    def min_cell(self) -> int:
        """Counts below this are hidden."""
        return int(self.manifest["disclosure"]["min_cell"])

    @property
    def source(self) -> str:
        """The "Kilde:" text of figures and tables."""
        if self.is_synthetic:
            return f"{STAMP}. Egne beregninger."
        own = "Studiets data, jf. bilaget om datagrundlaget, og egne beregninger."
        return str(self.text.get("source") or own)

    @property
    def place(self) -> str:
        """What the clusters are, in the singular; empty where a study has none."""
        cluster = self.manifest.get("cluster")
        if not cluster:
            return ""
        return "kommune" if self.label(cluster) == "Kommune" else "klynge"

    @property
    def places(self) -> str:
        """What the clusters are, in the plural."""
        return {"kommune": "kommuner", "klynge": "klynger", "": ""}[self.place]

    @property
    def people(self) -> str:
        """What those who are compared with the participants are called."""
        return "borgere" if self.place == "kommune" else "personer"

    def time(self, outcome: Mapping[str, Any]) -> TimeUnit:
        """Return the words for the unit of time of an outcome."""
        return time_unit(str(outcome.get("time_unit", "weeks")))

    def follow_up(self, outcome: Mapping[str, Any]) -> str:
        """Return how long an outcome is followed, such as "104 uger"."""
        return self.time(outcome).of(outcome["horizon"])

    def count(self, value: float | None) -> str:
        """Return a count; one that is hidden because it is small reads "<5"."""
        return count(value, self.min_cell)

    def label(self, column: str, level: Any = None) -> str:
        """Return the Danish label of a column, or of one of its levels."""
        entry = self.manifest.get("labels", {}).get(column)
        name = str(column) if entry is None else str(entry["label"])
        if level is None or pd.isna(level) or level == "":
            return name
        levels = {} if entry is None else entry.get("levels", {})
        return str(levels.get(str(level), level))

    def outcomes(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the outcomes of one kind, in the study file's order."""
        return [entry for entry in self.manifest["outcomes"] if entry["kind"] == kind]

    def outcome(self, name: str) -> Mapping[str, Any]:
        """Return the outcome of that name; a competing cause answers with its own label."""
        for entry in self.manifest["outcomes"]:
            if entry["name"] == name:
                return dict(entry)
        return {"name": name, "label": self.label(name.rsplit(":", 1)[-1])}

    def outcome_label(self, name: str) -> str:
        """Return an outcome's Danish name, lower case as it stands within a sentence."""
        return lower_first(str(self.outcome(name)["label"]))

    def finding(self, outcome: str, term: str) -> Finding | None:
        """Return one effect, or None where the run has none."""
        effects = self.frame("effects")
        if effects.empty:
            return None
        chosen = effects[(effects["outcome"] == outcome) & (effects["term"] == term)]
        label = self.outcome_label(outcome)
        return next((Finding.of(row, label, self.words) for row in records(chosen)), None)

    def tested(self, kind: str | None = None) -> list[Finding]:
        """Return the estimate that each outcome (of a kind) is judged by."""
        found = (
            self.finding(entry["name"], entry["estimate"])
            for entry in self.manifest["outcomes"]
            if kind is None or entry["kind"] == kind
        )
        return [finding for finding in found if finding is not None]

    def cause(self, outcome: str, cause: str, term: str) -> Finding | None:
        """Return the effect on one way out, which carries its outcome where two share it."""
        return self.finding(f"{outcome}:{cause}", term) or self.finding(cause, term)

    def curve(self, outcome: str, cause: str, arm: str | None = None) -> pd.DataFrame:
        """Return the cumulative incidence of one cause (in one arm)."""
        curves = self.frame("curves")
        if curves.empty:
            return curves
        chosen = (curves["outcome"] == outcome) & (curves["cause"] == cause)
        chosen &= curves["curve"] == "incidence"
        return curves[chosen if arm is None else chosen & (curves["arm"] == arm)]

    def at(self, outcome: str, cause: str, arm: str, week: float) -> tuple[float, float]:
        """Return incidence in per cent and number at risk at a week; NaN where hidden."""
        curve = self.curve(outcome, cause, arm)
        reached = curve[curve["time"] <= week] if len(curve) else curve
        if reached.empty:
            return float("nan"), float("nan")
        last = reached.iloc[-1]
        return 100 * float(last["estimate"]), float(last["at_risk"])


def load(folder: str | Path) -> Report:
    """Return the report's view of a results folder, after its hashes have been checked."""
    from analyses import Results

    results = Results.load(folder)
    names = odd_names(results.manifest)
    frames = {name: _plain(frame, names) for name, frame in results.frames.items()}
    return Report(manifest=sealed_all(results.manifest, names=names), frames=frames)


def records(frame: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of a table, each with its cells as attributes."""
    return frame.itertuples()


def _plain(frame: pd.DataFrame, names: frozenset[str]) -> pd.DataFrame:
    """Return the table with NaN for what is not available, and texts that are only texts."""
    nullable = [
        name
        for name, kind in frame.dtypes.items()
        if isinstance(kind, pd.api.extensions.ExtensionDtype)
        and pd.api.types.is_numeric_dtype(kind)
    ]
    made = frame.astype(dict.fromkeys(nullable, "float64"))
    if "wave" in made:
        made["wave"] = ["" if pd.isna(wave) else f"{wave:.0f}" for wave in made["wave"]]
    return sealed_frame(made, names)
