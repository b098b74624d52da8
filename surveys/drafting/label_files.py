"""What files beside the data say of it: label tables, DDI-Codebook, LimeSurvey's structure."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from data_dictionary.ddi import ddi_contents
from data_dictionary.errors import DataError
from data_dictionary.missing_kinds import kind_of_label
from data_dictionary.xml_file import read_xml
from surveys.files.source import Provenance, Source

LABEL_FILES = (".xml", ".lss", ".lsq")
_SHARE = 0.8
# Heads of the columns of a label table, Danish and English; the first that fits.
_HEADS = {
    "code": re.compile(r"value|værdi|vaerdi|code|kode|nummer", re.IGNORECASE),
    "question": re.compile(
        r"question|spørgsm|spoergsm|var\w*[ _.]?(?:label|tekst)", re.IGNORECASE
    ),
    "label": re.compile(
        r"label|tekst|text|etiket|svar|answer|choice|descr|beskriv", re.IGNORECASE
    ),
}
_TAG = re.compile(r"<[^>]{0,500}>")
# Answers that LimeSurvey keeps in no table, by the type of the question.
_FIXED: Mapping[str, Mapping[str, str]] = {
    "Y": {"Y": "Ja", "N": "Nej"}, "G": {"F": "Kvinde", "M": "Mand"},
    "C": {"Y": "Ja", "U": "Usikker", "N": "Nej"}, "M": {"Y": "Valgt"}, "P": {"Y": "Valgt"},
    "E": {"I": "Mere", "S": "Det samme", "D": "Mindre"},
}  # fmt: skip
# How exports of LimeSurvey name the column of a part of a question.
_MARKS = ("[{}]", "_{}", ".{}.")
_EMPTY: Mapping[str, Any] = {"string": object, "date": "datetime64[ns]", "integer": "Int64"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Texts of columns, labels of their codes, codes for no answer with their kind, types."""

    texts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def read_label_file(path: Path) -> dict[str, Labels]:
    """Return what a DDI-Codebook file, or a survey or question of LimeSurvey, says, by table.

    Raises
    ------
    DataError
        If it is no XML of that kind, or declares a DTD.
    """
    if path.suffix.lower() != ".xml":
        return {path.stem: _limesurvey(path)}
    found = {}
    for name, content in ddi_contents(path).items():
        columns: Mapping[str, Any] = content["columns"]
        found[name] = Labels(
            texts={at: one["label"] for at, one in columns.items() if one["label"] != at},
            codes={at: one["codes"] | one["missing_labels"] for at, one in columns.items()},
            missing={
                at: {
                    code: one["missing"].get(code, kind_of_label(label))
                    for code, label in one["missing_labels"].items()
                }
                for at, one in columns.items()
            },
            types={at: one["type"] for at, one in columns.items()},
        )
    return found


def label_table(source: Source, names: Collection[str]) -> Labels | None:
    """Return what a table says of columns with these names; None if it is no such table.

    One column holds the names, blank where the one above goes on; others codes, labels and
    questions, as their heads say. Without heads they are column, code and label.
    """
    heads = [str(name) for name in source.frame.columns]
    if not names or len(heads) < 2:
        return None
    # By distinct values: a file of persons has millions of cells.
    shares = [_share(source.frame.iloc[:, at], names) for at in range(len(heads))]
    at = shares.index(max(shares))
    if shares[at] < _SHARE:
        return None
    cells = [
        [_text(cell) for cell in source.frame.iloc[:, place]] for place in range(len(heads))
    ]
    if heads[at] in names:
        cells = [[head, *column] for head, column in zip(heads, cells, strict=True)]
        heads = ["code" if place == at + 1 else "label" for place in range(len(heads))]
    places: dict[str, int] = {}
    for part, words in _HEADS.items():
        free = [p for p in range(len(heads)) if p != at and p not in places.values()]
        fitting = [p for p in free if words.search(heads[p])]
        # SurveyXact has questionType beside questionText: a question has several words.
        fitting.sort(
            key=lambda p: part == "question" and not any(" " in one for one in cells[p])
        )
        places |= {part: fitting[0]} if fitting else {}
    return _labels(cells, cells[at], places)


def _share(column: pd.Series[Any], names: Collection[str]) -> float:
    filled = [text for text in map(_text, pd.unique(column)) if text]
    return sum(cell in names for cell in filled) / len(filled) if filled else 0.0


def _labels(cells: list[list[str]], named: list[str], places: Mapping[str, int]) -> Labels:
    """Return what the rows of a label table say."""
    texts: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    # A name that is left out is that of the row above.
    names: list[str] = []
    for own in named:
        names.append(own or (names[-1] if names else ""))
    times = Counter(names)
    parts = [cells[places[part]] if part in places else [""] * len(names) for part in _HEADS]
    for name, code, asked, label in zip(names, *parts, strict=True):
        # A question with one answer is a box to tick, and no list of codes.
        is_box = bool(asked and label and times[name] == 1)
        if code and label and not is_box:
            codes.setdefault(name, {})[code] = label
        text = f"{asked} - {label}" if is_box else asked or ("" if code else label)
        if text:
            texts.setdefault(name, text)
    return Labels(texts=texts, codes=codes)


def _limesurvey(path: Path) -> Labels:
    """Return what a .lss or .lsq file says, under every name that an export gives a column."""
    root = read_xml(path, "the LimeSurvey file")
    # A field that is left out is blank.
    tables = {
        name: [
            defaultdict(str, {field.tag: field.text or "" for field in row})
            for row in root.iterfind(f"{name}/rows/row")
        ]
        for name in ("questions", "subquestions", "question_l10ns", "answers", "answer_l10ns")
    }
    if not tables["questions"]:
        raise DataError(f"{path.name}: holds no question; export the survey's structure again.")
    first = root.findtext("languages/language", "")
    # Texts stand in the rows themselves before version 4, and beside them since.
    own = {
        name: [r for r in rows if r.get("language", first) == first]
        for name, rows in tables.items()
    }
    asked = {
        row["qid"]: _bare(row["question"])
        for name in ("questions", "subquestions", "question_l10ns")
        for row in own[name]
        if row.get("question")
    }
    answered = {row["aid"]: row["answer"] for row in own["answer_l10ns"]}
    answers: dict[str, dict[str, str]] = {}
    for row in own["answers"]:
        label = row.get("answer") or answered.get(row.get("aid", ""), "")
        answers.setdefault(row["qid"], {})[row["code"]] = _bare(label)
    texts: dict[str, str] = {}
    codes: dict[str, Mapping[str, str]] = {}
    for row in tables["questions"]:
        question, title = asked.get(row["qid"], ""), row["title"]
        names = {title: question}
        for part in tables["subquestions"]:
            if part["parent_qid"] == row["qid"]:
                text = f"{question} - {asked.get(part['qid'], '')}"
                names |= {f"{title}{mark.format(part['title'])}": text for mark in _MARKS}
        texts |= {name: text for name, text in names.items() if name and text}
        codes |= dict.fromkeys(names, answers.get(row["qid"]) or _FIXED.get(row["type"], {}))
    return Labels(texts=texts, codes=codes)


def with_labels(source: Source, labels: Labels) -> Source:
    """Return a source with what a label file says; what the data file says itself wins."""
    names = {str(name).lower(): str(name) for name in source.frame.columns}

    def own(told: Mapping[str, T]) -> dict[str, T]:
        return {names[name.lower()]: one for name, one in told.items() if name.lower() in names}

    def typed(told: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[Any, str]]:
        return {name: _typed(source.frame[name], one) for name, one in own(told).items() if one}

    return replace(
        source,
        variable_labels={**own(labels.texts), **source.variable_labels},
        value_labels={**typed(labels.codes), **source.value_labels},
        missing={**typed(labels.missing), **source.missing},
    )


def without_data(name: str, labels: Labels) -> Source:
    """Return a source without rows, of a label file that comes without its data."""
    columns = {
        at: pd.Series(dtype=_EMPTY.get(labels.types.get(at, ""), "float64"))
        for at in dict.fromkeys(filter(None, [*labels.texts, *labels.codes]))
    }
    origin = Provenance(
        name=name, sha256="", rows=0, columns=len(columns), format="labels",
        encoding="utf-8", encoding_reason="",
    )  # fmt: skip
    return with_labels(Source(frame=pd.DataFrame(columns), provenance=origin), labels)


def _typed(series: pd.Series[Any], told: Mapping[str, str]) -> dict[Any, str]:
    """Return codes as the data hold them: numbers where the column holds numbers."""
    if not pd.api.types.is_numeric_dtype(series.dtype):
        return dict(told)
    numbers = pd.to_numeric(pd.Series(list(told)), errors="coerce")
    return {
        code if pd.isna(number) else float(number): label
        for (code, label), number in zip(told.items(), numbers, strict=True)
    }


def _bare(text: str) -> str:
    """Return a text without markup."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _text(cell: object) -> str:
    """Return a cell as text; whole numbers without decimals."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return ""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
