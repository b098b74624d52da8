"""The comparison that the plan names is that of `evaluation`, as the plan says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import evaluation as ev
from analyses import Study, Tables
from analyses.cohort.compare import compare, decision_of
from analyses.cohort.rows import cohort_rows


def test_the_plan_of_the_study_file_is_a_call_of_match(study: Study, tables: Tables) -> None:
    rows = cohort_rows(study, tables)
    found = compare(rows.frame, rows.roles, study.comparison, study.cohort.index_date)
    same = ev.match(
        rows.frame,
        rows.roles,
        distance="logit",
        caliper=0.2,
        ratio=1,
        replace=False,
        order="data",
    )
    assert np.array_equal(found.weights, same.weights)


def test_no_method_leaves_the_groups_as_they_are(study: Study, tables: Tables) -> None:
    rows = cohort_rows(study, tables)
    none = replace(study.comparison, method="unmatched", options=None)
    found = compare(rows.frame, rows.roles, none, study.cohort.index_date)
    assert found.used.all()
    assert found.method == "unmatched"


def test_a_linear_effect_is_judged_by_what_is_observed(study: Study, tables: Tables) -> None:
    rows = cohort_rows(study, tables)
    m = compare(rows.frame, rows.roles, study.comparison, study.cohort.index_date)
    whole, one_place = decision_of(m, m.used), m.cluster == m.cluster[m.used & m.treated][0]
    few = decision_of(m, m.used & (one_place | ~m.treated))
    assert whole.n_treated_clusters > few.n_treated_clusters == 1
    assert few.is_refused
