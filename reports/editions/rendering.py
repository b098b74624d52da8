"""Every edition of a study, side by side in processes that each read the results once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path

from analyses.progress import Progress, shown
from data_dictionary.errors import EnplanError, RenderError
from reports.editions.texts import BESIDE, edition, index
from reports.editions.together import require_closed
from reports.editions.units import INDEX_NAME, Unit, units
from reports.facts import Report, load
from reports.failures import SHORT_OF_MEMORY, internal, is_short_of_memory, reason
from reports.formats import Engine, Format
from reports.pages import page
from reports.rendering import ACCESSIBILITY, formats_of, made_of
from reports.words.editions import failed_words
from surveys.files.placing import place_in
from surveys.files.scratch import scratch_folder

MEMORY = 1_000_000_000
"""Bytes that a process may come to need."""

Made = Mapping[Format, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """What came of every edition.

    Attributes
    ----------
    index : pathlib.Path
        The page that leads to them.
    units : tuple of Unit
        Those that were made.
    failed : mapping of Unit to str
        Those that were not, and why.
    """

    index: Path
    units: tuple[Unit, ...]
    failed: Mapping[Unit, str]


def render_each(
    results: str | Path,
    out: str | Path,
    *,
    each: str,
    to: Sequence[Format] = ("html",),
    engine: Engine = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Editions:
    """Render an edition for each place or outcome, and the page that leads to them.

    Parameters
    ----------
    results : str or pathlib.Path
        The results folder.
    out : str or pathlib.Path
        Where the files go; made if need be.
    each : {"municipality", "cluster", "outcome"}
        What has an edition of its own.
    to, engine
        As of `reports.render`.
    workers : int, optional
        Processes; left out, as many as there are cores, with a gigabyte of memory for each.
    progress : callable, optional
        Told ``(label, number, total)``; left out, a bar on a terminal.

    Returns
    -------
    Editions

    Raises
    ------
    DataError
        If there is nothing of that kind, or the editions together would give hidden numbers
        away.
    RenderError
        If no edition could be made.
    OSError
        If `out` cannot be written.

    Notes
    -----
    One edition that cannot be made is named and does not stop the others.
    """
    report, formats = load(results), formats_of(to)
    found = units(report, each)
    assert isinstance(report, Report)  # noqa: S101  (no other has units)
    require_closed(report)
    work = partial(_edition, str(Path(results).resolve()), to=formats, engine=engine)
    with scratch_folder() as scratch, place_in(Path(out).expanduser()) as place:
        files: dict[str, Path] = {}
        failed: dict[Unit, str] = {}
        with shown(progress) as told:
            for number, (unit, made) in enumerate(_handed_out(work, found, workers), start=1):
                told(unit.label, number, len(found))
                if isinstance(made, str):
                    failed[unit] = made
                    continue
                for item, content in made.items():
                    path = scratch / f"{unit.name}.{item}"
                    path.write_bytes(content)
                    files[path.name] = path
        done = tuple(one for one in found if one not in failed)
        if not done:
            raise RenderError(f"no edition could be made: {next(iter(failed.values()))}")
        title, body = index(report, done, formats)
        if failed:
            body = f"{body}\n\n{failed_words(len(failed))}\n"
        leading = scratch / f"{INDEX_NAME}.html"
        content = page(title, body, results=Path(results), engine=engine)["html"]
        leading.write_bytes(content.replace(BESIDE.encode(), b""))
        files |= {leading.name: leading, "tilgængelighed.md": ACCESSIBILITY}
        place.put(files)
    return Editions(index=place.root / leading.name, units=done, failed=failed)


def _handed_out(
    work: partial[Made | str], units: Sequence[Unit], workers: int | None
) -> Iterator[tuple[Unit, Made | str]]:
    """Yield what came of each edition as it is finished.

    A process that dies takes those beside it along: what is left is made one at a time, so
    that the one that kills its process is known.
    """
    left = dict.fromkeys(units)
    n_workers = min(workers or _workers(), len(units))
    with _pool(n_workers) as pool:
        try:
            waiting: dict[Future[Made | str], Unit] = {
                pool.submit(work, unit): unit for unit in units
            }
            for future in as_completed(waiting):
                made = future.result()
                del left[waiting[future]]
                yield waiting[future], made
        except BrokenProcessPool:
            pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    for unit in left:
        with _pool(1) as pool:
            try:
                yield unit, pool.submit(work, unit).result()
            except BrokenProcessPool:
                yield unit, f"the process that made it was killed; {SHORT_OF_MEMORY}"


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        # A copy of this process would carry its threads along, in whatever state they are.
        mp_context=get_context("spawn"),
        # Interrupted, a process ends what it has begun; the one that waits for it says so.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )


def _workers() -> int:
    import psutil

    free = int(psutil.virtual_memory().available)
    return max(1, min(os.cpu_count() or 1, free // MEMORY))


_RESULTS: dict[str, Report] = {}
"""Of a process: the results that it has read."""


def _edition(results: str, unit: Unit, *, to: Sequence[Format], engine: Engine) -> Made | str:
    """Return the files of an edition, or why there are none."""
    try:
        if results not in _RESULTS:
            report = load(results)
            assert isinstance(report, Report)  # noqa: S101
            _RESULTS[results] = report
        made = partial(edition, _RESULTS[results], unit)
        return made_of(made, results=results, to=to, engine=engine)
    except EnplanError as error:
        return str(error)
    except OSError as error:
        return reason(error)
    except Exception as error:  # noqa: BLE001  (the others go on)
        return SHORT_OF_MEMORY if is_short_of_memory(error) else internal(error)
