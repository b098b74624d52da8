"""The wheel holds the five packages with their templates, and nothing that a run made."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"data_dictionary", "surveys", "evaluation", "analyses", "reports"}


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    out = tmp_path_factory.mktemp("dist")
    # The build back end itself, so that no network and no isolated environment is needed.
    code = f"import hatchling.build as b; print(b.build_wheel({str(out)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    with zipfile.ZipFile(out / done.stdout.split()[-1]) as wheel:
        return wheel.namelist()


def test_the_wheel_holds_five_packages_and_no_other(wheel_names: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name}
    assert tops == PACKAGES


def test_the_wheel_carries_what_a_report_needs(wheel_names: list[str]) -> None:
    needed = {
        "reports/_quarto.yml",
        "reports/main/main.qmd",
        "reports/project/compared/index.qmd",
        "reports/project/litteratur.bib",
        "reports/editions/templates/place.qmd",
        "reports/editions/templates/sheet.qmd",
        "reports/_extensions/vive/check.py",
        "reports/_extensions/vive/_extension.yml",
        "reports/_extensions/vive/typst-template.typ",
        "reports/_extensions/vive/reference.docx",
        "reports/_extensions/vive/fonts/OFL.txt",
        "data_dictionary/editions/enplan/citizen.toml",
        "data_dictionary/editions/enplan/dream_codes.toml",
        *(f"{package}/py.typed" for package in PACKAGES),
    }
    assert needed <= set(wheel_names), sorted(needed - set(wheel_names))


def test_the_wheel_holds_no_output_and_no_copyleft_data(wheel_names: list[str]) -> None:
    wrong = ("/out/", ".quarto", "__pycache__", "third_party", "UnempDur", "lalonde")
    assert [name for name in wheel_names if any(part in name for part in wrong)] == []
