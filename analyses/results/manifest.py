"""What vouches for a results folder: study, inputs, versions, decisions and hashes."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analyses.cohort.pre_period import FOLLOW_UP
from analyses.cohort.who import arms
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import InputFile, Tables
from analyses.outcomes.facts import ScoreFacts, TimeFacts, ValueFacts
from analyses.outcomes.kind import Estimated
from analyses.published.design import smallest_detectable
from analyses.published.gate import Gate, Shown
from analyses.published.paths import apart, marks
from analyses.published.survey import place_of
from analyses.results.facts import (
    BenchmarkFacts,
    ChallengedFacts,
    ComparisonFacts,
    ContrastFacts,
    DecisionFacts,
    DisclosureFacts,
    DonorFacts,
    GroupFacts,
    LinkedFacts,
    OutcomeFacts,
    PathFacts,
    Places,
    RunFacts,
    SharesFacts,
    StudyFacts,
    TableFacts,
    written,
)
from analyses.results.folder import SCHEMA
from analyses.results.imports import SourceFacts, remark_facts
from analyses.results.labels import derived_facts, labels, outcome_label, used_tables
from analyses.results.lock import clause_lines, locked
from analyses.results.ownership import MANIFEST, RUN_LOG, own_version, sealed, sha256_of
from analyses.results.target_trial import target_trial
from analyses.study.methods import KEYWORDS, MAIN
from analyses.study.sections import Comparison, Study
from data_dictionary import Codebook
from evaluation import Matched
from evaluation.comparison.arms import ARMS
from evaluation.disclosure.digits import second_digit, to_unit
from evaluation.inference.variation import reason_in
from evaluation.robustness.response import ResponseWarning, response_warnings

PACKAGES = (
    *("numpy", "pandas", "scipy", "statsmodels", "lifelines"),
    *("numba", "pyarrow", "pyreadstat"),
)
# What a study may call the unit of a share.
# The unit is the user's own word, Danish or English.
SHARE_UNITS = ("andel", "share", "proportion")


def manifest(
    study: Study,
    tables: Tables,
    estimates: Estimates,
    challenged: Sequence[ChallengedFacts],
    *,
    gate: Gate,
    published: Mapping[str, Shown],
    started: datetime,
    dominance: Mapping[str, bool] | None = None,
) -> RunFacts:
    """Return the facts of a run, all but the end and the outputs.

    Parameters
    ----------
    study : Study
        The plan.
    tables : Tables
        For labels, for the files behind them, and for who answered where.
    estimates : Estimates
        What was decided and found.
    challenged : sequence of ChallengedFacts
        What is left of the findings that the plan asks about.
    gate : Gate
        What may be said of few.
    published : mapping of str to Shown
        The tables as they leave.
    started : datetime
        When the run began, with its time zone.
    dominance : mapping of str to bool, optional
        By table that tells of money, whether no two persons make up most of it.
    """
    words = tables.words
    main = comparison_facts(study.comparison, MAIN)
    leaves_out = any(len(one.matched.dropped) for one in estimates.outcomes.values())
    plan, group = study.benchmark, group_facts(study, tables, gate=gate, started=started)
    lock, lines = locked(study.path), clause_lines(study.path)
    shared = _same(GroupFacts, group)
    shared["tables"] = tuple(
        replace(one, places=_places(one.name, study, tables, estimates)) for one in group.tables
    )
    return RunFacts(
        **shared,
        cluster=study.cohort.cluster,
        treatment=study.cohort.treatment,
        covariates=study.comparison.covariates,
        exact=study.comparison.exact,
        outcomes=tuple(
            replace(
                outcome_facts(one, study, words, gate, published),
                standing="unlocked" if lock is None else lock.standing(name),
                lines=lines.get(name, (0, 0)),
            )
            for name, one in estimates.outcomes.items()
        ),
        decisions=tuple(
            DecisionFacts(
                outcome=name,
                term=one.tested.term,
                method=one.decision.method,
                reason=gate.note(one.decision.reason),
            )
            for name, one in estimates.outcomes.items()
        ),
        contrasts=_contrasts(estimates, gate),
        path=_path(estimates, gate, published["paths"].frame),
        donors=_donors(study, estimates),
        sensitivity=tuple(challenged),
        families=estimates.effects.families,
        after_index_date={
            name: gate.count(late.sum()) for name, late in estimates.cohort.late.items()
        },
        linked=tuple(
            LinkedFacts(one.source, gate.count(one.strangers), gate.count(one.unknown))
            for one in tables.linked
            if one.wave is None and one.strangers
        ),
        blank=_blank(estimates.main.matched, gate),
        derived=derived_facts(study, words),
        target_trial=target_trial(study),
        comparison=replace(main, leaves_out=leaves_out),
        locked=lock,
        dominance=dominance,
        designs=tuple(comparison_facts(one.comparison, one.name) for one in study.designs),
        benchmark=None
        if plan is None
        else BenchmarkFacts(outcome=plan.outcome, label=plan.label),
    )


def group_facts(study: Study, tables: Tables, *, gate: Gate, started: datetime) -> GroupFacts:
    """Return what is told of every study; of one group it is all."""
    words = tables.words
    return GroupFacts(
        enplan_version=own_version(),
        schema=SCHEMA,
        study=StudyFacts(
            file=study.path.name, sha256=sha256_of(study.path), **_same(StudyFacts, study)
        ),
        inputs=tuple(_source(one, gate) for one in tables.files),
        packages={"python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        started=started.isoformat(timespec="seconds"),
        level=study.inference.level,
        tables=tuple(_tables(study, tables)),
        shares=tuple(_shares(study, words)),
        labels=labels(study, words),
        disclosure=DisclosureFacts(min_cell=study.min_cell),
        report=study.report,
        outputs={},
    )


def _same(kind: type, source: object) -> dict[str, Any]:
    """Return what a source calls as the facts do, field by field."""
    names = (one.name for one in fields(kind))
    return {name: getattr(source, name) for name in names if hasattr(source, name)}


def _source(file: InputFile, gate: Gate) -> SourceFacts:
    """Return the facts of a file; its rows are persons, or theirs."""
    origin = {name: one for name, one in asdict(file.origin).items() if name != "columns"}
    # Rows are persons, or theirs: a file of few more than the matched would tell them.
    origin["rows"] = gate.rows(file.origin.rows)
    notes = tuple(gate.notes(file.notes))
    return SourceFacts(
        table=file.table, wave=file.wave, kept=file.kept, notes=notes,
        remarks=remark_facts(file.remarks, gate.count), **origin,
    )  # fmt: skip


def comparison_facts(plan: Comparison, name: str) -> ComparisonFacts:
    """Return the facts of a comparison; only keywords that its method uses."""
    told = asdict(plan.options.settled(plan.estimand))
    options = {name: value for name, value in told.items() if name not in (*KEYWORDS, "seed")}
    learner = getattr(plan.options, "learner", None)
    if learner is not None:
        options["learner"] = learner.describe()
    return ComparisonFacts(
        name=name,
        label=plan.label,
        method=plan.method,
        family=plan.options.family,
        estimand=plan.estimand,  # type: ignore[arg-type]
        **{name: told[name] for name in KEYWORDS if name in told},
        strata=options.get("n"),
        trim=options.get("trim"),
        cap=options.get("cap"),
        learner=options.get("learner"),
        options=options,
    )


def outcome_facts(
    one: Estimated,
    study: Study,
    words: Codebook,
    gate: Gate,
    published: Mapping[str, Shown],
) -> OutcomeFacts:
    """Return the facts of one outcome, its kind's own part among them."""
    outcome, effects = one.outcome, published["effects"].frame
    shown = effects.loc[effects["estimate"].notna(), ["outcome", "term"]]
    seen = set(shown.itertuples(index=False, name=None))
    part = outcome.facts(study, words)
    if isinstance(part, ValueFacts):
        measured = one.matched.frame.loc[one.matched.used, part.column]
        part = replace(part, is_share=_is_share(measured.dropna(), one.tested.unit))
    if isinstance(part, ScoreFacts):
        part = replace(part, response=_response(part, published["response"].exact))
    return OutcomeFacts(
        name=outcome.name,
        label=outcome_label(outcome, study, words),
        role=outcome.role,
        family=outcome.family,
        estimate=one.tested.term,
        kind=outcome.kind,
        unit=one.tested.unit,
        smallest=outcome.smallest,
        ess={
            arm: gate.effective(float(one.matched.ess[arm]), who)
            for arm, who in zip(ARMS, arms(one.matched), strict=True)
        },
        notes=tuple(gate.notes((*one.tested.notes, *one.notes))),
        refusals={
            effect.term: code
            for effect in (one.tested, *one.others)
            if effect.outcome == outcome.name and (effect.outcome, effect.term) in seen
            if (code := reason_in(effect.notes)) is not None
        },
        time=part if isinstance(part, TimeFacts) else None,
        score=part if isinstance(part, ScoreFacts) else None,
        value=part if isinstance(part, ValueFacts) else None,
    )


def _response(part: ScoreFacts, response: pd.DataFrame) -> tuple[ResponseWarning, ...]:
    """Return what must be said of who answered the follow-up."""
    own = response[(response["table"] == part.table) & (response["wave"] == part.wave)]
    share = own.set_index("arm")["share"].astype(float)
    return response_warnings(*(share.get(arm, math.nan) for arm in ARMS))


def _blank(m: Matched, gate: Gate) -> dict[str, int | None]:
    """Return how many lack each characteristic: only where nothing is made alike may any."""
    lacks = {
        name: int((m.frame[name].isna().to_numpy() & m.used).sum())
        for name in m.roles.covariates
    }
    return {name: gate.count(n) for name, n in lacks.items() if n}


def _is_share(values: pd.Series, unit: str) -> bool:
    """Whether an amount is a share: no or yes, or from 0 to 1 under a unit that says so."""
    is_named = unit.strip().lower() in SHARE_UNITS
    within = values.between(0, 1) if is_named else values.isin([0, 1])
    return bool(len(values)) and bool(within.all())


def _tables(study: Study, tables: Tables) -> list[TableFacts]:
    return [
        TableFacts(
            **_same(TableFacts, table),
            cluster=place_of(tables.waves.get(table.name, {}), study),
        )
        for table in used_tables(study, tables.words)
    ]


def _places(table: str, study: Study, tables: Tables, estimates: Estimates) -> Places:
    """Return in which arm's clusters a survey's answers were given, where its files say so."""
    cluster, waves = study.cohort.cluster, tables.waves.get(table, {})
    frames = [wave.frame for wave in waves.values() if cluster in wave.frame]
    # One wave without places leaves open where its answers were given.
    if not frames or len(frames) < len(waves):
        return "unknown"
    own = {str(code) for frame in frames for code in frame[cluster].dropna().unique()}
    m = estimates.main.matched
    treated = {str(code) for code in m.frame.loc[m.treated, cluster].unique()}
    if own <= treated:
        return "treated"
    return "comparison" if not own & treated else "both"


def _shares(study: Study, words: Codebook) -> list[SharesFacts]:
    made = []
    for plan in study.shares:
        item = words[plan.table].column(words.scales[plan.scales[0]].items[0])
        levels = tuple(item.codes.get(code, str(code)) for code in plan.agree)  # type: ignore[arg-type]
        made.append(SharesFacts(table=plan.table, scales=plan.scales, agree=levels))
    return made


def _contrasts(estimates: Estimates, gate: Gate) -> tuple[ContrastFacts, ...]:
    found = estimates.contrast
    if found is None:
        return ()
    mde = smallest_detectable(found.effect)
    return (
        ContrastFacts(
            outcome=found.plan.outcome.name,
            term=found.effect.term,
            estimand=found.effect.estimand,
            horizon=found.plan.horizon,
            months=found.plan.months,
            method=found.decision.method,
            reason=gate.note(found.decision.reason),
            mde=float(to_unit(mde, second_digit(mde))) if gate.min_cell > 1 else mde,
            notes=tuple(gate.notes(found.effect.notes)),
        ),
    )


def _path(estimates: Estimates, gate: Gate, shown: pd.DataFrame) -> PathFacts | None:
    """Return the facts of the weekly path, with what can be read off it as published."""
    found = estimates.path
    if found is None:
        return None
    statuses = tuple(dict.fromkeys(shown["status"]))
    lag, even = marks(found, shown, gate.min_cell)
    return PathFacts(
        **_same(PathFacts, found.plan),
        statuses=statuses,
        merged=tuple(found.put_together(statuses)),
        method=found.decision.method,
        reason=gate.note(found.decision.reason),
        notes=tuple(gate.notes(found.followed.notes)),
        lock_in=lag,
        break_even=even,
        **apart(found, shown),
    )


def _donors(study: Study, estimates: Estimates) -> DonorFacts:
    cohort, nearest = study.cohort, estimates.cohort.nearest
    return DonorFacts(
        source=cohort.donors,
        exclude=cohort.donors_exclude,
        cluster_class=cohort.cluster_class,
        same_class=cohort.donors_same_class,
        nearest=cohort.donors_nearest,
        follow_up=FOLLOW_UP,
        chosen=None if nearest is None else tuple(sorted(nearest, key=str)),
    )


def write_manifest(folder: Path, facts: GroupFacts, *, finished: datetime) -> None:
    """Write the manifest, last of all files, with the hash of each of them and of itself."""
    outputs = {
        path.name: sha256_of(path)
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".parquet")
    }
    # Nothing is logged from here on; every line stands in the file as soon as it is logged.
    log = sha256_of(folder / RUN_LOG)
    end = finished.isoformat(timespec="seconds")
    whole = replace(facts, finished=end, outputs=outputs, log=log)
    # Through JSON and back first, so that what is hashed is what will be read.
    plain = json.loads(json.dumps(written(whole), allow_nan=False))
    text = json.dumps(sealed(plain), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
