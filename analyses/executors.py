"""Who does the work that can be split: this machine's cores (joblib) or a cluster (Dask).

Both do the same sums: what an item gives depends on the item alone, linear algebra is held to
one thread everywhere, and answers come back in the order of the items.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits

from data_dictionary.errors import DesignError
from data_dictionary.executor import Executor, do_batch

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
R = TypeVar("R")
Batch = tuple[int, Sequence[Any]]
Work = Callable[[Batch], tuple[int, list[Any]]]
Send = Callable[[Work, list[Batch]], Iterator[tuple[int, list[Any]]]]

# Work goes in batches of at least this many seconds: handing out costs milliseconds.
LEAST_SECONDS = 0.5
# Processes that must first import everything cost some seconds.
WORTH_SECONDS = 5.0
# How often a worker may die before anything more is done.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Joblib:
    """Hands work to processes of this machine.

    Parameters
    ----------
    workers : int or None
        Processes; None for as many as there are cores.
    """

    workers: int | None = None

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Return ``[function(item) for item in items]``.

        Raises
        ------
        DesignError
            If workers are killed again and again.
        """
        return _handed_out(function, items, self._send)

    def _send(self, work: Work, batches: list[Batch]) -> Iterator[tuple[int, list[Any]]]:
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        waiting = dict(batches)
        deaths = 0
        while waiting:
            before = len(waiting)
            # Arrays are copied, not mapped: a mapped one could not be written to.
            pool = Parallel(
                n_jobs=self.workers or -1, return_as="generator_unordered", max_nbytes=None
            )
            try:
                for first, found in pool(delayed(work)(one) for one in [*waiting.items()]):
                    del waiting[first]
                    yield first, found
            except TerminatedWorkerError as error:
                deaths = deaths + 1 if len(waiting) == before else 0
                if deaths == ATTEMPTS:
                    raise _killed() from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Dask:
    """Hands work to a Dask cluster, whose workers have the same versions installed.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    DesignError
        If Dask is not installed.
    """

    address: str

    def __post_init__(self) -> None:
        """Refuse what could only fail later."""
        if importlib.util.find_spec("distributed") is None:
            raise DesignError(
                f"executor '{self.address}' is a Dask scheduler, and Dask is not installed: "
                "pip install 'enplan[dask]'"
            )

    def connected(self) -> Client:
        """Return a connection to the scheduler, to be closed by whoever asked for it.

        Raises
        ------
        DesignError
            If no scheduler answers at the address.
        """
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port

        try:
            # A client of an address that is none would hang when the program ends.
            get_address_host_port(self.address)
            return Client(self.address, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise DesignError(
                f"no Dask scheduler answers at '{self.address}': start one (`dask scheduler`) "
                "or correct the address, which is like tcp://10.0.0.5:8786"
            ) from error

    def map(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Return ``[function(item) for item in items]``.

        Raises
        ------
        DesignError
            If no scheduler answers at the address, or workers are killed again and again.
        """
        return _handed_out(function, items, self._send)

    def _send(self, work: Work, batches: list[Batch]) -> Iterator[tuple[int, list[Any]]]:
        from distributed import KilledWorker, as_completed

        with self.connected() as client:
            futures = client.map(work, batches, pure=False)
            try:
                # Each answer is fetched as soon as it is there: a worker that dies takes with
                # it only what it was doing.
                for _, answer in as_completed(  # type: ignore[no-untyped-call]
                    futures, loop=client.loop, with_results=True
                ):
                    yield answer
            except KilledWorker as error:
                raise _killed() from error


def executor_at(address: str | None) -> Executor:
    """Return who does the work: the cluster at an address, or this machine.

    Parameters
    ----------
    address : str or None
        Of a Dask scheduler; None for this machine.

    Raises
    ------
    DesignError
        If Dask is not installed, or no scheduler answers: a run with little to do would never
        ask the cluster, and the mistake would show in the next study only.
    """
    if address is None:
        return Joblib()
    cluster = Dask(address=address)
    cluster.connected().close()  # type: ignore[no-untyped-call]
    return cluster


def _handed_out(function: Callable[[T], R], items: Sequence[T], send: Send) -> list[R]:
    """Do the first half second here, and hand out the rest in batches as long.

    The first item does not count: it may load and compile what the others find ready.  Where
    less is left than starting workers takes, all of it is done here.
    """
    found: dict[int, R] = {}
    began = spent = 0.0
    with threadpool_limits(limits=1):
        for position, item in enumerate(items):
            if spent >= LEAST_SECONDS and _worth(spent, position, len(items)):
                break
            found[position] = function(item)
            began = began or perf_counter()
            spent = perf_counter() - began
    done = len(found)
    size = max(done - 1, 1)
    batches = [(first, items[first : first + size]) for first in range(done, len(items), size)]
    if batches:
        for first, answers in send(partial(do_batch, function), batches):
            found.update(enumerate(answers, start=first))
    return [found[position] for position in range(len(items))]


def _worth(spent: float, done: int, total: int) -> bool:
    """Whether what is left would take longer than starting workers."""
    return spent / (done - 1) * (total - done) >= WORTH_SECONDS


def _killed() -> DesignError:
    return DesignError(
        f"the work killed its worker {ATTEMPTS} times; most often there is not enough "
        "memory: use fewer workers at a time"
    )
