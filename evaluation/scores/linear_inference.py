"""Standard error, interval and p-value of a linear effect, by the inference decided on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.arrays import FloatArray
from evaluation.inference import cluster_variance, randomisation, wild_bootstrap
from evaluation.inference.cluster_variance import ClusterFit, sums_by
from evaluation.inference.gatekeeper import Decision
from evaluation.inference.judgement import Judgement
from evaluation.notes import Note
from evaluation.scores.linear_design import ARM, LinearDesign


def infer(
    design: LinearDesign, decision: Decision, *, level: float, draws: int, seed: int
) -> Judgement:
    """Return the uncertainty of the arm's coefficient.

    Notes
    -----
    With clusters, p-value and interval come from one restricted wild bootstrap; the standard
    error is CR2 and stands beside them.  Without clusters all three come from CR2 with
    Satterthwaite degrees of freedom: by matched set where rows have one, else by person, which
    is HC2 where everybody has one row.  Where the gatekeeper allows randomisation only, the
    p-value stands alone.
    """
    if decision.is_randomised:
        return _randomised(design, decision, draws=draws, seed=seed)
    if decision.is_refused:
        return Judgement.refused(decision.reason)
    groups = {"wild": design.cluster, "set": design.sets, "hc2": design.person}
    cluster = groups[decision.method]
    if cluster is None:
        raise ValueError(f"method '{decision.method}' needs groups that the design lacks")
    robust = cluster_variance.fit(
        design.X, design.y, cluster, kind="CR2", weights=design.weights
    )
    if decision.method == "wild":
        wild = wild_bootstrap.test(
            design.X,
            design.y,
            cluster,
            coefficient=ARM,
            draws=draws,
            seed=seed,
            row_weights=design.weights,
            level=level,
        )
        vectors = "all" if wild.enumerated else "drawn"
        return Judgement(
            std_error=float(robust.std_error[ARM]),
            conf_low=wild.conf_low,
            conf_high=wild.conf_high,
            p_value=wild.p_value,
            smallest_p=wild.smallest_p,
            test="restricted wild cluster bootstrap",
            notes=(
                decision.reason,
                Note(
                    "bootstrap",
                    "{draws} {weights} vectors ({vectors}), smallest attainable p "
                    "{smallest:.2g}; std_error is {error}",
                    facts={
                        "draws": wild.draws,
                        "weights": wild.weights,
                        "vectors": vectors,
                        "smallest": wild.smallest_p,
                        "error": "CR2",
                    },
                ),
            ),
        )
    name = _name(design, decision)
    return by_t(robust, level=level, test=name, notes=(decision.reason,))


def by_t(robust: ClusterFit, *, level: float, test: str, notes: tuple[str, ...]) -> Judgement:
    """Return what a robust error of the arm's coefficient and Student's t say."""
    error, estimate = robust.uncertainty(ARM), float(robust.coef[ARM])
    return Judgement.of(error, estimate, level=level, test=test, notes=notes)


def _name(design: LinearDesign, decision: Decision) -> str:
    if decision.method == "set":
        return "CR2 by matched set"
    return "HC2" if np.unique(design.person).size == len(design.y) else "CR2 by person"


def _randomised(
    design: LinearDesign, decision: Decision, *, draws: int, seed: int
) -> Judgement:
    """Return a p-value from exchanging clusters; residuals are taken without the arm."""
    codes, labels = pd.factorize(np.asarray(design.cluster))
    residual = _without_arm(design)
    columns = np.column_stack(
        [design.weights * residual, design.weights, design.weights * design.treated]
    )
    score, weight, treated = sums_by(codes, columns, len(labels)).T
    found = randomisation.test(score, weight, treated > 0, draws=draws, seed=seed)
    note = Note(
        "randomisation",
        "{test}, smallest attainable p {smallest:.2g}",
        facts={"test": found, "smallest": found.smallest_p},
    )
    return Judgement.randomised(found, decision.reason, note)


def _without_arm(design: LinearDesign) -> FloatArray:
    """Return the outcome less what a regression without the arm explains."""
    X, root = np.delete(design.X, ARM, axis=1), np.sqrt(design.weights)
    coef = np.linalg.lstsq(X * root[:, None], design.y * root, rcond=None)[0]
    return np.asarray(design.y - X @ coef, dtype=np.float64)
