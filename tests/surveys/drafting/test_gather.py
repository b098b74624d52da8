"""Data files and the label files beside them."""

from pathlib import Path

import pandas as pd

from surveys.drafting import draft
from surveys.drafting.gather import gather
from surveys.files.source import Reading

DATA = "q1;q2\n1;3\n2;4\n1;3\n"
LABELS = "q1;1;Nej\nq1;2;Ja\nq2;3;Aldrig\nq2;4;Altid\n"
STRUCTURE = "variableName;questionText\nq1;Får du hjælp?\nq2;Hvor tit?\n"
DDI = """<codeBook xmlns="ddi:codebook:2_5"><dataDscr><var name="q1"><labl>Hjælp</labl>
<catgry><catValu>1</catValu><labl>Nej</labl></catgry>
<catgry missing="Y"><catValu>9</catValu><labl>Ved ikke</labl></catgry></var></dataDscr>
</codeBook>"""


def written(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def test_label_tables_are_told_from_data(tmp_path: Path) -> None:
    paths = written(tmp_path, dataset__csv=DATA, labels__csv=LABELS, structure__csv=STRUCTURE)
    ((_, source),) = gather(paths, Reading())
    assert source.provenance.name == "dataset.csv"
    assert source.variable_labels["q2"] == "Hvor tit?"
    assert source.value_labels["q1"] == {1.0: "Nej", 2.0: "Ja"}


def test_a_sheet_of_labels_beside_a_sheet_of_data(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with pd.ExcelWriter(path) as book:
        labels = pd.DataFrame(
            [["q1", 1, "Nej"], ["q1", 2, "Ja"]], columns=["navn", "kode", "tekst"]
        )
        labels.to_excel(book, sheet_name="Labels", index=False)
        pd.DataFrame({"q1": [1, 2]}).to_excel(book, sheet_name="Data", index=False)
    ((_, source),) = gather([path], Reading())
    assert (source.provenance.sheet, source.value_labels) == (
        "Data",
        {"q1": {1.0: "Nej", 2.0: "Ja"}},
    )


def test_ddi_beside_the_data_and_ddi_alone(tmp_path: Path) -> None:
    data, about = written(tmp_path, dataset__csv="q1\n1\n9\n", about__xml=DDI)
    column = draft(data, about).codebook()["dataset"].columns[0]
    assert (column.label, column.codes, column.missing) == (
        "Hjælp",
        {1: "Nej"},
        {9: "do_not_know"},
    )
    alone = draft(about).codebook()["about"].columns[0]
    assert (alone.type, alone.codes, alone.missing) == (
        "integer",
        {1: "Nej"},
        {9: "do_not_know"},
    )
