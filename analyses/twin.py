"""A twin of a study: its own file beside data drawn by chance, for code to be written against.

What is used of the real files: which columns of the dictionary they have, how many rows
(rounded), and how text is written. With `margins` also shares of codes, by the rules of what
may be published. No record, and no value, comes into the twin.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analyses.study.sections import DataFile, Study
from analyses.twin_aims import aims_of, members
from data_dictionary import Codebook, Table, load
from data_dictionary.errors import DesignError, EnplanError
from data_dictionary.wording import Level
from surveys.files.placing import place_in
from surveys.files.read_table import read_as
from surveys.files.scratch import scratch_folder
from surveys.files.source import Known, Reading
from surveys.files.wide import open_wide
from surveys.synthetic.earlier import set_apart
from surveys.synthetic.faulty import with_faults
from surveys.synthetic.like import TwinFile, asks_persons, draw_files
from surveys.synthetic.spine import Aims
from surveys.synthetic.write_like import Written, write_like, written_name
from surveys.waves.wave import reading_of_wave

# Fewer persons than that make no comparison.
LEAST_PERSONS, USUAL_PERSONS = 200, 2_000
# Rows of a table for each person, where there is no file to ask.
_EACH = {"persons": 1.0, "weekly_register": 1.0, "spells": 1.5, "monthly_hours": 20.0}
# Shares are told in steps of so much.
_STEP = 0.05
_STUDY = "study.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Where a twin lies, what was used of the real files, and what was kept of earlier ones."""

    study: Path
    notes: tuple[str, ...]
    kept: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What is asked of a real file; `frame`, its records, is for margins alone."""

    rows: int
    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    frame: pd.DataFrame | None = None


def synthesize_like(
    study: Study,
    out: str | Path,
    *,
    seed: int,
    persons: int | None = None,
    margins: bool = False,
    faults: bool = False,
) -> Twin:
    """Write a study folder whose data fit a study's dictionary and design by chance alone.

    Parameters
    ----------
    study : Study
        The plan; its files need not be there.
    out : str or Path
        Folder to write to, never the study's own.
    seed : int
        Decides everything that is drawn.
    persons : int, optional
        Rows of the table of persons; left out, as many as its files have, rounded to two
        digits.  The other files keep their proportion to it.
    margins : bool
        Whether coded columns get the shares that the real files have: in steps of 5 per cent,
        none of fewer than `min_cell` persons.
    faults : bool
        Whether the files get faults of the kinds that the real ones have, so that a check finds
        as many, to the next five.

    Raises
    ------
    DesignError
        If `out` holds a study that is not synthetic, or its text cannot be made synthetic.
    """
    out = Path(out)
    _refuse_real(study, out)
    words, sources = load(study.dictionary), _sources(study)
    shapes = [_shape(file, words[file.table]) for file in sources]
    there = (shape.columns for shape in shapes if shape)
    aims = aims_of(study, words, tuple(name for columns in there for name in columns))
    files, notes = _files(study, sources, shapes, words, aims, persons)
    if margins:
        files = [
            replace(file, shares=_shares(file.table, shape.frame, study.min_cell))
            if shape and shape.frame is not None
            else file
            for file, shape in zip(files, shapes, strict=True)
        ]
    frames = draw_files(files, aims, words, seed)
    if faults:
        notes += _add_faults(frames, sources, shapes, words, aims, seed)
    renamed: dict[str, str] = {}
    with scratch_folder() as scratch, place_in(out) as place:
        made: dict[str, Path] = {}
        for name in dict.fromkeys(file.file for file in sources):
            at = [k for k, file in enumerate(sources) if file.file == name]
            renamed[name] = target = written_name(_inside(name))
            made[target] = scratch / target
            made[target].parent.mkdir(parents=True, exist_ok=True)
            parts = [
                Written(frames[k], words[sources[k].table], _how(sources[k], words)) for k in at
            ]
            usual = next(((s.encoding, s.delimiter) for k in at if (s := shapes[k])), ())
            write_like(parts, made[target], *usual)
            notes += [f"{name} is written as {target}"] if target != name else []
        text = study.path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        if isinstance(study.dictionary, Path):
            told = tomllib.loads(text)["study"]["dictionary"]
            name = told if _inside(told) == told else f"./{Path(told).name}"
            text = _renamed(text, "dictionary", told, name)
            made |= {
                (Path(name) / file.name).as_posix(): file
                for file in sorted(study.dictionary.glob("*.toml"))
            }
        for old, new in renamed.items():
            text = _renamed(text, "file", old, new)
        made[_STUDY] = scratch / _STUDY
        made[_STUDY].write_text(_synthetic(text, seed), encoding="utf-8", newline="\n")
        for folder in {(out / name).parent for name in made}:
            # Persons drawn anew are nobody's neighbours in what was published before.
            set_apart(folder)
        kept = place.put(made)
    return Twin(study=out, notes=tuple(notes), kept=kept)


def _add_faults(
    frames: list[pd.DataFrame],
    sources: Sequence[DataFile],
    shapes: Sequence[_Shape | None],
    words: Codebook,
    aims: Aims,
    seed: int,
) -> Iterator[str]:
    """Put the kinds of faults of the real files into the frames; yield those that cannot be."""
    read = [shape.frame if shape else None for shape in shapes]
    own = [
        frame
        for frame, file in zip(read, sources, strict=True)
        if frame is not None and file.table == aims.people
    ]
    for k, file in enumerate(sources):
        table = words[file.table]
        if read[k] is not None:
            known = pd.concat(own) if own and table.name != aims.people else None
            found = read_as(file.path, table, _how(file, words), known, check=False)
            frames[k], left = with_faults(frames[k], table, found.violations, [seed, k])
            if left:
                yield f"{file.file}: without the faults {', '.join(left)}"


def _how(file: DataFile, words: Codebook) -> Reading:
    """Return how a file is read, with what the dictionary says of its wave."""
    return file if file.wave is None else reading_of_wave(file, words[file.table], file.wave)


def _refuse_real(study: Study, out: Path) -> None:
    """Refuse a folder in which somebody's data or study could be overwritten."""
    own = [study.path, *(one.path for one in _sources(study))]
    is_real = any(one.resolve().is_relative_to(out.resolve()) for one in own)
    if not is_real and (out / _STUDY).is_file():
        is_real = not _is_marked((out / _STUDY).read_text(encoding="utf-8-sig"))
    if is_real:
        raise DesignError(
            f"{out} holds a study that is not synthetic, or its data; nothing was written. "
            "Give the twin a folder of its own with --out."
        )


def _sources(study: Study) -> list[DataFile]:
    """Return the files, each once for every table and wave that it holds."""
    found: dict[tuple[object, ...], DataFile] = {}
    files = list(study.files)
    if study.benchmark is not None:
        files.append(replace(study.benchmark, table=study.cohort.table))
    for file in files:
        found.setdefault((file.file, file.table, file.wave), file)
    return [*found.values()]


def _shape(file: DataFile, table: Table) -> _Shape | None:
    """Return what may be known of a real file; None where it is not there or cannot be read."""
    try:
        with file.path.open(encoding="latin-1") as stream:
            lines = [line for _, line in zip(range(file.header or 1), stream, strict=False)]
        # In a tie the first: Danish files part columns by semicolons.
        mark = max(";\t,|", key=lines[-1].count) if lines else ";"
        if table.role != "weekly_register":
            read = read_as(file.path, table, replace(file, keep=None), check=False)
            told, columns = read.provenance, [*read.frame]
            return _Shape(
                rows=told.rows, columns=tuple(map(str, columns)), encoding=told.encoding,
                delimiter=mark, frame=read.frame,
            )  # fmt: skip
        own = {old.lower(): new for old, new in (file.rename or {}).items()}
        key = table.playing("key").name
        # The keys of a large text file count its rows.
        known = Known(is_key=lambda name: own.get(name.lower(), name.lower()) == key)
        wide = open_wide(file.path, file, known)
    except (EnplanError, OSError):
        return None
    there = [own.get(name.lower(), name.lower()) for name in wide.columns]
    return _Shape(
        rows=wide.provenance.rows,
        columns=tuple(name for one in table.columns for name in one.members(there)),
        encoding=wide.provenance.encoding,
        delimiter=mark,
    )


def _files(
    study: Study,
    sources: Sequence[DataFile],
    shapes: Sequence[_Shape | None],
    words: Codebook,
    aims: Aims,
    persons: int | None,
) -> tuple[list[TwinFile], list[str]]:
    """Return each file's size and columns, and what is said of them."""
    own = [
        k for k, file in enumerate(sources) if file.table == aims.people and file.wave is None
    ]
    own = [k for k in own if sources[k] in study.files]
    real = [shape.rows for k in own if (shape := shapes[k])]
    there = sum(real) if len(real) == len(own) else 0
    wanted = persons or max(rounded(there) if there else USUAL_PERSONS, LEAST_PERSONS)
    factor = wanted / there if there and wanted != rounded(there) else 1.0
    files, notes = [], []
    for k, (file, shape) in enumerate(zip(sources, shapes, strict=True)):
        table, said = words[file.table], "in proportion to the persons"
        if k in own and not (shape and there):
            rows, said = max(wanted // len(own), 1), "persons"
        elif shape:
            rows = rounded(round(shape.rows * factor))
            said = "as many as the file has, rounded" if factor == 1.0 else said
        else:
            share = _EACH.get(str(table.role), _wave_share(file.wave))
            # Staff are fewer than those whom they work for.
            share *= 0.05 if table.role == "survey" and not asks_persons(table, aims) else 1
            rows = rounded(round(wanted * share))
        keep = dict(file.keep or {})
        parts = [one.file == file.file and one.table == file.table for one in sources]
        rows = max(rows // sum(parts), 1) if keep else rows
        aside = table.name == aims.people and k not in own and file.wave is None
        if aside and aims.treatment is not None:
            keep[aims.treatment] = (aims.treated,)
        files.append(
            TwinFile(
                table=table,
                name=f"{file.file} {file.table} {file.wave}",
                rows=rows,
                columns=shape.columns if shape else tuple(members(table, study, aims)),
                wave=file.wave,
                aside=aside,
                keep=keep,
            )
        )
        if table.role == "exposure":
            notes.append(f"{file.file}: a row for each place that the programme reached")
        else:
            notes.append(f"{file.file}: {rows:,} rows ({said})")
    return files, notes


def _wave_share(wave: int | None) -> float:
    """Return the share of persons in a survey whose file is not there; each wave loses some."""
    return 0.75 * 0.85 ** ((wave or 1) - 1)


def rounded(n: int) -> int:
    """Return a number of rows with two digits, never an exact small count.

    Examples
    --------
    >>> rounded(3), rounded(187), rounded(15_992)
    (10, 190, 16000)
    """
    step: int = 10 ** max(len(str(n)) - 2, 1)
    return max(step, round(n / step) * step)


def _shares(table: Table, frame: pd.DataFrame, min_cell: int) -> dict[str, dict[Level, float]]:
    """Return the share of each code that enough persons have; the others share what is left."""
    key = next((one.name for one in table.columns if one.role == "key"), None)
    who = frame[key] if key in frame else frame.index.to_series()
    n = who.nunique()
    found: dict[str, dict[Level, float]] = {}
    # A step is as many persons as may be told.
    for column in table.columns if n * _STEP >= min_cell else ():
        codes: list[Level] = [0, 1] if column.type == "boolean" else [*column.codes]
        if column.name not in frame or column.role is not None or not codes:
            continue
        counts = who.groupby(frame[column.name]).nunique()
        told = {
            code: round(counts[code] / n / _STEP) * _STEP
            for code in codes
            if code in counts.index and counts[code] >= min_cell
        }
        if any(told.values()):
            rest = _STEP / 2 / len(codes)
            found[column.name] = {code: told.get(code) or rest for code in codes}
    return found


def _inside(name: str) -> str:
    """Return a path within the twin's folder for a file that may lie outside the study's."""
    path = Path(name)
    return f"data/{path.name}" if path.is_absolute() or ".." in path.parts else name


def _renamed(text: str, key: str, old: str, new: str) -> str:
    """Return the study file with another value of a key."""
    quoted = rf"(\b{key}\s*=\s*)([\"']){re.escape(old)}\2"
    return re.sub(quoted, lambda found: f'{found[1]}"{new}"', text)


def _synthetic(text: str, seed: int) -> str:
    """Return the study file as it stands, marked as synthetic."""
    # A catalogue of labels, and results about other persons, are not beside the twin.
    text = re.sub(r"(?m)^\s*catalog\s*=.*\n", "", text)
    text = re.sub(r"(?ms)^\s*published\s*=\s*\[.*?\][^\n]*\n", "", text)
    text = re.sub(r"(?m)^synthetic\s*=\s*(true|false)\b", "synthetic = true", text, count=1)
    if not _is_marked(text):
        text = re.sub(r"(?m)^(\s*\[study\].*)$", r"\1\nsynthetic = true", text, count=1)
    if not _is_marked(text):
        raise DesignError(
            "the study file cannot be marked as synthetic; write [study] on a line of its own "
            "and synthetic = false below it."
        )
    said = f"# A twin: its data are drawn by chance (seed {seed}) and are nobody's.\n"
    # The line of the schema must stay the first.
    at = text.index("\n") + 1 if text.startswith("#:") else 0
    return text[:at] + said + text[at:]


def _is_marked(text: str) -> bool:
    try:
        return tomllib.loads(text)["study"].get("synthetic") is True
    except (ValueError, KeyError, AttributeError):
        return False
