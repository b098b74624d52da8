"""A results folder, read back and verified: its tables and its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analyses.published.files import read_table
from analyses.published.gate import Shown
from analyses.published.table import ResultTable
from analyses.published.tables import Tables, tables_of
from analyses.results.ownership import MANIFEST, is_sealed, parsed, sha256_of
from analyses.results.swap import beside, settle
from data_dictionary.errors import DataError
from evaluation import Effect

SCHEMA = 10
# Folders of this format and later are read; they lack the tables that came after them.
OLDEST = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Results(Tables):
    """What a run found: disclosure-safe tables and the manifest.

    Every table of `analyses.published.tables.Tables` is an attribute, such as ``effects``;
    docs/results.md describes them.

    Attributes
    ----------
    folder : pathlib.Path
        Where the results stand.
    manifest : mapping
        Study, inputs, versions, decisions, labels, protocol and the sha256 of every file.
    published : mapping of str to Shown
        The tables by the stem of their files, with the reasons why cells are empty.
    """

    folder: Path
    manifest: Mapping[str, Any]
    published: Mapping[str, Shown]

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
        tables = _tables(manifest)
        published = {name: read_table(table, folder) for name, table in tables.items()}
        return cls(folder=folder, manifest=manifest, published=published)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by its file's stem."""
        return {name: shown.frame for name, shown in self.published.items()}

    def tidy(self) -> pd.DataFrame:
        """Return the effects; of one group the changes, or every answer."""
        return self.frames[self._told].copy()

    def summary(self) -> str:
        """Return the study, its effects and why any inference was refused, in a few lines."""
        lines = [str(self)]
        for row in self.tidy().to_dict("records") if self._told != "answers" else ():
            if "item" in row:
                lines.append(f"  {_changed(row)}")
            elif pd.isna(row["estimate"]):
                lines.append("  {outcome} {term}: withheld, too few persons".format_map(row))
            else:
                lines.append(f"  {Effect(**{str(name): row[name] for name in row})}")
        return "\n".join(lines)

    def __str__(self) -> str:
        study, found = self.manifest["study"], self.tidy()
        told = f"{len(found)} {self._told}"
        if self._told == "answers":
            told = f"answers to {found.groupby(['table', 'column']).ngroups} questions"
        return f"Results of '{study['name']}': {told} in {self.folder}"

    @property
    def _told(self) -> str:
        return next(one for one in ("effects", "changes", "answers") if one in self.published)


def _changed(row: Mapping[Any, Any]) -> str:
    """Say how something changed from one wave to another."""
    what = "{item} from wave {since} to {wave}: ".format_map(row)
    if pd.isna(row["estimate"]):
        return f"{what}withheld, too few persons"
    told = "{estimate:.4g} {unit}".format_map(row)
    if pd.isna(row["conf_low"]):
        return f"{what}{told} (no interval: too few places)"
    return f"{what}{told} [{row['conf_low']:.4g}, {row['conf_high']:.4g}]"


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
        manifest = parsed(path.read_text(encoding="utf-8"))
        schema, _ = manifest["schema"], manifest["outputs"].items()
    except (OSError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise DataError(f"{path}: the manifest cannot be read; run the study again.") from error
    if not (isinstance(schema, int) and OLDEST <= schema <= SCHEMA):
        age = "an older" if isinstance(schema, int) and schema < SCHEMA else "another"
        made = manifest.get("enplan_version", "unknown")
        raise DataError(
            f"{folder}: the results come from {age} version (enplan {made}, format {schema}; "
            f"this one reads formats {OLDEST} to {SCHEMA}). Run the study again."
        )
    return manifest


def _tables(manifest: Mapping[str, Any]) -> Mapping[str, ResultTable]:
    study = manifest.get("study")
    tables = tables_of(study.get("design") if isinstance(study, dict) else None)
    return {name: one for name, one in tables.items() if one.since <= manifest["schema"]}


def _verify(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a folder whose files are not those that the run wrote; all of them at once."""
    outputs: Mapping[str, str] = manifest["outputs"]
    wanted = {
        f"{name}{suffix}" for name in _tables(manifest) for suffix in (".csv", ".parquet")
    }
    # A table without a hash could be anybody's.
    wrong = [f"{name} is not vouched for" for name in sorted(wanted - set(outputs))]
    if not is_sealed(manifest):
        wrong.append(f"{MANIFEST} has been changed since the run")
    for name, expected in sorted(outputs.items()):
        path = folder / name
        # A manifest may name what it likes; nothing outside the folder is read.
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
