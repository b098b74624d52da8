"""A synthetic study on disk: the folder that an evaluator gets, and the truth beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from data_dictionary import Column, Table, load
from surveys.files.placing import place_in
from surveys.files.scratch import scratch_folder
from surveys.synthetic import timeline, truth, write
from surveys.synthetic.earlier import set_apart
from surveys.synthetic.scenarios import scenario_named
from surveys.synthetic.simulation import SyntheticStudy, draw_world, measure, simulate

TRUTH = "truth.json"
LARGE_DRAWS = 8
PARTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetic:
    """Where a synthetic study lies.

    `study` has ``study.toml`` and ``data/``, `truth` what no estimator reads, and `kept` are
    copies of earlier files that had been edited, such as ``study.previous.toml``.
    """

    study: Path
    truth: Path
    kept: tuple[Path, ...] = ()


def synthesize(
    folder: str | Path, seed: int, persons: int = 12_000, scenario: str = "measured"
) -> Synthetic:
    """Write a synthetic study with known truth to ``folder/study`` and ``folder/truth``.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist; files of an earlier study in it are replaced, all of them
        or none.  One that has been edited since, or was never of ours, is kept as a copy.
    seed : int
        Decides everything that is drawn.
    persons : int
        Citizens in the register population, at least 500.
    scenario : str
        See `surveys.synthetic.simulate`.

    Returns
    -------
    Synthetic
        The two folders.

    Raises
    ------
    DesignError
        If the scenario is unknown or `persons` too small.
    """
    with scratch_folder() as scratch, place_in(Path(folder)) as place:
        made = simulate(seed=seed, persons=persons, scenario=scenario)
        study, true = scratch / "study", scratch / "truth"
        (study / "data").mkdir(parents=True)
        true.mkdir()
        _write_data(made, study / "data")
        template = files("surveys.synthetic").joinpath("study.toml").read_text(encoding="utf-8")
        text = template.replace("@SEED@", str(seed)).replace("@SCENARIO@", made.scenario)
        (study / "study.toml").write_text(text, encoding="utf-8", newline="\n")
        write.write_parquet(made.units, true / "units.parquet")
        text = json.dumps(_truth(made), indent=1, ensure_ascii=False) + "\n"
        (true / TRUTH).write_text(text, encoding="utf-8", newline="\n")
        written = [path for part in (study, true) for path in part.rglob("*") if path.is_file()]
        before = _drawn(Path(folder) / "truth")
        kept = place.put(
            {path.relative_to(scratch).as_posix(): path for path in sorted(written)}
        )
        if before is not None and before != _drawn(true):
            set_apart(Path(folder) / "study" / "data")
    return Synthetic(study=Path(folder) / "study", truth=Path(folder) / "truth", kept=kept)


def _drawn(truth: Path) -> tuple[object, ...] | None:
    """Return what decides a draw, as its truth tells it; None where there is no truth."""
    try:
        told = json.loads((truth / TRUTH).read_text(encoding="utf-8"))
        return tuple(told[name] for name in ("seed", "persons", "scenario"))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write_data(made: SyntheticStudy, data: Path) -> None:
    """Write every table in the format that its owner uses."""
    words = load("enplan")
    write.write_parquet(made.population, data / "population.parquet")
    # First days of months cannot be told from months, so these dates are ISO.
    write.write_danish_csv(
        made.exposure, data / "exposure.csv", encoding="utf-8", date_format="%Y-%m-%d"
    )
    write.write_danish_csv(made.cases, data / "cases.csv", encoding="cp1252")
    write.write_weekly(made.dream, data / "dream.parquet", words["dream"])
    write.write_sav(
        made.citizen[1], data / "citizen_w1.sav", _columns(made.citizen[1], words["citizen"])
    )
    whole = made.citizen[2].select_dtypes("float").astype("Int64")
    write.write_danish_csv(
        made.citizen[2].assign(**whole), data / "citizen_w2.csv", encoding="utf-8"
    )
    write.write_dta(
        made.citizen[3], data / "citizen_w3.dta", _columns(made.citizen[3], words["citizen"])
    )
    write.write_sav(
        made.staff[1], data / "staff_w1.sav", _columns(made.staff[1], words["staff"])
    )
    write.write_excel(made.staff[2], data / "staff_w2.xlsx", sheet="Svar")


def _columns(frame: pd.DataFrame, table: Table) -> dict[str, Column]:
    """Return what the columns of a frame mean."""
    return {str(name): table.column(str(name)) for name in frame.columns}


def _truth(made: SyntheticStudy) -> dict[str, object]:
    """Return what truth.json holds: this study's effects, and those of many drawn alike."""
    scenario = scenario_named(made.scenario)
    draws, icc = [], []
    # The seed's second entry keeps these draws apart from the study's own.
    for rng in np.random.default_rng([made.seed, 1]).spawn(LARGE_DRAWS):
        _, units, correlation = measure(draw_world(rng, made.persons, scenario))
        draws.append(units)
        icc.append(correlation)
    entries = []
    own = np.arange(len(made.units)) % PARTS
    # Persons of one draw share municipality effects, so the error is one between draws.
    drawn = np.repeat(np.arange(LARGE_DRAWS), [len(units) for units in draws])
    many = pd.concat(draws, ignore_index=True)
    for draw, units, part in (("study", made.units, own), ("large", many, drawn)):
        for population in ("participants", "register_eligible"):
            chosen = ((units["population"] == population) & units["eligible"]).to_numpy()
            entries += truth.entries(
                units[chosen],
                part[chosen],
                population=population,
                draw=draw,
                horizon=timeline.HORIZON,
            )
    return {
        "seed": made.seed,
        "persons": made.persons,
        "scenario": made.scenario,
        "icc": {"study": made.icc, "large": pd.DataFrame(icc).mean().to_dict()},
        "entries": [asdict(entry) for entry in entries],
    }
