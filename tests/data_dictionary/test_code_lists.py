from __future__ import annotations

from pathlib import Path

import pytest

from data_dictionary.code_lists import load_code_list
from data_dictionary.errors import DataError

HEAD = """
name = "dream"
vintage = "2015"
sources = { ours = "our own" }
statuses = { benefits = "Ydelse", education = "Uddannelse" }
"""


def entry(codes: str, status: str = "benefits", source: str = "ours", extra: str = "") -> str:
    return (
        f'[[entries]]\ncodes = "{codes}"\nlabel = "x"\ngroup = "y"\nstatus = "{status}"\n'
        f'source = "{source}"\n{extra}\n'
    )


# The table of the code list's source, by family.
@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ((111, 112, 113, 114, 124, 125, 126), "benefits"),
        ((121, 122, 123), "employment"),
        (range(130, 150), "benefits"),
        ((151, 152, 211, *range(213, 219), 231, 232, 299), "benefits"),
        ((412, 413, 881), "leave"),
        ((511, 521, 522, 781), "supported_employment"),
        ((611, 621, 622, 998), "retirement"),
        ((651, 652, 661), "education"),
        ((700, *range(703, 710), 710, *range(713, 720), 720, *range(723, 730)), "benefits"),
        ((730, 731, *range(733, 740), 740, 741, *range(743, 749)), "benefits"),
        ((750, *range(753, 759), 760, *range(763, 769), 785), "benefits"),
        ((810, *range(813, 819), 890, *range(893, 900)), "benefits"),
        ((771, 774, 775), "flexjob"),
        ((783,), "early_retirement"),
        ((997,), "emigration"),
        ((999,), "death"),
    ],
)
def test_the_shipped_list_counts_each_family_as_this_status(
    codes: tuple[int, ...], status: str
) -> None:
    found = load_code_list("enplan").status_of()
    assert {found[code] for code in codes} == {status}


def test_codes_that_no_source_was_read_for_are_left_out() -> None:
    assert not load_code_list("enplan").status_of().keys() & {996, *range(870, 879)}


def test_codes_on_which_sources_disagree_are_marked() -> None:
    entries = load_code_list("enplan").entries
    assert [one.code for one in entries if one.evidence == "disputed"] == [774, 775]


def test_every_fault_of_a_list_comes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "codes.toml"
    path.write_text(
        HEAD
        + entry("100-102")
        + entry("102", status="educaton")
        + entry("1x", source="theirs")
        + entry("104", extra='evidence = "hearsay"')
        + '[[entries]]\ncodes = "105"\n',
        encoding="utf-8",
    )
    with pytest.raises(DataError) as refusal:
        load_code_list(path)
    message = str(refusal.value)
    assert "codes.toml: 9 fault(s)" in message
    assert "entry 2: status 'educaton' is not declared. Did you mean 'education'?" in message
    assert "entry 3: source 'theirs' is not declared." in message
    assert "entry 3: codes '1x' is neither a code nor a range" in message
    assert "entry 4: evidence = 'hearsay' is not allowed; allowed: 'verified'," in message
    for key in ("label", "group", "status", "source"):
        assert f"entry 5: '{key}' is missing" in message
    assert "code 102 stands 2 times" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not a TOML file"),
        ('name = "dream"', r"4 fault.*\n.*'vintage' is missing"),
    ],
)
def test_a_broken_list_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "codes.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"codes\.toml: {message}"):
        load_code_list(path)


def test_a_missing_list_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.toml"):
        load_code_list(tmp_path / "nowhere.toml")
