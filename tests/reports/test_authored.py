"""A report that persons write outlives new data and new versions, word for word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analyses import load_study, run
from reports.authored import _digest, begin, update
from reports.cli import main
from tests.reports.test_studies_of_others import PERSONS, TRIAL, people

FORORD = "# Forord {#forord .unnumbered}\n\nTak til alle, der var med.\n"
QUOTES = "\n> »Det hjalp mig.«\n\n> »Jeg fik ingen svar.«\n"
TOLD = '`{python} value("arbejde.mean_difference.estimate")`'
OWN = f"# Det, vi selv så {{#sec-selv}}\n\nForskellen er {TOLD}.\n"
PINNED = '[Flere kom i arbejde.]{.om tal="arbejde.mean_difference"}\n'


def trial(folder: Path, better: int) -> None:
    """Run a trial in which the treated do better by some tenths."""
    words = folder / "ord"
    words.mkdir(parents=True, exist_ok=True)
    column = '[columns.arbejde]\ntype = "integer"\nlabel = "I arbejde"\n'
    (words / "folk.toml").write_text(PERSONS + column, encoding="utf-8")
    folk = people(200)
    folk["indsats"] = np.tile([0, 1], 100)
    last = np.arange(200) % 10
    folk["arbejde"] = (last < np.where(folk["indsats"] == 1, 4 + better, 4)).astype(int)
    folk.to_csv(folder / "folk.csv", index=False)
    (folder / "study.toml").write_text(TRIAL, encoding="utf-8")
    run(load_study(folder), folder / "results")


def texts(report: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in report.glob("*.qmd")}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("et studie") / "forsøg"
    trial(folder, better=2)
    assert main(["report", "init", str(folder)]) == 0
    return folder


def edited(report: Path) -> None:
    """Write as an author does."""
    resume = report / "_02-resume.qmd"
    text = resume.read_text(encoding="utf-8")
    changed = text.replace("Sådan skal tallene læses", "Sådan læser man tallene")
    resume.write_text(f"{changed}\n{PINNED}", encoding="utf-8")
    about = report / "_11-indsatsen.qmd"
    text = about.read_text(encoding="utf-8").replace("Rapporten undersøger", "Vi ser på")
    about.write_text(text.replace("trinene står i", "alle trin findes i"), encoding="utf-8")
    (report / "_01-forord.qmd").write_text(FORORD, encoding="utf-8")
    values = report / "_13-vaerdier.qmd"
    values.write_text(values.read_text(encoding="utf-8") + QUOTES, encoding="utf-8")
    (report / "_14-selv.qmd").write_text(OWN, encoding="utf-8")
    index = report / "index.qmd"
    after, own = "{{< include _13-vaerdier.qmd >}}\n", "{{< include _14-selv.qmd >}}\n"
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace(after, f"{after}\n{own}"), encoding="utf-8")


def test_nothing_that_a_person_wrote_is_lost_by_new_data(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = study / "report"
    edited(report)
    assert main(["report", "pin", str(study)]) == 0
    before, pins = texts(report), (report / "pins.toml").read_bytes()
    trial(study, better=4)
    assert main(["report", "init", str(study)]) == 0
    assert main(["report", "update", str(study)]) == 0
    capsys.readouterr()
    assert main(["render", str(study), "--to", "html"]) == 0
    told = capsys.readouterr().err
    assert texts(report) == before
    assert (report / "pins.toml").read_bytes() == pins
    line = before["_02-resume.qmd"].splitlines().index(PINNED.strip()) + 1
    assert f'_02-resume.qmd:{line}: "Flere kom i arbejde." was written of other numbers' in told
    assert "arbejde.mean_difference.estimate was 20,0, is 40,0" in told
    page = (report / "out" / "main.html").read_text(encoding="utf-8")
    for own in (
        "Sådan læser man tallene",
        "Vi ser på",
        "alle trin findes",
        "Tak til alle",
        "»Jeg",
    ):
        assert own in page
    assert "Forskellen er 40,0." in page
    assert 'tal="' not in page


def test_a_report_begins_without_a_trace_of_what_the_study_lacks(study: Path) -> None:
    whole = "".join(texts(study / "report").values())
    assert "$" not in whole
    for absent in ("uge", "skala", "kommune", 'show("figure", "incidence"'):
        assert absent not in whole.lower(), absent
    assert (study / "report" / "_environment").read_text() == "ENPLAN_RESULTS=../results\n"
    assert "/_*.local" in (study / "report" / ".gitignore").read_text()


def test_what_is_new_is_added_where_it_stands_and_what_was_taken_out_stays_out(
    study: Path, tmp_path: Path
) -> None:
    report, results = tmp_path / "report", study / "results"
    begin(report, results)
    limits = report / "_17-sikkerhed.qmd"
    offered = limits.read_text(encoding="utf-8")
    heading = next(line for line in offered.splitlines() if line.startswith("## Begr"))
    # An older version had no such paragraph, and the author has taken another one out.
    record = report / ".enplan-offered.json"
    text = offered.replace(f"{heading}\n\n", "")
    limits.write_text(text.replace("Et svar kan være usikkert", "Et svar kan"), "utf-8")
    record.write_text(record.read_text().replace(_digest(heading), "0" * 16))
    told = update(report, results)
    assert f"+{heading}" in told
    after = limits.read_text(encoding="utf-8")
    assert after.index(heading) < after.index('say("limits")')
    assert "Et svar kan på to måder" in after
    assert "Et svar kan være usikkert" not in after
    assert update(report, results) == []
