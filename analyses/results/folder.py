"""A results folder, read back and verified: its tables and its manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analyses.published.result_tables import COLUMNS
from analyses.results.ownership import MANIFEST, is_sealed, sha256_of
from analyses.results.swap import beside, settle
from data_dictionary.errors import DataError

SCHEMA = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Results:
    """What a run found: disclosure-safe tables and the manifest.

    Attributes
    ----------
    folder : pathlib.Path
        Where the results stand.
    manifest : mapping
        Study, inputs, versions, decisions, labels, protocol and the sha256 of every file.
    effects, balance, curves, flow, scales, shares : pandas.DataFrame
        The tables of the contract.
    tests, quantiles, differences : pandas.DataFrame
        Tests of curves and of proportional hazards, times by which shares of each arm have
        left, and the difference in incidence at fixed times.
    paths : pandas.DataFrame
        Weekly shares of statuses by arm and their difference, where the study has a path.
    sites : pandas.DataFrame
        Each treated cluster against its own controls, and the effect without it.
    sensitivity : pandas.DataFrame
        What could take a finding away, where the study asks.
    profile : pandas.DataFrame
        Means of each group from the eligible to the respondents.
    response, respondents, missing : pandas.DataFrame
        Response by arm, balance among respondents, kinds of missing answers.
    spells : pandas.DataFrame
        Durations of cases.
    design : pandas.DataFrame
        Inference chosen, effective clusters and smallest detectable effect per outcome.
    designs : pandas.DataFrame
        Measured amounts under the plan's own and every other design, where the study has any.
    contrasts : pandas.DataFrame
        The four cohorts of the intention to treat: each arm after and before the start.
    municipalities, pretrends : pandas.DataFrame
        The outcome before the programme, by cluster and by arm.
    benchmark : pandas.DataFrame
        The experiment's own answer, where the study has one.
    """

    folder: Path
    manifest: Mapping[str, Any]
    effects: pd.DataFrame
    balance: pd.DataFrame
    curves: pd.DataFrame
    tests: pd.DataFrame
    quantiles: pd.DataFrame
    differences: pd.DataFrame
    durations: pd.DataFrame
    flow: pd.DataFrame
    scales: pd.DataFrame
    shares: pd.DataFrame
    paths: pd.DataFrame
    sites: pd.DataFrame
    sensitivity: pd.DataFrame
    profile: pd.DataFrame
    response: pd.DataFrame
    respondents: pd.DataFrame
    missing: pd.DataFrame
    spells: pd.DataFrame
    design: pd.DataFrame
    designs: pd.DataFrame
    contrasts: pd.DataFrame
    municipalities: pd.DataFrame
    pretrends: pd.DataFrame
    benchmark: pd.DataFrame

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read a results folder and verify every file against the manifest.

        Parameters
        ----------
        folder : str or pathlib.Path
            What `analyses.run` wrote.

        Raises
        ------
        DataError
            If there is no manifest, it is of another version, or a file is missing or has
            been changed since the run.
        """
        folder = Path(folder)
        manifest = _manifest(folder)
        _verify(folder, manifest)
        frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in COLUMNS}
        return cls(folder=folder, manifest=manifest, **frames)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by its file's stem."""
        return {name: getattr(self, name) for name in COLUMNS}

    def tidy(self) -> pd.DataFrame:
        """Return the effects."""
        return self.effects.copy()

    def summary(self) -> str:
        """Return the study, its effects and why any inference was refused, in a few lines."""
        lines = [str(self)]
        for row in self.effects.to_dict("records"):
            if pd.isna(row["estimate"]):
                lines.append("  {outcome} {term}: withheld, too few persons".format_map(row))
                continue
            refused = bool(pd.isna(row["conf_low"]))
            interval = "[{conf_low:.4g}, {conf_high:.4g}]".format_map(row)
            head = "  {outcome} {term}: {estimate:.4g} {unit} ".format_map(row)
            lines.append(head + ("inference refused" if refused else interval))
        return "\n".join(lines)

    def __str__(self) -> str:
        study = self.manifest["study"]
        return f"Results of '{study['name']}': {len(self.effects)} effects in {self.folder}"


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        settle(folder)
    if not path.is_file():
        left = beside(folder, "previous")
        hint = f" Earlier results stand in {left}." if (left / MANIFEST).is_file() else ""
        raise DataError(
            f"{folder} is not a results folder: it has no {MANIFEST}. "
            f"Run the study first.{hint}"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        schema = manifest["schema"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path}: the manifest cannot be read; run the study again.") from error
    if schema != SCHEMA:
        age = "an older" if isinstance(schema, int) and schema < SCHEMA else "another"
        made = manifest.get("enplan_version", "unknown")
        raise DataError(
            f"{folder}: the results come from {age} version (enplan {made}, format {schema}; "
            f"this one reads format {SCHEMA}). Run the study again."
        )
    return dict(manifest)


def _verify(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a folder whose files are not those that the run wrote; all of them at once."""
    outputs: Mapping[str, str] = manifest.get("outputs", {})
    wanted = {f"{name}{suffix}" for name in COLUMNS for suffix in (".csv", ".parquet")}
    wrong = [f"{name} is not vouched for" for name in sorted(wanted - set(outputs))]
    if not is_sealed(manifest):
        wrong.append(f"{MANIFEST} has been changed since the run")
    for name, expected in sorted(outputs.items()):
        path = folder / name
        if path.parent != folder or not path.is_file():
            wrong.append(f"{name} is missing")
        elif sha256_of(path) != expected:
            wrong.append(f"{name} has been changed since the run")
    if wrong:
        listed = "\n".join(f"  - {line}" for line in wrong)
        raise DataError(
            f"{folder}: {len(wrong)} file(s) do not match the manifest\n{listed}\n"
            "Run the study again, or fetch the folder anew."
        )
