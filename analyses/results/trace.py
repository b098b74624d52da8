"""Where a number comes from: its clause in the plan, its method, the files and the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analyses.results.facts import OutcomeFacts, RunFacts, read_facts
from analyses.results.folder import Results
from data_dictionary.errors import DataError, did_you_mean
from evaluation import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What stands behind one estimate.

    Attributes
    ----------
    name : str
        ``OUTCOME.TERM``, as in effects.csv.
    effect : Effect
        The estimate as it was published.
    grade : str
        How sure it is, or nothing where that is hidden.
    clause : str
        The lines of the study file that ask for it, with the file's sha256.
    standing : str
        What its outcome is in a locked plan.
    decision : str
        How its inference was chosen; of the tested estimate only.
    inputs : tuple of str
        Files with their sha256.
    code : str
        Version of the package, and of those it computes with.
    """

    name: str
    effect: Effect
    grade: str
    clause: str
    standing: str
    decision: str
    inputs: tuple[str, ...]
    code: str

    def summary(self) -> str:
        """Return all of it, a line each."""
        lines = [
            f"{self.name}: {self.effect}",
            f"  method:    {self.effect.method}",
            f"  inference: {self.decision}" if self.decision else "",
            f"  grade:     {self.grade}" if self.grade else "",
            f"  plan:      {self.clause}; {self.standing.replace('_', ' ')}",
            *(f"  input:     {one}" for one in self.inputs),
            f"  code:      {self.code}",
        ]
        return "\n".join(filter(None, lines))


def trace(results: Results | str | Path, name: str) -> Trace:
    """Tell where an estimate comes from.

    Parameters
    ----------
    results : Results, str or pathlib.Path
        Results, or their folder.
    name : str
        ``OUTCOME.TERM``, such as ``employment.incidence``.

    Returns
    -------
    Trace

    Raises
    ------
    DataError
        If there is no such estimate, or the study compares nobody.
    """
    found = results if isinstance(results, Results) else Results.load(results)
    facts = read_facts(found.manifest)
    if not isinstance(facts, RunFacts):
        raise DataError(f"{found.folder}: a study of one group estimates no effects to trace.")
    rows = {f"{row['outcome']}.{row['term']}": row for row in found.tidy().to_dict("records")}
    if name not in rows:
        raise DataError(
            f"{found.folder}: there is no estimate '{name}'.{did_you_mean(name, rows)} "
            f"Estimates: {', '.join(rows)}."
        )
    row = {str(key): value for key, value in rows[name].items()}
    # A way out belongs to the outcome that it competes with.
    outcome = next((one for one in facts.outcomes if one.name == row["outcome"]), None)
    grades = found.frames["grades"].set_index(["outcome", "part", "term"])["grade"]
    return Trace(
        name=name,
        effect=Effect(**row),
        grade=str(grades.get((row["outcome"], "", row["term"])) or ""),
        clause=_clause(facts, outcome),
        standing="exploratory" if outcome is None else outcome.standing,
        decision=next(
            (
                f"{one.method}: {one.reason}"
                for one in facts.decisions
                if (one.outcome, one.term) == (row["outcome"], row["term"])
            ),
            "",
        ),
        inputs=tuple(f"{one.name} (sha256 {one.sha256})" for one in facts.inputs),
        code=", ".join(
            f"{package} {version}"
            for package, version in {"enplan": facts.enplan_version, **facts.packages}.items()
        ),
    )


def _clause(facts: RunFacts, outcome: OutcomeFacts | None) -> str:
    study = facts.study
    first, last = (0, 0) if outcome is None else outcome.lines
    lines = f", lines {first}-{last}" if first else ""
    return f"{study.file}{lines} (sha256 {study.sha256})"
