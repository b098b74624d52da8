"""One check and one sentence for each kind of argument that a call may be given wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np

from data_dictionary.errors import DesignError, EnplanError, did_you_mean
from evaluation.arrays import FloatArray


def names_of(
    value: object, parameter: str, *, error: type[EnplanError] = DesignError
) -> tuple[str, ...]:
    """Return a parameter's names, each once; a bare text would be read letter by letter.

    Examples
    --------
    >>> names_of(["age", "female"], "covariates")
    ('age', 'female')
    """
    if faults := name_faults(value, parameter):
        raise error(faults[0])
    return tuple(dict.fromkeys(value))  # type: ignore[call-overload]


def name_faults(value: object, parameter: str) -> list[str]:
    """Return a message if a parameter that takes several names was given something else."""
    if isinstance(value, str):
        return [f"{parameter}='{value}' is one text; write ('{value}',)."]
    if not isinstance(value, Iterable) or isinstance(value, bytes):
        return [f"{parameter}={shown(value)} must be a tuple of names, such as ('a', 'b')."]
    odd = [name for name in value if not isinstance(name, str | Integral)]
    return [f"{parameter} holds {shown(one)}, which is no name of a column." for one in odd[:1]]


def name_of(value: object, parameter: str) -> str:
    """Return a parameter's one name."""
    if isinstance(value, str):
        return value
    quoted = f": '{value}'" if isinstance(value, Integral) else ""
    raise DesignError(f"{parameter}={shown(value)} must be one name, as text{quoted}.")


def each_named(named: Mapping[str, object]) -> None:
    """Refuse anything else than one name in parameters that take the name of one column."""
    for parameter, value in named.items():
        name_of(value, parameter)


def number_of(
    value: object, parameter: str, words: str, *, above: float = -np.inf, below: float = np.inf
) -> float:
    """Return a parameter's one number, between two bounds; `words` say what it must be.

    Examples
    --------
    >>> number_of(26, "horizon", "a positive time in weeks", above=0)
    26.0
    """
    given = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if isinstance(given, Real) and not isinstance(given, bool):
        number = float(given)
        if above < number < below:
            return number
    raise DesignError(f"{parameter}={shown(value)} must be {words}{_unquoted(value)}")


def numbers_of(
    values: object, parameter: str, words: str, *, above: float = -np.inf, below: float = np.inf
) -> FloatArray:
    """Return a parameter's numbers, one of them alone as well, as a vector.

    Examples
    --------
    >>> numbers_of(0.5, "shares", "shares", above=0).tolist()
    [0.5]
    """
    is_one = isinstance(values, str | bytes) or not isinstance(values, Iterable)
    given: tuple[Any, ...] = (values,) if is_one else tuple(values)  # type: ignore[arg-type]
    if not given:
        raise DesignError(f"{parameter}=() must be {words}")
    return np.array(
        [number_of(one, parameter, words, above=above, below=below) for one in given]
    )


def level_of(level: object) -> float:
    """Return the coverage of an interval."""
    if isinstance(level, Real) and 0.0 < float(level) < 1.0:
        return float(level)
    raise DesignError(f"level={shown(level)} must lie between 0 and 1, such as 0.95")


def seed_of(seed: object, what: str) -> int:
    """Return the seed of draws that are about to be made; they are not repeatable without."""
    if seed is None:
        raise DesignError(
            f"seed=None, but {what} draws at random here; write seed=1, or any other whole "
            "number, and keep it: the same seed gives the same answer."
        )
    if isinstance(seed, bool) or not isinstance(seed, Integral) or int(seed) < 0:
        raise DesignError(f"seed={shown(seed)} must be a whole number from 0 up.")
    return int(seed)


def choice_of(value: str, parameter: str, allowed: Iterable[str]) -> str:
    """Return an option that is offered."""
    if faults := choice_faults(value, parameter, allowed):
        raise DesignError(faults[0])
    return value


def choice_faults(value: object, parameter: str, allowed: Iterable[str]) -> list[str]:
    """Return a message if an option is not offered."""
    known = tuple(allowed)
    if isinstance(value, str) and value in known:
        return []
    given = f"'{value}'" if isinstance(value, str) else shown(value)
    hint = did_you_mean(value, known)
    listed = ", ".join(known) + (hint and f".{hint}")
    return [f"{parameter}={given} is not known; use one of {listed}"]


def draws_of(draws: object) -> int:
    """Return a number of draws."""
    if isinstance(draws, bool) or not isinstance(draws, Integral) or int(draws) < 1:
        raise DesignError(f"draws={shown(draws)} must be positive, such as 9999.")
    return int(draws)


def require_kind(value: object, parameter: str, kind: type | tuple[type, ...], do: str) -> None:
    """Refuse an argument that is something else altogether; `do` says what to write."""
    if not isinstance(value, kind):
        raise DesignError(f"{parameter} is {shown(value)}; {do}.")


def shown(value: object) -> str:
    """Return how a message tells an argument: no more than its type where it may hold data."""
    if value is None or isinstance(value, str | Real):
        return repr(value) if isinstance(value, str) else str(value)
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"


def _unquoted(value: object) -> str:
    """Say how to write a number that was given as text."""
    try:
        return f"; write {float(value):g}, without quotes" if isinstance(value, str) else ""
    except ValueError:
        return ""
