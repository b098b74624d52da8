"""A dictionary in which nothing is called as in the shipped edition; roles say what is what."""

from __future__ import annotations

from pathlib import Path

from data_dictionary import Codebook, load
from tests.study_kind import KIND

# Who is compared and what is measured is for the test to say.
STUDY = f"""
[study]
name = "own"
title = "Own"
dictionary = "ordbog"
seed = 1
{KIND}
[[data.borgere]]
file = "borgere.csv"
[[data.ugeregister]]
file = "ugeregister.csv"
[[data.journal]]
file = "journal.csv"
[[data.loen]]
file = "loen.csv"

[comparison]
method = "unmatched"
covariates = ["kommune"]

[cohort]
unit = "person"
treatment = "indsats"
"""
PERSON = """[columns.person]
role = "key"
type = "string"
label = "Person"
sensitivity = "identifying"
"""
TOWN = """[columns.kommune]
role = "cluster"
type = "string"
label = "Kommune"
"""
TABLES = {
    "borgere": """
label = "Borgere"
role = "persons"
key = ["person"]
"""
    + PERSON
    + TOWN
    + """[columns.tilflyttet]
role = "resident_from"
type = "date"
label = "Tilflyttet"
required = false
[columns.fraflyttet]
role = "resident_until"
type = "date"
label = "Fraflyttet"
required = false
[columns.indsats]
type = "boolean"
label = "Indsats"
required = false
""",
    "journal": """
label = "Journal"
role = "spells"
key = ["sag"]
[columns.sag]
type = "string"
label = "Sag"
"""
    + PERSON
    + TOWN
    + """[columns.sagstype]
role = "type"
type = "string"
label = "Sagstype"
[columns.aabnet]
role = "opened"
type = "date"
label = "Åbnet"
[columns.lukket]
role = "closed"
type = "date"
label = "Lukket"
# Names of our own that play no part here.
[columns.opened]
type = "date"
label = "Oprettet i systemet"
required = false
[columns.closed]
type = "boolean"
label = "Arkiveret"
required = false
""",
    "loen": """
label = "Løntimer"
role = "monthly_hours"
key = ["person", "maaned"]
"""
    + PERSON
    + """[columns.maaned]
role = "month"
type = "date"
label = "Måned"
[columns.timer]
role = "hours"
type = "number"
label = "Timer"
""",
    "ugeregister": """
label = "Ugeregister"
role = "weekly_register"
key = ["person"]
"""
    + PERSON
    + """[columns.ydelse]
role = "benefit"
type = "integer"
label = "Ydelse"
pattern = "uge{YYWW}"
code_list = "ydelser"
[columns.job]
role = "industry"
type = "string"
label = "Job"
pattern = "job_{MM}_{YYYY}"
[columns.bopael]
role = "residence"
type = "integer"
label = "Bopæl"
pattern = "bopael_{YYYY}"
required = false
[columns.gruppe]
role = "match_group"
type = "string"
label = "Gruppe"
pattern = "gruppe_{YYYY}_{Q}"
required = false
""",
    "maaling": """
label = "Måling"
role = "survey"
asked = "persons"
respondents = { singular = "borger", plural = "borgere", definite = "borgerne" }
key = ["person"]
"""
    + PERSON
    + """[columns.svardag]
role = "answered"
type = "date"
label = "Svardag"
required = false
[columns.tillid_1]
type = "integer"
label = "Tillid 1"
codes = { 1 = "Uenig", 2 = "Hverken", 3 = "Enig" }
missing = { 8 = "do_not_know" }
[columns.tillid_2]
type = "integer"
label = "Tillid 2"
codes = { 1 = "Uenig", 2 = "Hverken", 3 = "Enig" }
missing = { 8 = "do_not_know" }
""",
    "scales": """
[tillid]
label = "Tillid"
table = "maaling"
items = ["tillid_1", "tillid_2"]
minimum = 1
maximum = 3
least_answered = 1
""",
}
FILES = {
    "borgere": "person;kommune;tilflyttet;fraflyttet;indsats\n"
    "p1;0217;01-01-1990;;1\np2;0217;01-01-1990;31-01-2018;0\np3;0190;01-01-1990;;0\n",
    "journal": "sag;person;kommune;sagstype;aabnet;lukket;opened;closed\n"
    "s1;p1;0217;familie;01-03-2017;31-05-2017;02-01-2019;0\n"
    "s1;p1;0217;familie;01-03-2017;31-05-2017;02-01-2019;0\n"
    "s2;p1;0217;familie;15-05-2017;;02-01-2019;1\n"
    "s3;p9;0190;familie;20-05-2017;31-12-2017;02-01-2019;1\n",
    "loen": "person;maaned;timer\np1;01-01-2018;160,33\np2;31-01-2018;80\n",
    "ugeregister": "person;uge1801;uge1805;uge1804;uge1803;uge1802;job_01_2018;job_02_2018;"
    "bopael_2018;gruppe_2018_1\n"
    "p1;730;;;;730;561010;;0217;2\np2;;;;;730;;;0217;3\n",
    "maaling1": "person;svardag;tillid_1;tillid_2\np1;13-01-2018;1;8\np2;14-01-2018;3;2\n",
    "maaling2": "person;svardag;tillid_1;tillid_2\np1;13-01-2019;2;2\np9;14-01-2019;3;3\n",
}


def written(folder: Path, study: str | None = None) -> Codebook:
    """Write dictionary, files and what a study file says to a folder; return the dictionary."""
    words = folder / "ordbog"
    words.mkdir()
    for name, text in TABLES.items():
        (words / f"{name}.toml").write_text(text, encoding="utf-8")
    shipped = Path(__file__).parents[2] / "data_dictionary" / "editions" / "enplan"
    codes = (shipped / "dream_codes.toml").read_text(encoding="utf-8")
    (words / "ydelser_codes.toml").write_text(codes, encoding="utf-8")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    if study is not None:
        (folder / "study.toml").write_text(STUDY + study, encoding="utf-8")
    return load(words)
