"""A results folder is read back only as the run wrote it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analyses import Results
from analyses.published.gate import Shown
from analyses.published.tables import TABLES, tables_of
from analyses.results.folder import OLDEST
from analyses.results.ownership import sealed, sha256_of
from analyses.results.swap import FINISHED
from data_dictionary.errors import DataError


@pytest.fixture
def copied(results: Results, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results.folder, tmp_path / "results"))


def test_results_come_back_with_the_columns_of_the_contract(results: Results) -> None:
    own = tables_of("observational")
    assert list(results.frames) == list(own)
    for name, table in own.items():
        assert list(results.frames[name]) == list(table.columns)


def test_hidden_cells_come_back_with_their_reasons(results: Results) -> None:
    hidden = {name: shown.reasons() for name, shown in results.published.items()}
    assert any(reasons.eq("small").any(axis=None) for reasons in hidden.values())
    for name, reasons in hidden.items():
        assert results.frames[name].isna().to_numpy()[reasons.ne("").to_numpy()].all(), name


def test_csv_and_parquet_hold_the_same(results: Results) -> None:
    for name, frame in results.frames.items():
        read = pd.read_csv(
            results.folder / f"{name}.csv", keep_default_na=False, na_values=[""]
        )
        assert len(read) == len(frame)
        for column in frame.select_dtypes("number"):
            expected = frame[column].astype("float64").to_numpy()
            assert read[column].to_numpy(float) == pytest.approx(
                expected, rel=1e-9, nan_ok=True
            )


def test_csv_files_have_plain_line_ends_and_no_byte_order_mark(results: Results) -> None:
    for path in results.folder.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\n")


def test_a_changed_file_is_refused_by_name(copied: Path) -> None:
    with (copied / "effects.csv").open("a", encoding="utf-8") as stream:
        stream.write("x\n")
    (copied / "flow.parquet").unlink()
    with pytest.raises(DataError) as caught:
        Results.load(copied)
    assert "effects.csv has been changed since the run" in str(caught.value)
    assert "flow.parquet is missing" in str(caught.value)


def test_a_table_that_the_manifest_does_not_name_is_refused(copied: Path) -> None:
    edit(copied, lambda manifest: manifest["outputs"].pop("curves.csv"))
    with pytest.raises(DataError, match=r"curves\.csv is not vouched for"):
        Results.load(copied)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["study"].update(synthetic=False),
        lambda manifest: manifest["outcomes"][0].update(ess={"treated": 9999}),
        lambda manifest: manifest.update(level=0.9),
        lambda manifest: manifest.pop("sha256"),
        lambda manifest: manifest.update(also="this"),
        lambda manifest: manifest.update(level=float("nan")),
    ],
)
def test_a_manifest_that_was_changed_is_refused(copied: Path, change: object) -> None:
    edit(copied, change)
    with pytest.raises(DataError, match=r"manifest\.json has been changed since the run"):
        Results.load(copied)


def test_a_manifest_that_vouches_for_files_elsewhere_is_refused(copied: Path) -> None:
    (copied.parent / "elsewhere.csv").write_text("x")
    digest = sha256_of(copied.parent / "elsewhere.csv")
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["outputs"]["../elsewhere.csv"] = digest
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    with pytest.raises(DataError, match=r"\.\./elsewhere\.csv is missing"):
        Results.load(copied)


def test_a_swap_that_was_killed_between_its_renamings_is_finished_by_reading(
    copied: Path, results: Results
) -> None:
    shutil.copytree(copied, copied.with_name("results.previous"))
    (copied / FINISHED).touch()
    copied.rename(copied.with_name("results.new-0123abcd"))
    assert Results.load(copied).effects.equals(results.effects)


def test_results_of_an_older_version_are_refused(copied: Path) -> None:
    edit(copied, lambda manifest: manifest.update(schema=0, enplan_version="0.0.1"))
    with pytest.raises(DataError, match=r"an older version \(enplan 0\.0\.1, format 0;"):
        Results.load(copied)


def test_results_from_before_a_table_came_are_read_without_it(
    copied: Path, results: Results
) -> None:
    later = [name for name, table in TABLES.items() if table.since > OLDEST]
    path = copied / "manifest.json"
    manifest = {**json.loads(path.read_text(encoding="utf-8")), "schema": OLDEST}
    for file in (f"{name}{suffix}" for name in later for suffix in (".csv", ".parquet")):
        del manifest["outputs"][file]
        (copied / file).unlink()
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")
    found = Results.load(copied)
    assert "means" in later
    assert set(found.frames) == set(results.frames) - set(later)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "{",
        lambda _: "[]",
        lambda text: text.replace('"schema"', '"disclosure": {"min_cell": 1}, "schema"', 1),
        lambda text: text[: text.rindex("}")] + ', "x": ' + "[" * 9999 + "]" * 9999 + "}",
        *(
            lambda text, outputs=outputs: json.dumps(
                sealed({**json.loads(text), "outputs": outputs})
            )
            for outputs in ([], None, "effects.csv", 7)
        ),
    ],
)
def test_a_broken_manifest_is_refused(copied: Path, spoil: Callable[[str], str]) -> None:
    path = copied / "manifest.json"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match="the manifest cannot be read; run the study again"):
        Results.load(copied)


def test_a_folder_without_manifest_is_refused_and_points_to_earlier_results(
    copied: Path,
) -> None:
    copied.rename(copied.with_name("results.previous"))
    with pytest.raises(DataError, match=r"Earlier results stand in .*results\.previous"):
        Results.load(copied)


def test_the_summary_says_where_inference_is_refused(results: Results) -> None:
    effects = results.effects
    refused = effects["p_value"].isna() & effects["estimate"].notna()
    assert results.summary().count("inference refused") == int(refused.sum())


def test_the_summary_tells_a_test_that_has_no_interval(results: Results) -> None:
    first = results.effects.index[:1]
    effects = results.effects.copy()
    effects.loc[first, ["conf_low", "conf_high"]] = np.nan
    effects.loc[first, ["p_value", "p_adjusted"]] = 0.027
    effects.loc[first, "method"] = "unmatched; means; studentised randomisation over clusters"
    shown = {**results.published, "effects": Shown(frame=effects, exact=effects, hidden={})}
    line = replace(results, published=shown).summary().splitlines()[1]
    assert line.endswith("(no interval), p = 0.027 by studentised randomisation over clusters")
    assert "refused" not in line


def test_the_summary_says_what_is_withheld(results: Results) -> None:
    effects = results.effects
    withheld = int(effects["estimate"].isna().sum())
    assert results.summary().count("withheld, too few persons") == withheld


def edit(folder: Path, change: object) -> None:
    """Change the manifest of a results folder."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)  # type: ignore[operator]
    path.write_text(json.dumps(manifest), encoding="utf-8")
