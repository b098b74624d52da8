"""How work that can be split is handed out: one method, answers in order, whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Does the same to every item, here or elsewhere.

    An item carries all that its answer depends on, its seed included (one of
    ``numpy.random.SeedSequence(seed).spawn(len(items))``), so that the answers do not depend
    on who does the work, in which order or in how many parts.
    """

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Return ``[function(item) for item in items]``; both may be pickled."""
        ...


class InProcess:
    """Does one item after the other, in this process.

    Examples
    --------
    >>> InProcess().map(abs, [-1, 2])
    [1, 2]
    """

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Return ``[function(item) for item in items]``."""
        return [function(item) for item in items]


IN_PROCESS = InProcess()


def do_batch(function: Callable[[T], R], batch: tuple[int, Sequence[T]]) -> tuple[int, list[R]]:
    """Do the items of one batch, linear algebra held to one thread; return with its position.

    Stands here, apart from the backends, so that a worker loads no more than the work needs.
    """
    first, items = batch
    with threadpool_limits(limits=1):
        return first, [function(item) for item in items]
