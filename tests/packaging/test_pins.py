"""The pins are bare versions, and no lock file records addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"[a-z0-9][a-z0-9._-]*==[0-9][0-9a-zA-Z.+!]*")


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(PIN.fullmatch(line) for line in lines), [
        line for line in lines if not PIN.fullmatch(line)
    ]
    return dict(line.split("==") for line in lines)


def test_every_pin_is_a_bare_version() -> None:
    assert len(pins()) > 50


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    declared = [*project["dependencies"], *(item for extra in extras for item in extra)]
    names = {re.split(r"[<>=!~\[ ]", item)[0].lower().replace("_", "-") for item in declared}
    names.discard(project["name"])
    assert names <= set(pins()), sorted(names - set(pins()))


def test_lifelines_keeps_pandas_below_three() -> None:
    # lifelines before 0.30.3 has no cap on pandas and would be picked silently instead.
    assert pins()["lifelines"] >= "0.30.3"
    assert pins()["pandas"].startswith("2.")


def test_no_lock_file_is_kept() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "uv.lock" in ignored
