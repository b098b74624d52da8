"""Both backends: the same bits as one process, in order, also when a worker dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaluation as ev
from analyses import executors
from analyses.cohort.compare import compare
from analyses.executors import Dask, Joblib, executor_at
from analyses.study.sections import Comparison
from data_dictionary import load
from data_dictionary.errors import DesignError
from data_dictionary.executor import Executor, InProcess
from reports.cli import main
from surveys import read_dream
from surveys.files import wide
from tests.analyses.hard_work import always_deadly, draws, failing, once_deadly

SIXTEEN = np.random.SeedSequence(2016).spawn(16)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand out batches of two or three, however little there is to do."""
    monkeypatch.setattr(executors, "LEAST_SECONDS", 0.03)
    monkeypatch.setattr(executors, "WORTH_SECONDS", 0.0)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as found:
        yield found.scheduler_address


def same(found: list[np.ndarray], expected: list[np.ndarray]) -> bool:
    return [one.tobytes() for one in found] == [one.tobytes() for one in expected]


@pytest.mark.usefixtures("small_batches")
def test_the_cluster_gives_the_bits_of_one_process_though_a_worker_is_killed(
    cluster: str, tmp_path: Path
) -> None:
    deadly = partial(once_deadly, victim=9, grave=tmp_path / "grave", here=os.getpid())
    found = Dask(address=cluster).map(deadly, SIXTEEN)
    assert (tmp_path / "grave").exists()
    assert same(found, InProcess().map(draws, SIXTEEN))


@pytest.mark.usefixtures("small_batches")
def test_this_machine_gives_the_bits_of_one_process_though_a_worker_is_killed(
    tmp_path: Path,
) -> None:
    deadly = partial(once_deadly, victim=9, grave=tmp_path / "grave", here=os.getpid())
    found = Joblib(workers=2).map(deadly, SIXTEEN)
    assert (tmp_path / "grave").exists()
    assert same(found, InProcess().map(draws, SIXTEEN))


@pytest.mark.usefixtures("small_batches")
def test_work_that_always_kills_its_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "ATTEMPTS", 1)
    with pytest.raises(DesignError, match="killed its worker 1 times"):
        Joblib(workers=2).map(partial(always_deadly, here=os.getpid()), range(8))


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("backend", ["joblib", "dask"])
def test_a_refusal_comes_back_as_it_was_raised(backend: str, cluster: str) -> None:
    executor = Joblib(workers=2) if backend == "joblib" else Dask(address=cluster)
    with pytest.raises(DesignError, match="item 7 cannot be done"):
        executor.map(failing, range(9))


def weighed(executor: Executor) -> tuple[bytes, ...]:
    """Weigh eighteen towns as a plan asks, and estimate on them."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"id": range(300), "town": rng.integers(0, 18, 300)})
    frame["x"], frame["plan"] = rng.normal(size=300), frame["town"] < 8
    frame["weeks"] = np.ceil(rng.exponential(30, 300).clip(0.1, 60))
    frame["job"] = frame["weeks"] < 60
    plan = Comparison(
        label="",
        method="ipw",
        options=ev.InverseProbability(),
        estimand="ATT",
        exact=(),
        covariates=("x",),
    )
    roles = ev.Roles(unit="id", treatment="plan", covariates=("x",), cluster="town")
    m = compare(frame, roles, plan, None, executor)
    assert m.replicates is not None
    effect = ev.hazard_ratio(m, ev.Duration(exit="weeks", event="job")).effect
    return (*(one.tobytes() for one in m.replicates.weights), repr(effect).encode())


def test_a_plan_with_weights_gives_the_same_bits_on_the_cluster(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "LEAST_SECONDS", 0.001)
    monkeypatch.setattr(executors, "WORTH_SECONDS", 0.0)
    assert weighed(Dask(address=cluster)) == weighed(InProcess())


def test_a_register_read_on_the_cluster_is_the_one_read_here(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "_ROWS_IN_PART", 20)
    monkeypatch.setattr(executors, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr(executors, "WORTH_SECONDS", 0.0)
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"person_id": [f"p{k:03d}" for k in range(100)]})
    for week in ("y_2052", "y_2053", "y_2101"):
        frame[week] = rng.choice([np.nan, 111, 730, 881], 100)
    for month in ("branche_2020_12", "branche_2021_01"):
        frame[month] = rng.choice([None, "471110"], 100)
    frame.to_parquet(tmp_path / "dream.parquet", row_group_size=10)
    table = load("enplan")["dream"]
    here = read_dream(tmp_path / "dream.parquet", table)
    there = read_dream(tmp_path / "dream.parquet", table, executor=Dask(address=cluster))
    assert np.array_equal(here.status, there.status)


def refuse_to_send(*_: Any) -> Iterator[Any]:
    raise AssertionError("work was handed out")


@pytest.mark.parametrize("executor", [InProcess(), Joblib(), Dask(address="tcp://nobody:1")])
def test_little_work_starts_no_worker(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for backend in (Joblib, Dask):
        monkeypatch.setattr(backend, "_send", refuse_to_send)
    assert executor.map(abs, [-3, 2, -1]) == [3, 2, 1]
    assert executor.map(abs, []) == []


def test_batches_last_at_least_half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0.0, 1e6, 0.2).tolist())
    monkeypatch.setattr(executors, "perf_counter", lambda: next(clock))
    sent: list[int] = []

    def send(_: object, work: Any, batches: Any) -> Iterator[Any]:
        for batch in batches:
            sent.append(len(batch[1]))
            yield work(batch)

    monkeypatch.setattr(Joblib, "_send", send)
    assert Joblib().map(abs, range(-100, 0)) == list(range(100, 0, -1))
    # A look at the clock takes 0.2 seconds: three items after the first make half a second.
    assert sent == [3] * 32


def test_no_scheduler_is_refused_with_its_address() -> None:
    pytest.importorskip("distributed")
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "0.1s"}),
        pytest.raises(
            DesignError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"
        ),
    ):
        executor_at("tcp://127.0.0.1:9")


@pytest.mark.parametrize("address", ["nonsense", "tcp:/x:99", "udp://x:99", "tcp://x"])
def test_what_is_no_address_is_refused_before_the_run(address: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(DesignError, match="which is like tcp://"):
        executor_at(address)


def test_without_dask_the_address_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executors.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(DesignError, match=r"pip install 'enplan\[dask\]'"):
        executor_at("tcp://10.0.0.5:8786")


def test_the_command_line_refuses_a_cluster_without_dask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(executors.importlib.util, "find_spec", lambda _: None)
    out = tmp_path / "out"
    assert main(["run", "nsw", "--out", str(out), "--executor", "tcp://10.0.0.5:8786"]) != 0
    assert "pip install 'enplan[dask]'" in capsys.readouterr().err
    assert not out.exists()


def test_this_machine_is_the_default() -> None:
    assert executor_at(None) == Joblib()
