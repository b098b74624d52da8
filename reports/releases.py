"""The folder that may be carried home: report, tables, and a sheet for whoever checks it."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from analyses.results.csv_cells import without_formulas
from analyses.results.folder import Results
from analyses.results.ownership import own_version, sha256_of
from analyses.results.release import Sheet, overview, require_releasable, sheets, study_of
from data_dictionary.errors import DataError
from reports.formats import FORMATS, Engine, Format
from reports.pages import grid, page
from reports.rendering import render, render_report
from reports.words.release import DOMINANCE, HEADS, TITLE, intro
from surveys.files.placing import make_private
from surveys.files.scratch import scratch_folder

MANIFEST, OVERVIEW = "release.json", "oversigt"


def release(
    results: str | Path,
    out: str | Path,
    *,
    to: Sequence[Format] = FORMATS,
    engine: Engine = "auto",
    report: Path | None = None,
) -> Path:
    """Write the folder of a release, whole or not at all.

    Parameters
    ----------
    results : str or pathlib.Path
        The results folder.
    out : str or pathlib.Path
        A folder that does not exist yet.
    to, engine
        As of `reports.render`.
    report : pathlib.Path, optional
        The report that persons write; left out, the shipped one.

    Returns
    -------
    pathlib.Path
        The folder: ``main.*``, ``tabeller/NAME.csv``, ``oversigt.csv`` and ``oversigt.html``
        with a row for each table, and ``release.json`` with the sha256 of every file.

    Raises
    ------
    DataError
        If `out` exists, or any table fails; all of them are named.
    RenderError
        If the report cannot be made.
    OSError
        If the folder cannot be written.
    """
    place = Path(os.path.realpath(Path(out).expanduser()))
    if os.path.lexists(place):
        raise DataError(f"{place} exists, and a release replaces nothing; name another folder.")
    found = Results.load(results)
    told = sheets(found)
    require_releasable(told)
    with scratch_folder() as scratch:
        shown = {"results": found.folder, "out": scratch, "to": to, "engine": engine}
        rendered = render_report(report, **shown) if report else render(**shown)  # type: ignore[arg-type]
        make_private(place.parent)
        fresh = place.with_name(f"{place.name}.new-{uuid.uuid4().hex[:8]}")
        try:
            make_private(fresh / "tabeller")
            for path in rendered.values():
                shutil.copyfile(path, fresh / path.name)
            for one in told:
                name = f"{one.table}.csv"
                shutil.copyfile(found.folder / name, fresh / "tabeller" / name)
            without_formulas(overview(told)).to_csv(
                fresh / f"{OVERVIEW}.csv", index=False, encoding="utf-8", lineterminator="\n"
            )
            (fresh / f"{OVERVIEW}.html").write_bytes(_page(told, found, engine))
            _write_manifest(fresh, found)
            fresh.rename(place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return place


def _page(told: Sequence[Sheet], found: Results, engine: Engine) -> bytes:
    rows = [
        (
            f"{one.table}.csv",
            one.rows,
            one.smallest_n,
            one.counted_in if one.counted_in != f"{one.table}.csv" else "",
            one.hidden,
            DOMINANCE[one.dominance],
            "ja" if one.passed else "nej",
        )
        for one in told
    ]
    rules = [(f"{one.table}.csv", one.meaning, one.rule) for one in told]
    study, least, _ = study_of(found)
    body = "\n\n".join(
        [
            intro(study.title, study.sha256, least),
            grid(HEADS, rows),
            "# Hvad tabellerne viser, og hvad der beskytter dem {#regler .unnumbered}",
            grid(("Tabel", "Indhold", "Regel"), rules),
        ]
    )
    return page(TITLE, body, results=found.folder, engine=engine)["html"]


def _write_manifest(folder: Path, found: Results) -> None:
    study, least, seal = study_of(found)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = {
        "enplan_version": own_version(),
        "study": {name: getattr(study, name) for name in ("name", "title", "file", "sha256")},
        "min_cell": least,
        "results": seal,
        "files": {path.relative_to(folder).as_posix(): sha256_of(path) for path in files},
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")
