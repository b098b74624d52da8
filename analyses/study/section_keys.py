"""Every key of a study file: what it holds, its default, what is allowed and what it means.

The checks of a study file and the page ``docs/study-file.md`` are both made from these
declarations, so that the prose and the check cannot part company.
"""

from __future__ import annotations

from collections.abc import Mapping

from analyses.study.keys import Key, Keys
from analyses.study.register_keys import FOLLOW_UP, OF_SOURCE, SOURCES

TIME_ESTIMATES = (
    *("incidence", "weeks_since_event", "weeks_since_employment", "hazard_ratio"),
    *("subdistribution_hazard_ratio", "time_ratio"),
)
GENERATED = ("index_quarter", "elapsed_weeks", "elapsed_band")

STUDY: Keys = {
    "name": Key(
        kind="text", required=True, meaning="Short name, used in file names and the manifest."
    ),
    "title": Key(kind="text", required=True, meaning="Title of the report."),
    "dictionary": Key(
        kind="text",
        required=True,
        meaning="A shipped edition of the data dictionary, or a folder of `.toml` files.",
    ),
    "seed": Key(
        kind="integer",
        required=True,
        minimum=0,
        meaning="Seed of every draw. It has no default: the answer depends on it.",
    ),
    "synthetic": Key(
        kind="boolean", default=False, meaning="Stamp every page and figure as synthetic data."
    ),
}

FILE: Keys = {
    "file": Key(kind="text", required=True, meaning="Path, relative to the study file."),
    "wave": Key(
        kind="integer", minimum=1, meaning="Survey wave; files without one are stacked."
    ),
    "encoding": Key(kind="text", meaning="Encoding; left out, it is found and reported."),
    "sheet": Key(kind="text", meaning="Sheet of a workbook; left out, the first."),
    "decimal": Key(kind="text", allowed=(".", ","), meaning="Decimal mark of a text file."),
    "rename": Key(kind="renaming", meaning="Names in the file to names in the dictionary."),
    "keep": Key(kind="selection", meaning="Column to the list of levels whose rows are kept."),
    "observed_until": Key(
        kind="date",
        meaning="Last day that case records cover; left out, the last day of the register.",
    ),
}

COHORT: Keys = {
    "table": Key(
        kind="text",
        meaning="Table with one row per unit; left out, the one that has the treatment column.",
    ),
    "unit": Key(kind="text", meaning="Column with the person; left out, the row number."),
    "treatment": Key(kind="text", required=True, meaning="Column that tells the arms apart."),
    "treated": Key(kind="level", default=True, meaning="The level that counts as treated."),
    "index_date": Key(
        kind="text",
        meaning="Column with time zero, or the name under which `[cohort.time_zero]` makes it.",
    ),
    "eligible_from": Key(
        kind="text",
        meaning="Column with the first date of eligibility; no index date in the data may "
        "precede it.",
    ),
    "cluster": Key(
        kind="text", meaning="Column with the level at which treatment was decided."
    ),
    "donors": Key(
        kind="text",
        allowed=("other", "own"),
        meaning="`other` (the default with a cluster): controls come from clusters that the "
        "programme never reached; `own`: non-participants of the participant's own cluster, "
        "which becomes an exact stratum.",
    ),
    "donors_exclude": Key(
        kind="levels",
        default=(),
        meaning="Clusters that give no controls, such as those of another trial.",
    ),
    "cluster_class": Key(
        kind="text",
        meaning="Column with a class of clusters, such as those in like conditions.",
    ),
    "donors_same_class": Key(
        kind="boolean",
        default=False,
        meaning="Partners come from clusters of the same `cluster_class`, which becomes an "
        "exact stratum.",
    ),
    "donors_nearest": Key(
        kind="integer",
        minimum=1,
        meaning="Controls come only from the so many clusters (of the same `cluster_class`, "
        "where there is one) that were nearest to a treated cluster in the first register "
        "outcome before the programme; left out, from all.",
    ),
    "stages": Key(
        kind="renaming",
        meaning="Groups on the way to participation and their columns (a date, or yes/no), for "
        "the profile; left out, `eligible`, `invited` and `consented` as far as the table has "
        "them.",
    ),
}

TIME_ZERO: Keys = {
    "from": Key(
        kind="text",
        default="dream",
        allowed=("dream",),
        meaning="Register with weekly statuses.",
    ),
    "status": Key(
        kind="text",
        default="benefits",
        meaning="Status that makes a person eligible in a week.",
    ),
    "start": Key(
        kind="text", default="start_date", meaning="Column with the participants' own start."
    ),
    "months": Key(
        kind="months",
        meaning="First and last month (`YYYY-MM`) of control candidates; left out, the months "
        "in which participants start.",
    ),
    "exposure": Key(
        kind="text",
        default="exposure",
        meaning="Table with the programme's start per cluster; its clusters give no controls.",
    ),
    "resident": Key(
        kind="column pair",
        meaning="Columns with first and last day of residence, the last day missing if open.",
    ),
    "elapsed_bands": Key(
        kind="bands",
        default=(26, 52, 104),
        meaning="Where the bands of elapsed weeks on the status begin.",
    ),
}

OUTCOME: Keys = {
    "name": Key(kind="text", required=True, meaning="Name in every result file; unique."),
    "kind": Key(
        kind="text",
        required=True,
        allowed=("time", "score", "value"),
        meaning="What is measured.",
    ),
    "role": Key(
        kind="text",
        default="primary",
        allowed=("primary", "secondary", "exploratory"),
        meaning="Its place in the plan.",
    ),
    "family": Key(
        kind="text", default="main", meaning="p-values are adjusted within a family."
    ),
    "label": Key(kind="text", meaning="Danish label for the report."),
}

REGISTER_TIME: Keys = {
    "estimate": Key(
        kind="text",
        default="incidence",
        allowed=TIME_ESTIMATES,
        meaning="The one estimate that is tested; the others carry an interval only. Weeks "
        "since the event are called after employment where that is the event.",
    ),
    "fine_gray": Key(
        kind="text",
        default="crr",
        allowed=("crr", "finegray"),
        meaning="Whose definition the subdistribution hazard ratio follows where times tie: "
        "that of `cmprsk::crr` or of `survival::finegray`.",
    ),
    "from": Key(
        kind="text",
        required=True,
        allowed=SOURCES,
        meaning="`dream`: weekly statuses; `hours`: paid hours; `cases`: case records.",
    ),
    **OF_SOURCE["dream"],
    **OF_SOURCE["hours"],
    "competing": Key(
        kind="texts", default=(), meaning="Statuses that make the event impossible or moot."
    ),
    "horizon_weeks": Key(kind="integer", required=True, minimum=1, meaning="End of follow-up."),
    **FOLLOW_UP,
}

COLUMN_TIME: Keys = {
    "estimate": REGISTER_TIME["estimate"],
    "fine_gray": REGISTER_TIME["fine_gray"],
    "exit": Key(kind="text", required=True, meaning="Column with the time at exit."),
    "event": Key(
        kind="column or columns",
        required=True,
        meaning="One column of causes (or of 0/1), or a table `{ cause = column }` of 0/1 "
        "columns.",
    ),
    "of": Key(kind="text", meaning="The cause that counts; left out where `event` is 0/1."),
    "competing": Key(
        kind="texts",
        meaning="The other causes; left out, all other columns of an `event` table.",
    ),
    "horizon_weeks": Key(kind="integer", minimum=1, meaning="End of follow-up in weeks."),
    "horizon": Key(kind="number", minimum=1e-9, meaning="End of follow-up in `unit`."),
    "unit": Key(kind="text", default="weeks", meaning="Unit of `exit`."),
    "entry": Key(kind="text", meaning="Column with the time from which the row is at risk."),
    "landmark": Key(kind="number", minimum=1e-9, meaning="As for a register, in `unit`."),
}

SCORE: Keys = {
    "estimate": Key(
        kind="text",
        default="score_difference",
        allowed=("score_difference",),
        meaning="The estimate that is tested.",
    ),
    "scale": Key(kind="text", required=True, meaning="Scale of the dictionary, scored 0-100."),
    "baseline": Key(
        kind="integer", required=True, minimum=1, meaning="Wave before the index date."
    ),
    "wave": Key(kind="integer", required=True, minimum=1, meaning="Wave of the outcome."),
    "covariates": Key(
        kind="texts", default=(), meaning="Added for this outcome's own matched set."
    ),
}

VALUE: Keys = {
    "estimate": Key(
        kind="text",
        default="mean_difference",
        allowed=("mean_difference",),
        meaning="The estimate that is tested.",
    ),
    "column": Key(kind="text", required=True, meaning="Column with the outcome."),
    "unit": Key(kind="text", required=True, meaning="Unit of the effect."),
}

ITT: Keys = {
    "outcome": Key(
        kind="text", meaning="A register outcome with a horizon; left out, the first."
    ),
    "months": Key(
        kind="integer",
        default=6,
        minimum=1,
        maximum=24,
        meaning="How many months of flags make a cohort, before and after the start alike.",
    ),
    "horizon_weeks": Key(
        kind="integer", minimum=1, meaning="Follow-up; left out, that of the outcome."
    ),
}

SHARES: Keys = {
    "table": Key(kind="text", required=True, meaning="Survey table."),
    "scales": Key(kind="texts", required=True, meaning="Scales whose items are shown."),
    "agree": Key(kind="levels", required=True, meaning="Answers that count as agreeing."),
}

INFERENCE: Keys = {
    "level": Key(
        kind="number", default=0.95, minimum=0.5, maximum=0.999, meaning="Level of intervals."
    ),
    "few_clusters": Key(
        kind="text",
        default="auto",
        allowed=("auto",),
        meaning="`auto`: chosen or refused by the effective clusters of each arm.",
    ),
    "draws": Key(kind="integer", default=9999, minimum=99, meaning="Bootstrap draws."),
    "adjust": Key(
        kind="text",
        default="holm",
        allowed=("holm", "none"),
        meaning="Adjustment of p-values within a family.",
    ),
}

SENSITIVITY: Keys = {
    "outcomes": Key(
        kind="texts", meaning="Outcomes that are asked; left out, the primary ones."
    ),
    "runs": Key(
        kind="bands",
        default=(),
        meaning="Other lengths of the first run that counts, for register outcomes.",
    ),
    "observed_until": Key(
        kind="date",
        meaning="Last day of a shorter follow-up of register outcomes, such as the day before "
        "job search was suspended: everybody is censored then.",
    ),
    "negative_controls": Key(
        kind="texts",
        default=(),
        meaning="What the programme cannot have moved: derived or given columns from before "
        "the index date that are not matched on, or competing statuses of an outcome.",
    ),
    "leave_out": Key(
        kind="text",
        default="treated",
        allowed=("treated", "all", "none"),
        meaning="Clusters that are left out in turn.",
    ),
}

DISCLOSURE: Keys = {
    "min_cell": Key(
        kind="integer", default=5, minimum=1, meaning="Smallest count that is published."
    ),
}

BENCHMARK: Keys = {
    "outcome": Key(kind="text", required=True, meaning="Outcome that it stands beside."),
    "label": Key(kind="text", required=True, meaning="Danish name of the experiment."),
    **{name: key for name, key in FILE.items() if name not in ("wave", "observed_until")},
}

REPORT: Keys = {
    "title": Key(kind="text", meaning="Title of the report; left out, the study's."),
    "subtitle": Key(kind="text", meaning="Subtitle."),
    "authors": Key(kind="texts", default=(), meaning="Authors."),
    "publisher": Key(kind="text", meaning="Publisher."),
    "source": Key(kind="text", meaning="Text after `Kilde:`; left out, the study's own data."),
    "introduction": Key(
        kind="text", meaning="Background in Danish; a blank line separates paragraphs."
    ),
    "limits": Key(
        kind="texts",
        default=(),
        meaning="What else limits the study, in Danish, such as concurrent programmes.",
    ),
    "score_chapter": Key(kind="text", meaning="Title of the chapter on scales."),
    "staff_chapter": Key(kind="text", meaning="Title of the chapter on staff."),
    "time_chapter": Key(kind="text", meaning="Title of the chapter on times to an event."),
    "value_chapter": Key(kind="text", meaning="Title of the chapter on measured amounts."),
}

SECTIONS: Mapping[str, str] = {
    "study": "[study]",
    "data": "[[data.TABLE]]",
    "statuses": "[statuses]",
    "cohort": "[cohort]",
    "derive": "[derive]",
    "comparison": "[comparison]",
    "design": "[[design]]",
    "outcome": "[[outcome]]",
    "contrast": "[contrast.itt]",
    "path": "[path]",
    "shares": "[[shares]]",
    "inference": "[inference]",
    "sensitivity": "[sensitivity]",
    "disclosure": "[disclosure]",
    "benchmark": "[benchmark]",
    "report": "[report]",
}
