"""What a file calls its codes is what the dictionary calls them, or the file is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveys
from data_dictionary import Codebook, Column, Table, load
from data_dictionary.errors import DataError
from surveys.files.labels import labels_clash

AGREE = {
    1: "Helt uenig", 2: "Uenig", 3: "Hverken enig eller uenig", 4: "Enig", 5: "Helt enig",
}  # fmt: skip
TABLE = Table(
    name="svar",
    label="Svar",
    file="svar.toml",
    key=("id",),
    columns=(
        Column(name="id", type="string", label="Id"),
        *(
            Column(
                name=name, type="integer", label=name, codes=AGREE, required=False,
                missing={8: "do_not_know", 9: "refused"},
            )
            for name in ("q1", "q2")
        ),
        Column(
            name="sex", type="integer", label="Køn", codes={1: "Mand", 2: "Kvinde"},
            required=False,
        ),
        Column(name="yes", type="boolean", label="Deltog", required=False),
        Column(name="score", type="integer", label="S", minimum=0, maximum=99, required=False),
    ),
)  # fmt: skip


def file_of(
    tmp_path: Path,
    labels: dict[str, dict[int, str]],
    suffix: str = ".sav",
    **columns: list[float],
) -> Path:
    """Write a labelled file of SPSS or Stata."""
    size = len(next(iter(columns.values())))
    frame = pd.DataFrame({"id": [f"a{i}" for i in range(size)], **columns})
    path = tmp_path / f"w{suffix}"
    write = pyreadstat.write_sav if suffix == ".sav" else pyreadstat.write_dta
    write(frame, str(path), variable_value_labels=labels)
    return path


def codebook(tmp_path: Path, text: str) -> Codebook:
    """Return a dictionary of one table."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "svar.toml").write_text(text, encoding="utf-8")
    return load(tmp_path / "words")


def refused(path: Path, **how: object) -> str:
    """Return the message, or an empty string where the file is read."""
    try:
        surveys.read_table(path, TABLE, **how)  # type: ignore[arg-type]
    except DataError as error:
        return str(error)
    return ""


TURNED = dict(zip(AGREE, reversed(AGREE.values()), strict=True))
SHIFTED = dict(enumerate(AGREE.values()))
ANSWERS = [1.0, 2, 3, 4, 5]


@pytest.mark.parametrize("suffix", [".sav", ".dta"])
def test_a_turned_list_is_refused_with_both_labels_and_read_as_declared(
    tmp_path: Path, suffix: str
) -> None:
    path = file_of(tmp_path, {"q1": TURNED, "q2": TURNED}, suffix, q1=ANSWERS, q2=ANSWERS)
    message = refused(path)
    assert (
        "q1, q2: labels differ: the file calls 1 'Helt enig', the dictionary 'Helt uenig'"
        in message
    )
    assert 'reverse = ["q1", "q2"]' in message
    found = surveys.read_table(path, TABLE, reverse=["q1", "q2"])
    assert found.frame["q1"].tolist() == [5, 4, 3, 2, 1]
    assert [(one.what, one.columns, one.count) for one in found.remarks] == [
        ("recoded", ("q1", "q2"), 8)
    ]


def test_a_shifted_list_is_refused_also_where_its_lowest_code_does_not_occur(
    tmp_path: Path,
) -> None:
    path = file_of(tmp_path, {"q1": SHIFTED}, q1=[1.0, 2, 3, 4, 4])
    message = refused(path)
    assert "recode = { q1 = { 0 = 1, 1 = 2, 2 = 3, 3 = 4, 4 = 5 } }" in message
    recode = {"q1": {"0": 1, "1": 2, "2": 3, "3": 4, "4": 5}}
    found = surveys.read_table(path, TABLE, recode=recode)
    assert found.frame["q1"].tolist() == [2, 3, 4, 5, 5]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({5: "Ved ikke"}, "recode = { q1 = { 5 = 8 } }"),
        ({5: "Ønsker ikke at svare"}, "recode = { q1 = { 5 = 9 } }"),
        ({5: "Uoplyst"}, "Say what they become"),
        ({9: "Andet svar"}, 'list 9 = "Andet svar" under codes in svar.toml'),
        ({8: "Helt enig"}, "labels differ: the file calls 8 'Helt enig'"),
        ({4: "Strongly agree"}, "recode = { q1 = { 4 = 4 } }"),
        ({4: "Uenig"}, "the dictionary 'Enig'"),
        ({1: "Meget enig"}, "the dictionary 'Helt uenig'"),
    ],
)
def test_a_code_of_another_meaning_is_refused(
    tmp_path: Path, labels: dict[int, str], words: str
) -> None:
    path = file_of(tmp_path, {"q1": AGREE | labels}, q1=[1.0, 4, 5, 8, 9])
    assert words in refused(path)


@pytest.mark.parametrize(
    "labels",
    [
        AGREE | {8: "Ved ikke", 9: "Ønsker ikke at svare"},
        {code: f" {label.upper()}. " for code, label in AGREE.items()},
        {code: f"{code} - {label}" for code, label in AGREE.items()},
        {code: label[:10] for code, label in AGREE.items()},
        {3: "Hverken\u00a0enig eller uenig…"},
        {9: "Missing"}, {9: "Uoplyst"}, {8: "-"}, {9: "N/A"},
        {1: "Helt\u0020uenig", 5: "He\u200blt enig"},
    ],
)  # fmt: skip
def test_a_label_that_a_program_changed_is_the_same(
    tmp_path: Path, labels: dict[int, str]
) -> None:
    path = file_of(tmp_path, {"q1": labels}, q1=[1.0, 3, 5, 8, 9])
    assert refused(path) == ""
    assert surveys.read_table(path, TABLE).remarks == ()


@pytest.mark.parametrize(
    ("code", "label"),
    [(1, "Meget uenig"), (3, "Hverken/eller"), (4, "Er enig"), (5, "Helt og holdent enig")],
)
def test_a_label_worded_a_little_otherwise_is_read_and_remarked(
    tmp_path: Path, code: int, label: str
) -> None:
    path = file_of(tmp_path, {"q1": AGREE | {code: label}}, q1=ANSWERS)
    remarks = surveys.read_table(path, TABLE).remarks
    assert [one.what for one in remarks] == ["label_wording"]
    assert label in remarks[0].detail


def test_a_label_of_a_code_that_nobody_gave_is_remarked_only(tmp_path: Path) -> None:
    path = file_of(tmp_path, {"q1": AGREE | {9: "Andet svar"}}, q1=ANSWERS)
    assert [one.what for one in surveys.read_table(path, TABLE).remarks] == ["labels_differ"]


def test_sex_and_yes_the_other_way_round_are_refused(tmp_path: Path) -> None:
    labels = {"sex": {1: "Kvinde", 2: "Mand"}, "yes": {0: "Ja", 1: "Nej"}}
    message = refused(file_of(tmp_path, labels, sex=[1.0, 2], yes=[0.0, 1]))
    assert 'reverse = ["sex"]' in message
    assert "yes: labels differ: the file calls 0 'Ja', the dictionary 'Nej'" in message


def test_a_number_within_the_limits_that_the_file_calls_no_answer_is_refused(
    tmp_path: Path,
) -> None:
    path = file_of(tmp_path, {"score": {99: "Ved ikke"}}, score=[4.0, 99])
    assert "the file calls 99 'Ved ikke'" in refused(path)


def test_a_declaration_that_the_labels_contradict_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, {"q1": AGREE}, q1=ANSWERS)
    message = refused(path, reverse=["q1"])
    assert "1 'Helt uenig' (recoded to 5), the dictionary 'Helt enig'" in message
    assert "Correct recode or reverse" in message


def test_who_recodes_says_that_labels_of_another_language_mean_the_same(
    tmp_path: Path,
) -> None:
    english = {
        1: "Strongly disagree",
        2: "Disagree",
        3: "Neither",
        4: "Agree",
        5: "Strongly agree",
    }
    path = file_of(tmp_path, {"q1": english}, q1=ANSWERS)
    assert "recode = { q1 = { 1 = 1, 2 = 2, 3 = 3, 4 = 4, 5 = 5 } }" in refused(path)
    same = {"q1": {str(code): code for code in AGREE}}
    assert surveys.read_table(path, TABLE, recode=same).frame["q1"].tolist() == [1, 2, 3, 4, 5]


def test_two_lists_clash_where_one_label_has_two_codes() -> None:
    assert not labels_clash([("1", "Ja"), ("2", "Nej")], [("1", "Ja"), ("3", "Måske")])
    assert labels_clash([("1", "Ja")], [("2", "JA.")])


def test_a_code_that_is_not_listed_is_told_with_what_the_file_calls_it(tmp_path: Path) -> None:
    labels = {"q1": AGREE | {97: "Ikke relevant"}, "score": {120: "Over 100"}}
    message = refused(file_of(tmp_path, labels, q1=[1.0, 97], score=[3.0, 120]))
    assert "The file calls 97 'Ikke relevant': missing = { 97 = \"not_asked\" }" in message
    assert "The file calls 120 'Over 100'" in message


@pytest.mark.parametrize(
    ("column", "labels", "value", "said"),
    [
        ("q1", AGREE | {8: "Ønsker ikke at svare"}, 8.0, 'missing = { 8 = "refused" }'),
        ("yes", {0: "Deltog", 1: "Deltog ikke"}, 1.0, "recode = { yes = { 0 = 1, 1 = 0 } }"),
        ("yes", {0: "Ja, mange", 1: "Nej, ingen"}, 1.0, "recode = { yes = { 0 = 1, 1 = 0 } }"),
        ("yes", {0: "Deltog", 1: "Kontrol"}, 1.0, "recode = { yes = { 0 = 1, 1 = 0 } }"),
        ("yes", {1: "Ja", 2: "Nej"}, 2.0, "recode = { yes = { 2 = 0 } }"),
        ("free", {-1: "Ved ikke"}, -1.0, 'missing = { -1 = "do_not_know" }'),
        ("day", {86_400.0: "Ved ikke"}, 86_400.0, '1582-10-15 = "do_not_know"'),
    ],
)
def test_what_the_labels_contradict_is_refused_with_the_line_to_write(
    tmp_path: Path, column: str, labels: dict[float, str], value: float, said: str
) -> None:
    more = (
        Column(name="free", type="number", label="Frit", required=False),
        Column(name="day", type="date", label="Dag", required=False),
    )
    path = tmp_path / "w.sav"
    frame = pd.DataFrame({"id": ["a"], column: [value]})
    formats = {"day": "EDATE10"} if column == "day" else {}
    pyreadstat.write_sav(
        frame, str(path), variable_value_labels={column: labels}, variable_format=formats
    )
    with pytest.raises(DataError) as refusal:
        surveys.read_table(path, replace(TABLE, columns=(*TABLE.columns, *more)))
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "labels", [{1: "Deltog", 0: "Deltog ikke"}, {1: "Mand", 0: "Kvinde"}, {1: "Ja", 0: "Nej"}]
)
def test_labels_that_fit_yes_and_no_are_read(tmp_path: Path, labels: dict[int, str]) -> None:
    assert refused(file_of(tmp_path, {"yes": labels}, yes=[1.0, 0.0])) == ""


def test_a_label_that_names_two_kinds_fits_both(tmp_path: Path) -> None:
    labels = AGREE | {8: "Ved ikke / ønsker ikke at svare"}
    assert refused(file_of(tmp_path, {"q1": labels}, q1=[8.0])) == ""


def test_letters_that_are_not_declared_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "w.dta"
    pyreadstat.write_dta(
        pd.DataFrame({"id": ["a", "b"], "q1": pd.Series([1.0, "b"], dtype=object)}),
        str(path),
        missing_user_values={"q1": ["b"]},
        variable_value_labels={"q1": AGREE | {"b": "Ved ikke"}},
    )
    told = refused(path)
    assert 'The file calls .b \'Ved ikke\': missing = { ".b" = "do_not_know" }' in told
    assert "TEXT" not in told


def test_mentions_are_held_against_the_answers_of_their_question(tmp_path: Path) -> None:
    asked = {1: "Brev", 2: "Jobcenter", 3: "En ven"}
    table = codebook(
        tmp_path,
        'label = "S"\nkey = ["id"]\nrole = "persons"\n'
        '[columns.id]\ntype = "string"\nrole = "key"\nlabel = "Id"\n'
        '[columns.how]\ntype = "multiple"\nlabel = "Hvordan"\nmentions = ["how_a"]\n'
        'codes = { 1 = "Brev", 2 = "Jobcenter", 3 = "En ven" }\n',
    )["svar"]
    turned = dict(zip(asked, reversed(asked.values()), strict=True))
    path = file_of(tmp_path, {"how_a": turned}, how_a=[1.0, 2])
    with pytest.raises(DataError, match="the file calls 1 'En ven', the dictionary 'Brev'"):
        surveys.read_table(path, table)
    read = surveys.read_table(path, table, recode={"how_a": {1: 3, 3: 1}}).frame
    assert read[["how_1", "how_2", "how_3"]].astype(int).to_numpy().tolist() == [
        [0, 0, 1], [0, 1, 0],
    ]  # fmt: skip


def test_a_longer_list_whose_ends_are_called_alike_is_refused(tmp_path: Path) -> None:
    seven = dict(enumerate(("Helt uenig", "Uenig", "Delvist uenig", "Hverken enig eller uenig",
                            "Delvist enig", "Enig", "Helt enig"), start=1))  # fmt: skip
    told = refused(file_of(tmp_path, {"q1": seven}, q1=[1.0, 5]))
    assert "the file calls 5 'Delvist enig', the dictionary 'Helt enig'" in told


def test_a_block_whose_two_is_a_denial_is_told_how_to_read_it(tmp_path: Path) -> None:
    path = file_of(tmp_path, {"yes": {1: "Valgt", 2: "Ikke valgt"}}, yes=[1.0, 2])
    assert "recode = { yes = { 2 = 0 } }" in refused(path)
