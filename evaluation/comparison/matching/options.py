"""What each method of matching may be told beyond the keywords of `match`: one object each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from data_dictionary.errors import did_you_mean

Method = Literal["nearest", "optimal", "full", "exact", "cem", "subclass"]
Estimand = Literal["ATT", "ATC", "ATE"]
Order = Literal["largest", "smallest", "data", "closest", "random"]
CaliperUnit = Literal["sd", "raw"]
Discard = Literal["none", "treated", "comparison", "both"]

_EITHER_ARM = ("ATT", "ATC")
_ALL = ("ATT", "ATC", "ATE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """Sets of rows that agree on every covariate and every exact column.

    Parameters
    ----------
    exclude : mapping of str to sequence
        Donor rule: column to values; comparison rows with one of them are no candidates, such
        as ``{"municipality": [101, 147]}`` for other trials' municipalities.
    """

    name: ClassVar[str] = "exact"
    estimands: ClassVar[tuple[str, ...]] = _ALL
    uses: ClassVar[frozenset[str]] = frozenset()
    exclude: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cem:
    """Coarsened exact matching: sets of rows that agree on covariates cut into bins.

    Parameters
    ----------
    cutpoints : mapping of str to int, "sturges" or sequence of float
        Per number: so many bins of equal width (0 = exact, 1 = left out), Sturges' rule (the
        default), or the cuts themselves; a value on a cut falls into the upper bin.
    grouping : mapping of str to sequence of sequence
        Per category: levels that count as one.
    k2k : bool
        Whether each set is thinned to as many treated as comparison rows, paired greedily by
        Mahalanobis distance in data order.
    exclude : mapping of str to sequence
        As in `Exact`.
    """

    name: ClassVar[str] = "cem"
    estimands: ClassVar[tuple[str, ...]] = _ALL
    uses: ClassVar[frozenset[str]] = frozenset()
    cutpoints: Mapping[str, int | str | Sequence[float]] = field(default_factory=dict)
    grouping: Mapping[str, Sequence[Sequence[Any]]] = field(default_factory=dict)
    k2k: bool = False
    exclude: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subclass:
    """Subclassification on the distance measure.

    Parameters
    ----------
    n : int
        Number of subclasses, cut at quantiles among the treated (ATT), the comparison rows
        (ATC) or all (ATE).
    least : int
        Rows of each arm that every subclass must have; others move in from its neighbours.
    discard : {"none", "treated", "comparison", "both"}
        Which arm's rows outside the other arm's range of the distance measure are left out.
    exclude : mapping of str to sequence
        As in `Exact`.
    """

    name: ClassVar[str] = "subclass"
    estimands: ClassVar[tuple[str, ...]] = _ALL
    uses: ClassVar[frozenset[str]] = frozenset({"distance"})
    n: int = 6
    least: int = 1
    discard: Discard = "none"
    exclude: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairing:
    """What the methods that pair rows by distance have in common.

    Parameters
    ----------
    mahalanobis : tuple of str
        Columns whose Mahalanobis distance decides, inside the caliper on the distance measure.
    caliper_unit : {"sd", "raw"}
        Whether `caliper` counts standard deviations of the distance measure or its own unit.
    calipers, calipers_sd : mapping of str to float
        Largest difference of a covariate, in its own unit or in its standard deviations.
    anti_exact : tuple of str
        Columns on which partners must differ.
    discard : {"none", "treated", "comparison", "both"}
        Which arm's rows outside the other arm's range of the distance measure are left out.
    exclude : mapping of str to sequence
        As in `Exact`.
    """

    estimands: ClassVar[tuple[str, ...]] = _EITHER_ARM
    mahalanobis: tuple[str, ...] = ()
    caliper_unit: CaliperUnit = "sd"
    calipers: Mapping[str, float] = field(default_factory=dict)
    calipers_sd: Mapping[str, float] = field(default_factory=dict)
    anti_exact: tuple[str, ...] = ()
    discard: Discard = "none"
    exclude: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest(_Pairing):
    """Greedy nearest neighbours.

    Parameters
    ----------
    min_controls, max_controls : int, optional
        Variable ratio: rows with the lowest distance measure get `max_controls`, the others
        `min_controls`, one perhaps something between, so that `ratio` is the average.
    mahalanobis, caliper_unit, calipers, calipers_sd, anti_exact, discard, exclude
        As in `Optimal`.
    """

    name: ClassVar[str] = "nearest"
    uses: ClassVar[frozenset[str]] = frozenset(
        {"distance", "ratio", "replace", "caliper", "order", "seed"}
    )
    min_controls: int | None = None
    max_controls: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal(_Pairing):
    """Pairs, or k:1 sets, with the smallest total distance.

    Parameters
    ----------
    mahalanobis : tuple of str
        Columns whose Mahalanobis distance decides, inside the caliper on the distance measure.
    caliper_unit : {"sd", "raw"}
        Whether `caliper` counts standard deviations of the distance measure or its own unit.
    calipers, calipers_sd : mapping of str to float
        Largest difference of a covariate, in its own unit or in its standard deviations.
    anti_exact : tuple of str
        Columns on which partners must differ.
    discard : {"none", "treated", "comparison", "both"}
        Which arm's rows outside the other arm's range of the distance measure are left out.
    exclude : mapping of str to sequence
        As in `Exact`.
    """

    name: ClassVar[str] = "optimal"
    uses: ClassVar[frozenset[str]] = frozenset({"distance", "ratio", "caliper"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Full(_Pairing):
    """Full matching: sets of one treated with several comparison rows, or the other way round.

    Parameters
    ----------
    min_controls : float
        Fewest comparison rows per treated in a set.  Below 1 several treated share one: 1/3
        lets three of them; 0 any number.
    max_controls : int, optional
        Most comparison rows per treated in a set; None for any number.  Where it forces some
        to be left out, as many as possible are kept, and then the distance is minimised.
    mahalanobis, caliper_unit, calipers, calipers_sd, anti_exact, discard, exclude
        As in `Optimal`.
    """

    name: ClassVar[str] = "full"
    estimands: ClassVar[tuple[str, ...]] = _ALL
    uses: ClassVar[frozenset[str]] = frozenset({"distance", "caliper"})
    min_controls: float = 0
    max_controls: int | None = None


Pairing: TypeAlias = Nearest | Optimal | Full
Options: TypeAlias = Nearest | Optimal | Full | Exact | Cem | Subclass
METHODS: dict[str, type[Options]] = {
    kind.name: kind for kind in (Nearest, Optimal, Full, Exact, Cem, Subclass)
}


def refuse_unknown(option: str, value: object, allowed: tuple[str, ...]) -> str:
    """Return a message if `value` is not among `allowed`, else an empty string."""
    if isinstance(value, str) and value in allowed:
        return ""
    values = ", ".join(f"'{name}'" for name in allowed)
    nearest = did_you_mean(str(value), allowed)
    return f"{option}={value!r} is not offered; allowed: {values}.{nearest}"
