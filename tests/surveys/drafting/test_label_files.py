"""What label files say of the columns of a data file."""

from pathlib import Path

import pandas as pd
import pytest

from data_dictionary.errors import DataError
from surveys.drafting.label_files import (
    Labels,
    label_table,
    read_label_file,
    with_labels,
    without_data,
)
from surveys.files.source import Provenance, Source

NAMES = {"q1", "q2", "v_1_1", "v_1_2"}
LSS = """<?xml version="1.0" encoding="UTF-8"?><document>
<LimeSurveyDocType>Survey</LimeSurveyDocType>
<languages><language>da</language><language>en</language></languages>
<questions><rows>
 <row><qid>1</qid><parent_qid>0</parent_qid><type>F</type><title>Rel</title>{first}</row>
 <row><qid>2</qid><parent_qid>0</parent_qid><type>Y</type><title>Job</title>{second}</row>
</rows></questions>
<subquestions><rows>
 <row><qid>3</qid><parent_qid>1</parent_qid><title>SQ001</title>
  <question><![CDATA[<p>Lytter&nbsp;til mig</p>]]></question><language>da</language></row>
 <row><qid>3</qid><parent_qid>1</parent_qid><title>SQ001</title>
  <question>Listens</question><language>en</language></row>
</rows></subquestions>
<answers><rows><row><qid>1</qid><aid>7</aid><code>A1</code>{answer}</row></rows></answers>
{texts}</document>"""
NEW = LSS.format(
    first="",
    second="",
    answer="",
    texts="<question_l10ns><rows>"
    "<row><qid>1</qid><question>Enig?</question><language>da</language></row>"
    "<row><qid>1</qid><question>Agree?</question><language>en</language></row>"
    "<row><qid>2</qid><question>Har du job?</question><language>da</language></row>"
    "</rows></question_l10ns>"
    "<answer_l10ns><rows>"
    "<row><aid>7</aid><answer>Helt enig</answer><language>da</language></row>"
    "<row><aid>7</aid><answer>Agree</answer><language>en</language></row></rows></answer_l10ns>",
)
OLD = LSS.format(
    first="<question>Enig?</question><language>da</language>",
    second="<question>Har du job?</question><language>da</language>",
    answer="<answer>Helt enig</answer><language>da</language>",
    texts="",
)


def source(frame: pd.DataFrame, **told: dict) -> Source:
    origin = Provenance(
        name="x.csv", sha256="", rows=0, columns=0, format="", encoding="", encoding_reason=""
    )
    return Source(frame=frame, provenance=origin, **told)


def table(heads: list[str], *rows: list) -> Labels | None:
    return label_table(source(pd.DataFrame(list(rows), columns=heads)), NAMES)


def test_column_code_and_label_without_a_head() -> None:
    found = table(["q1", "1", "Nej"], ["q1", 2, "Ja"], ["q2", 1.0, "Aldrig"])
    assert found == Labels(codes={"q1": {"1": "Nej", "2": "Ja"}, "q2": {"1": "Aldrig"}})


@pytest.mark.parametrize(
    "heads",
    [
        ["Variabel", "Værdi", "Etiket"],
        ["variable", "value", "label"],
        ["Navn", "Kode", "Tekst"],
    ],
)
def test_column_code_and_label_with_a_head(heads: list[str]) -> None:
    found = table(heads, ["q1", 1, "Nej"], ["", 2, "Ja"], ["q2", 1, "Aldrig"])
    assert found == Labels(codes={"q1": {"1": "Nej", "2": "Ja"}, "q2": {"1": "Aldrig"}})


def test_a_structure_with_questions_and_boxes_to_tick() -> None:
    heads = ["questionName", "variableName", "questionType", "subType"]
    heads += ["questionText", "choiceValue", "choiceText"]
    found = table(
        heads,
        ["q1", "q1", "Closed", "Single", "Får du hjælp?", "", ""],
        ["v_1", "v_1_1", "Closed", "Multiple", "Hvilke fag?", "1", "Dansk"],
        ["v_1", "v_1_2", "Closed", "Multiple", "Hvilke fag?", "4", "Norsk"],
    )
    texts = {
        "q1": "Får du hjælp?",
        "v_1_1": "Hvilke fag? - Dansk",
        "v_1_2": "Hvilke fag? - Norsk",
    }
    assert found == Labels(texts=texts)


def test_texts_alone() -> None:
    assert table(["column", "label"], ["q1", "Hjælp"]) == Labels(texts={"q1": "Hjælp"})


def test_data_are_no_labels() -> None:
    assert table(["q1", "q2"], [1, 2]) is None
    assert table(["id"], ["q1"]) is None


@pytest.mark.parametrize("text", [NEW, OLD], ids=["since 4", "before 4"])
def test_limesurvey_in_its_first_language(text: str, tmp_path: Path) -> None:
    path = tmp_path / "survey.lss"
    path.write_text(text, encoding="utf-8")
    labels = read_label_file(path)["survey"]
    assert labels.texts["Rel[SQ001]"] == labels.texts["Rel_SQ001"] == "Enig? - Lytter til mig"
    assert labels.codes["Rel[SQ001]"] == {"A1": "Helt enig"}
    assert (labels.texts["Job"], labels.codes["Job"]) == (
        "Har du job?",
        {"Y": "Ja", "N": "Nej"},
    )


def test_a_limesurvey_file_with_a_document_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "survey.lss"
    path.write_text(
        NEW.replace("<document>", "<!DOCTYPE document><document>"), encoding="utf-8"
    )
    with pytest.raises(DataError, match="DTD"):
        read_label_file(path)


def test_a_limesurvey_file_whose_fields_are_missing_tells_less(tmp_path: Path) -> None:
    path = tmp_path / "survey.lss"
    path.write_text(NEW.replace("code>", "kode>").replace("title>", "t>"), encoding="utf-8")
    assert set(read_label_file(path)["survey"].texts.values()) == {"Enig? - Lytter til mig"}


def test_what_the_data_file_says_itself_wins_and_codes_become_numbers() -> None:
    data = source(
        pd.DataFrame({"Q1": [1, 2], "q2": ["A1", "A2"]}), variable_labels={"Q1": "Min"}
    )
    codes = {"q1": {"1": "Nej"}, "q2": {"A1": "Ja"}}
    made = with_labels(data, Labels(texts={"q1": "Din", "q2": "Hvad?"}, codes=codes))
    assert made.variable_labels == {"Q1": "Min", "q2": "Hvad?"}
    assert made.value_labels == {"Q1": {1.0: "Nej"}, "q2": {"A1": "Ja"}}


def test_labels_without_data_are_columns_without_rows() -> None:
    made = without_data("x", Labels(texts={"a": "A"}, types={"a": "date"}))
    assert (made.frame.shape, str(made.frame["a"].dtype)) == ((0, 1), "datetime64[ns]")
