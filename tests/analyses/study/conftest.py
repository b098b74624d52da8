"""The study file of the synthetic study, changed and refused."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from analyses import Study, load_study
from data_dictionary.errors import DesignError

TEMPLATE = Path(__file__).parents[3] / "surveys" / "synthetic" / "study.toml"


@pytest.fixture
def template() -> str:
    return TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path: Path, template: str) -> Callable[..., Path]:
    """Return a function that writes the study file with changes, and empty data beside it."""

    def write(*changes: tuple[str, str]) -> Path:
        text = template
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        for files in tomllib.loads(template)["data"].values():
            for file in files:
                (tmp_path / file["file"]).parent.mkdir(exist_ok=True)
                (tmp_path / file["file"]).touch()
        return tmp_path

    return write


@pytest.fixture
def read(written: Callable[..., Path]) -> Callable[..., Study]:
    """Return a function that loads the study file with changes."""
    return lambda *changes: load_study(written(*changes))


@pytest.fixture
def refused(written: Callable[..., Path]) -> Callable[..., list[str]]:
    """Return a function that tells each mistake of the study file with changes."""

    def told(*changes: tuple[str, str]) -> list[str]:
        with pytest.raises(DesignError) as caught:
            load_study(written(*changes))
        return str(caught.value).split("\n  - ")[1:]

    return told
