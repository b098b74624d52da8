"""Every key and every section of a study file, misspelt, is one mistake with the right name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analyses import load_study
from data_dictionary.errors import DesignError

TEMPLATE = Path(__file__).parents[3] / "surveys" / "synthetic" / "study.toml"
LINES = TEMPLATE.read_text(encoding="utf-8").splitlines()
# Names of the study's own have nothing to be nearest to.
KEYS = [
    place
    for place, line in enumerate(LINES)
    if re.match("[a-z_]+ = ", line) and not re.search("{ (years_since|from|score) = ", line)
]
SECTIONS = [place for place, line in enumerate(LINES) if line.startswith("[")]


def told(written, place: int, line: str) -> list[str]:
    folder = written()
    changed = [line if at == place else other for at, other in enumerate(LINES)]
    (folder / "study.toml").write_text("\n".join(changed), encoding="utf-8")
    with pytest.raises(DesignError) as caught:
        load_study(folder)
    return str(caught.value).split("\n  - ")[1:]


@pytest.mark.parametrize("place", KEYS, ids=lambda place: LINES[place][:24])
def test_a_misspelt_key_gets_the_nearest_and_brings_no_mistake_elsewhere(
    written, place: int
) -> None:
    name = LINES[place].partition(" = ")[0]
    bad = name[:-1] if len(name) > 3 else f"{name}x"
    first, *others = told(written, place, LINES[place].replace(name, bad, 1))
    assert f"'{bad}' is not a key of this section. Did you mean '{name}'?" in first
    # A key that is required is missing besides; a file or a name is told by what is left.
    assert len(others) <= 1
    assert all("is missing" in one for one in others)


@pytest.mark.parametrize("place", SECTIONS, ids=lambda place: LINES[place])
def test_a_misspelt_section_is_read_as_the_nearest(written, place: int) -> None:
    line = LINES[place]
    *_, name = re.findall("[a-z_]+", line)
    first, *others = told(written, place, line.replace(name, name[:-1]))
    assert f"Did you mean '{name}'?" in first
    assert others == []
