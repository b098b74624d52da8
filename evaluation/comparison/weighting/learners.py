"""Learners of the propensity: the logit, and two from scikit-learn that are cross-fitted.

The one module that imports scikit-learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from data_dictionary.errors import DesignError
from data_dictionary.schema import Form, key
from evaluation.arguments import seed_of
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.method import is_count, is_number, value_faults
from evaluation.comparison.propensity import fit_logit

_AT_LEAST_ONE = Form("1 or more", is_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """A way to learn the propensity; what it is told is checked when it is made."""

    name: ClassVar[str]

    def __post_init__(self) -> None:
        if faults := value_faults(self):
            raise DesignError("\n".join(faults))

    def describe(self) -> str:
        """Return the learner in words."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic(Learner):
    """The logit, fitted once on all rows; separation is found and named.

    Examples
    --------
    >>> Logistic().describe()
    'logit'
    """

    name: ClassVar[str] = "logistic"

    def describe(self) -> str:
        """Return the learner in words."""
        return "logit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossFitted(Learner):
    """A learner whose rows have their propensity from models that have not seen them."""

    seed: int | None = key("Of the folds, on which the propensity depends.", None)
    folds: int = key(
        "Each row's propensity comes from a model that has not seen its fold.",
        5,
        form=Form("2 or more; a row is not fitted on itself", lambda folds: is_count(folds, 2)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalised(CrossFitted):
    """Logistic regression with a penalty whose strength is chosen by cross-validation.

    Examples
    --------
    >>> Penalised(seed=1, lasso=1.0).describe()
    'lasso logit, cross-fitted in 5 folds'
    """

    name: ClassVar[str] = "penalised"

    lasso: float = key(
        "0 is ridge, 1 is lasso, between them the elastic net.",
        0.0,
        form=Form("from 0 (ridge) to 1 (lasso)", lambda it: is_number(it) and 0 <= it <= 1),
    )

    def describe(self) -> str:
        """Return the learner in words."""
        name = {0.0: "ridge", 1.0: "lasso"}.get(self.lasso, "elastic-net")
        return f"{name} logit, cross-fitted in {self.folds} folds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosted(CrossFitted):
    """Gradient-boosted trees, whose learning rate is 10 over their number, at most 0.1.

    Examples
    --------
    >>> Boosted(seed=1, trees=300).describe()
    '300 boosted trees of depth 3, cross-fitted in 5 folds'
    """

    name: ClassVar[str] = "boosted"

    trees: int = key("Number of trees.", 200, form=_AT_LEAST_ONE)
    depth: int = key("Depth of each tree.", 3, form=_AT_LEAST_ONE)

    def describe(self) -> str:
        """Return the learner in words."""
        return (
            f"{self.trees} boosted trees of depth {self.depth}, "
            f"cross-fitted in {self.folds} folds"
        )


LEARNERS: tuple[type[Learner], ...] = (Logistic, Penalised, Boosted)
IS_LEARNER = Form(
    "a learner: Logistic(), Penalised(seed=1) or Boosted(seed=1)",
    lambda it: isinstance(it, Learner),
)


def log_odds(
    learner: Learner,
    X: FloatArray,
    treated: BoolArray,
    *,
    sampling: FloatArray,
    group: IntArray,
) -> FloatArray:
    """Return each row's log-odds of treatment; infinite where a logit separates the row.

    `group` is what must stay together in one fold: the cluster where there is one.  A model
    that has seen a municipality's other citizens has seen its fold.
    """
    if not isinstance(learner, CrossFitted):
        return fit_logit(X, treated, weights=sampling).log_odds
    from threadpoolctl import threadpool_limits

    fold = deal(group, treated, folds=learner.folds, seed=learner.seed)
    score = np.empty(len(X))
    # One thread: sums then have one order, and a busy machine is not made busier.
    with threadpool_limits(limits=1):
        for number in range(learner.folds):
            own = fold == number
            model = _model(learner, len(X) - int(own.sum()))
            fitted = _fitted(model, X[~own], treated[~own], sampling[~own])
            score[own] = fitted.predict_proba(X[own])[:, 1]
    score = np.clip(score, 1e-9, 1 - 1e-9)
    return np.log(score / (1 - score))


def deal(group: IntArray, treated: BoolArray, *, folds: int, seed: int | None) -> IntArray:
    """Return each row's fold: whole groups, dealt out within arms in random order."""
    rng = np.random.default_rng(seed_of(seed, "cross-fitting"))
    n = int(group.max()) + 1
    has = {
        arm: np.bincount(group[treated == flag], minlength=n) > 0
        for arm, flag in (("treated", True), ("comparison", False))
    }
    for arm, members in has.items():
        if members.sum() < folds:
            raise DesignError(
                f"folds={folds}, but the {arm} arm has {int(members.sum())} cluster(s) or "
                "rows to deal out; use fewer folds, or the logit, which needs none."
            )
    fold = np.full(n, -1, dtype=np.int64)
    # The arm with fewer groups is dealt first, so that every fold leaves some of it.
    for members in sorted(has.values(), key=lambda found: int(found.sum())):
        rest = rng.permutation(np.flatnonzero(members & (fold < 0)))
        fold[rest] = np.arange(len(rest)) % folds
    return fold[group]


def _model(learner: CrossFitted, n: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if isinstance(learner, Boosted):
        return HistGradientBoostingClassifier(
            max_iter=learner.trees,
            max_depth=learner.depth,
            learning_rate=min(0.1, 10 / learner.trees),
            min_samples_leaf=max(1, min(20, n // 20)),
            early_stopping=False,
            random_state=learner.seed,
        )
    assert isinstance(learner, Penalised)  # noqa: S101 - there are these two
    logit = LogisticRegressionCV(
        Cs=10,
        l1_ratios=(learner.lasso,),
        solver="lbfgs" if learner.lasso == 0 else "saga",
        scoring="neg_log_loss",
        max_iter=2000,
        tol=1e-6 if learner.lasso == 0 else 1e-4,
        random_state=learner.seed,
        use_legacy_attributes=False,
    )
    return make_pipeline(StandardScaler(), logit)


def _fitted(model: Any, X: FloatArray, treated: BoolArray, sampling: FloatArray) -> Any:
    """Fit with base weights, which a pipeline wants addressed to its last step."""
    steps = getattr(model, "steps", None)
    name = "sample_weight" if steps is None else f"{steps[-1][0]}__sample_weight"
    return model.fit(X, treated, **{name: sampling / sampling.mean()})
