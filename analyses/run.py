"""Run a study: read, compare, estimate, describe, protect, write."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from threadpoolctl import threadpool_limits

from analyses.executors import executor_at
from analyses.findings.estimate import Estimates, estimate
from analyses.inputs.read import read_inputs
from analyses.inputs.tables import linkage
from analyses.progress import Progress, shown
from analyses.published.files import write_table
from analyses.published.gate import Gate
from analyses.published.sensitivity import SENSITIVITY
from analyses.published.table import Made
from analyses.published.tables import tables_of
from analyses.results.challenged import challenged
from analyses.results.dominance import dominance
from analyses.results.editions import Editions
from analyses.results.facts import GroupFacts
from analyses.results.folder import Results
from analyses.results.lock import lock_faults
from analyses.results.manifest import group_facts, manifest, write_manifest
from analyses.results.ownership import RUN_LOG
from analyses.results.swap import fresh_folder, writing
from analyses.study.sections import Study
from data_dictionary.errors import DesignError
from data_dictionary.executor import Executor

AFTER_READING = (
    "choosing the comparison and estimating",
    "describing the groups",
    "asking what could take the findings away",
    "disclosure control",
    "writing",
)


def run(
    study: Study,
    out: str | Path,
    data: Mapping[str, str | Path] | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Results:
    """Run a study and write its results folder.

    Parameters
    ----------
    study : Study
        From `load_study`.
    out : str or pathlib.Path
        Folder of the results.  Older results there move to ``OUT.previous``; until the new
        ones are complete they stay where they are.
    data : mapping of str to path, optional
        Files in the place of the study's; see `Study.with_data`.
    progress : callable, optional
        Told ``(step, number, total)``; left out, a bar on a terminal and one log line per
        step otherwise.
    executor : Executor, optional
        Does the work that can be split, such as `analyses.executors.Dask`; left out, the cores
        of this machine.

    Returns
    -------
    Results
        Read back from the folder, so what is returned is what was written.

    Raises
    ------
    DataError
        With every violation of every input file.
    DesignError
        If the comparison cannot be made, `out` is not a results folder, or few persons entered
        or left a number since an earlier edition.
    OSError
        If the folder cannot be written.

    Notes
    -----
    The same study, data and versions give the same bytes in every table: linear algebra is
    held to one thread, and every draw comes from the study's seed, whoever does the work.
    """
    executor = executor or executor_at(None)
    declared, study = study, study if data is None else study.with_data(data)
    if unplanned := list(lock_faults(study)):
        raise DesignError("\n".join(unplanned))
    # By the declared files too: a copy of the data is the same persons.
    editions = Editions.of(study, declared) if study.min_cell > 1 else None
    folder = Path(out).absolute()
    started = datetime.now(UTC).astimezone()
    with (
        shown(progress) as told,
        threadpool_limits(limits=1),
        fresh_folder(folder) as scratch,
        _logged(scratch / RUN_LOG),
    ):
        step = _counted(
            told, len(study.files) + (study.benchmark is not None) + len(AFTER_READING)
        )
        inputs = read_inputs(study, lambda name: step(f"reading {name}"), executor)
        gate = Gate(study.min_cell, tables_of(study.design))
        for line in linkage(inputs.linked, gate.said):
            RUN.info("%s", line)
        step(AFTER_READING[0])
        # One group is compared with nobody: there is nothing to estimate or to take away.
        estimates = estimate(study, inputs, executor) if study.compares else None
        step(AFTER_READING[1])
        made = Made(gate.tables, study, inputs, estimates)
        described = [made[name] for name in gate.tables if name != SENSITIVITY.name]
        step(AFTER_READING[2])
        if estimates is not None:
            described.append(made[SENSITIVITY.name])
        step(AFTER_READING[3])
        published = gate.publish(made)
        if editions is not None:
            # After the gate, since only what is told gives away; before anything is written.
            editions.require_distance(gate.cells, folder)
        facts: GroupFacts = group_facts(study, inputs, gate=gate, started=started)
        if estimates is not None:
            _log_decisions(estimates, gate)
            facts = manifest(
                study,
                inputs,
                estimates,
                challenged(
                    made[SENSITIVITY.name],
                    published,
                    estimates,
                    study.sensitivity,
                ),
                gate=gate,
                published=published,
                started=started,
                dominance=dominance(made),
            )
        step(AFTER_READING[4])
        with writing(folder):
            for name, table in published.items():
                write_table(gate.tables[name], table, scratch)
            write_manifest(scratch, facts, finished=datetime.now(UTC).astimezone())
            if editions is not None:
                editions.keep(gate.cells, scratch)
    return Results.load(folder)


def _counted(progress: Progress, total: int) -> Callable[[str], None]:
    """Return a function that numbers the steps it is told."""
    number = 0

    def step(name: str) -> None:
        nonlocal number
        number += 1
        progress(name, number, total)
        RUN.info("%d/%d %s", number, total, name)

    return step


RUN = logging.getLogger("analyses.log")


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Write the run's own log, which names files and decisions but no persons."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    before = RUN.level, RUN.propagate
    RUN.setLevel(logging.INFO)
    RUN.propagate = False
    RUN.addHandler(handler)
    try:
        yield
    finally:
        RUN.removeHandler(handler)
        handler.close()
        RUN.level, RUN.propagate = before


def _log_decisions(estimates: Estimates, gate: Gate) -> None:
    for name, one in estimates.outcomes.items():
        method, reason = one.decision.method, gate.note(one.decision.reason)
        RUN.info("%s %s: %s: %s", name, one.tested.term, method, reason)
        for note in gate.notes((*one.tested.notes, *one.notes)):
            RUN.info("%s note: %s", name, note)
