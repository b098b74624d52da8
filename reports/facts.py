"""What the chapters know of a run: its tables, its labels and its outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reports.danish import lower_first
from reports.wording import Finding

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
    def min_cell(self) -> int:
        """Counts below this are hidden."""
        return int(self.manifest["disclosure"]["min_cell"])

    @property
    def source(self) -> str:
        """The "Kilde:" text of figures and tables."""
        if self.is_synthetic:
            return f"{STAMP}. Egne beregninger."
        return str(
            self.text.get(
                "source", "Studiets data, jf. bilaget om datagrundlaget, og egne beregninger."
            )
        )

    def label(self, column: str, level: object = None) -> str:
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
        return {"name": name, "label": self.label(name), "role": "supplementary"}

    def outcome_label(self, name: str) -> str:
        """Return an outcome's Danish name, lower case as it stands within a sentence."""
        return lower_first(str(self.outcome(name)["label"]))

    def findings(self, outcome: str | None = None, term: str | None = None) -> list[Finding]:
        """Return the effects, of one outcome or one term where asked."""
        effects = self.frame("effects")
        if effects.empty:
            return []
        chosen = effects
        if outcome is not None:
            chosen = chosen[chosen["outcome"] == outcome]
        if term is not None:
            chosen = chosen[chosen["term"] == term]
        return [Finding.of(row, self.outcome_label(row.outcome)) for row in chosen.itertuples()]

    def finding(self, outcome: str, term: str) -> Finding | None:
        """Return one effect, or None where the run has none."""
        return next(iter(self.findings(outcome, term)), None)

    def tested(self) -> list[Finding]:
        """Return the estimate that each outcome is judged by."""
        found = [
            self.finding(entry["name"], entry["estimate"])
            for entry in self.manifest["outcomes"]
        ]
        return [finding for finding in found if finding is not None]

    def share_at(self, outcome: str, cause: str, arm: str, week: float) -> float:
        """Return the cumulative incidence of an arm in per cent at a week; NaN where hidden."""
        curves = self.frame("curves")
        if curves.empty:
            return float("nan")
        chosen = curves[
            (curves["outcome"] == outcome)
            & (curves["curve"] == "incidence")
            & (curves["cause"] == cause)
            & (curves["arm"] == arm)
            & (curves["time"] <= week)
        ]
        return 100 * float(chosen["estimate"].iloc[-1]) if len(chosen) else float("nan")


def load(folder: str | Path) -> Report:
    """Return the report's view of a results folder, after its hashes have been checked."""
    from analyses import Results

    results = Results.load(folder)
    frames = {name: _plain(frame) for name, frame in results.frames.items()}
    return Report(manifest=results.manifest, frames=frames)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with NaN for what is not available, so that formatting needs one case."""
    nullable = [
        name
        for name, kind in frame.dtypes.items()
        if isinstance(kind, pd.api.extensions.ExtensionDtype)
        and pd.api.types.is_numeric_dtype(kind)
    ]
    return frame.astype(dict.fromkeys(nullable, "float64"))
