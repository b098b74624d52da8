"""What vouches for a results folder: study, inputs, versions, decisions and hashes."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from analyses.cohort.pre_period import FOLLOW_UP
from analyses.findings.estimate import Estimates
from analyses.outcomes.kind import Kind
from analyses.published.design import smallest_detectable
from analyses.published.gate import Gate, Shown
from analyses.published.paths import marks
from analyses.results.challenged import Challenged
from analyses.results.folder import SCHEMA
from analyses.results.labels import labels, outcome_label
from analyses.results.ownership import MANIFEST, sealed, sha256_of
from analyses.results.protocol import protocol
from analyses.study.methods import KEYWORDS
from analyses.study.sections import Comparison, Study
from data_dictionary import Codebook

PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "lifelines",
    "numba",
    "pyarrow",
    "pyreadstat",
)


def manifest(
    study: Study,
    words: Codebook,
    sources: Sequence[Mapping[str, Any]],
    estimates: Estimates,
    challenged: Sequence[Challenged],
    *,
    gate: Gate,
    published: Mapping[str, Shown],
    started: datetime,
) -> dict[str, Any]:
    """Return the manifest of a run, all but the end and the outputs.

    Parameters
    ----------
    study : Study
        The plan.
    words : Codebook
        For labels.
    sources : sequence of mapping
        One entry per input file.
    estimates : Estimates
        What was decided and found.
    challenged : sequence of Challenged
        What is left of the findings that the plan asks about.
    gate : Gate
        What every number of persons passes.
    published : mapping of str to Shown
        The tables as they are published.
    started : datetime
        When the run began, with its time zone.
    """
    found = labels(study, words, estimates.steps)
    return {
        "enplan_version": _own_version(),
        "schema": SCHEMA,
        "study": {
            "name": study.name,
            "title": study.title,
            "file": study.path.name,
            "sha256": sha256_of(study.path),
            "synthetic": study.synthetic,
            "seed": study.seed,
        },
        "inputs": [dict(source) for source in sources],
        "packages": {"python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "started": started.isoformat(timespec="seconds"),
        "cluster": study.cohort.cluster,
        "treatment": study.cohort.treatment,
        "covariates": list(study.comparison.covariates),
        "exact": list(study.comparison.exact),
        "level": study.inference.level,
        "outcomes": [_outcome(one, study, words, estimates, gate) for one in study.outcomes],
        "decisions": [
            {
                "outcome": name,
                "term": one.tested.term,
                "method": one.decision.method,
                "reason": one.decision.reason,
            }
            for name, one in estimates.outcomes.items()
        ],
        "contrasts": _contrasts(estimates, gate),
        "path": _path(estimates, gate, published["paths"].frame),
        "donors": _donors(study, estimates),
        "sensitivity": [one.facts() for one in challenged],
        "families": [
            {
                "name": family.name,
                "method": family.method,
                "n_tests": family.n_tests,
                "n_refused": family.n_refused,
                "smallest_p": None if math.isnan(family.smallest_p) else family.smallest_p,
            }
            for family in estimates.effects.families
        ],
        "after_index_date": {
            name: gate.count(late.sum()) for name, late in estimates.cohort.late.items()
        },
        "labels": found,
        "protocol": protocol(study, words, found),
        "disclosure": {"min_cell": gate.min_cell},
        "comparison": {
            **_comparison(study.comparison),
            "leaves_out": any(len(one.matched.dropped) for one in estimates.outcomes.values()),
        },
        "designs": [
            {"name": design.name, "label": design.label, **_comparison(design.comparison)}
            for design in study.designs
        ],
        "report": asdict(study.report),
    }


def _own_version() -> str:
    """Return our version; a checkout on the path that was never installed has none."""
    try:
        return version("enplan")
    except PackageNotFoundError:
        return "uninstalled"


def _comparison(plan: Comparison) -> dict[str, Any]:
    """Return the facts of a comparison; only keywords that its method uses."""
    told, own = asdict(plan.options), (*KEYWORDS, "seed")
    options = {name: value for name, value in told.items() if name not in own}
    learner = getattr(plan.options, "learner", None)
    return {
        "method": plan.method,
        "family": plan.options.family,
        "estimand": plan.estimand,
        **{name: told[name] for name in KEYWORDS if name in told},
        "options": options if learner is None else options | {"learner": learner.describe()},
    }


def _outcome(
    outcome: Kind, study: Study, words: Codebook, estimates: Estimates, gate: Gate
) -> dict[str, Any]:
    one = estimates.outcomes[outcome.name]
    entry: dict[str, Any] = {
        "name": outcome.name,
        "label": outcome_label(outcome.name, study, words),
        "role": outcome.role,
        "family": outcome.family,
        "estimate": one.tested.term,
        "kind": outcome.kind,
        "unit": one.tested.unit,
        "ess": {str(arm): gate.count(size) for arm, size in one.matched.ess.items()},
        "notes": gate.notes((*one.tested.notes, *one.notes)),
    }
    for name in (
        "event",
        "competing",
        "horizon",
        "weeks",
        *("hours", "months", "case_type", "time_scale", "landmark"),
        "scale",
        "baseline",
        "wave",
        "column",
    ):
        value = getattr(outcome, name, None)
        if value is not None:
            entry[name] = list(value) if isinstance(value, tuple) else value
    return entry | one.outcome.facts()


def _contrasts(estimates: Estimates, gate: Gate) -> list[dict[str, Any]]:
    """Return the contrasts that stand beside the participants' effect."""
    found = estimates.contrast
    if found is None:
        return []
    detectable = smallest_detectable(found.effect)
    return [
        {
            "outcome": found.plan.outcome.name,
            "term": found.effect.term,
            "estimand": found.effect.estimand,
            "horizon": found.plan.horizon,
            "months": found.plan.months,
            "method": found.decision.method,
            "reason": found.decision.reason,
            "mde": None if math.isnan(detectable) else detectable,
            "notes": gate.notes(found.effect.notes),
        }
    ]


def _path(estimates: Estimates, gate: Gate, published: pd.DataFrame) -> dict[str, Any] | None:
    """Return the facts of the weekly path, with what can be read off it as published."""
    found = estimates.path
    if found is None:
        return None
    return {
        "name": found.plan.name,
        "status": list(found.plan.status),
        "label": found.plan.label,
        "weeks": list(found.plan.weeks),
        "statuses": list(found.statuses),
        "merged": list(found.merged),
        "method": found.decision.method,
        "reason": found.decision.reason,
        "notes": gate.notes(found.followed.notes),
        **marks(found, published, gate.min_cell),
    }


def _donors(study: Study, estimates: Estimates) -> dict[str, Any]:
    """Return where controls come from."""
    cohort, nearest = study.cohort, estimates.cohort.nearest
    return {
        "from": cohort.donors,
        "exclude": list(cohort.donors_exclude),
        "cluster_class": cohort.cluster_class,
        "same_class": cohort.donors_same_class,
        "nearest": cohort.donors_nearest,
        "follow_up": FOLLOW_UP,
        "chosen": None if nearest is None else sorted(nearest, key=str),
    }


def write_manifest(folder: Path, content: Mapping[str, Any], *, finished: datetime) -> None:
    """Write the manifest, last of all files, with the hash of every table and of itself."""
    outputs = {
        path.name: sha256_of(path)
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".parquet")
    }
    whole = {**content, "finished": finished.isoformat(timespec="seconds"), "outputs": outputs}
    # Through JSON and back first, so that what is hashed is what will be read.
    plain = json.loads(json.dumps(whole, allow_nan=False))
    text = json.dumps(sealed(plain), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
