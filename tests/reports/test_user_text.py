"""Whatever a user writes is shown as it was written, wherever it stands."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pypandoc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.markdown import bullets, figure, heading, paragraphs, table
from reports.staging import PROJECT
from reports.user_text import (
    odd_names,
    plain,
    plain_drawing,
    sealed,
    sealed_all,
    sealed_frame,
)

HOUSE = PROJECT / "_extensions" / "vive" / "vive.lua"
NASTY = [
    "@kommune",
    "$5 og $6",
    "<25 år",
    r"a\b",
    "*_#[]{}",
    "**fed**",
    "_kursiv_",
    "`kode`",
    "~~x~~",
    "![p](/etc/hostname)",
    "![p](http://127.0.0.1:9/x.png){fig-alt='x'}",
    "[x](javascript:alert(1))",
    '[x]{onmouseover="alert(1)"}',
    "[x]{style='background:url(http://z)'}",
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    r"\input{/etc/passwd}",
    '#eval("1")',
    "{{< include x.md >}}",
    "{=html}",
    "`{python} 1/0`",
    "[^1]",
    "^[note]",
    "x^2^ og H~2~O",
    "&amp; &#x41;",
    "-- ... 'q' \"q\"",
    "a | b",
    "::: {.note}",
    "---",
    "===",
    "***",
    "# Overskrift",
    "1. måling",
    "1) en",
    "(1) en",
    "a. en",
    "- en",
    "+ en",
    "* en",
    "> citat",
    ": definition",
    "    kode",
    "| linje",
    "~~~",
    "```{=html}",
    "$$x$$",
    "@fig-kurve",
    "[@smith]",
    "#tbl-x}",
    "{#sec-a}",
    "{.unnumbered}",
    "100 % - 5,5 pct.",
    "=cmd|'x'!A0",
    "(a) b",
    "http://x.dk/a_b_c?d=e&f",
    "<http://x.dk>",
    "a@b.dk",
    "\\",
    "\\\\",
    "\\#",
    "Ringe (by)",
    "i.",
    "Det er slut.",
    "½ & ¾ — “citat”",
    "x\ny",
    "x\n\n# y",
    "\u202egnirts\u202c",
    "\x07klokke",
]


def shown(text: str) -> str:
    """Return a text as a reader meets it: on one line, without what cannot be seen."""
    unseen = re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", " ", text)
    return " ".join(unseen.split())


def pandoc(markdown: str, to: str) -> str:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=markdown", f"--to={to}", f"--lua-filter={HOUSE}",
         "--sandbox", "--wrap=none"],
        input=markdown.encode(), capture_output=True, check=True,
    )  # fmt: skip
    assert b"WARNING" not in done.stderr
    return done.stdout.decode()


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).replace("\xa0", " ").split())


def document(text: str, number: int) -> str:
    """Set a text wherever the chapters set one."""
    shown_in_cells = table(
        f"t{number}",
        text,
        (text, "Tal"),
        ((text, "1"), (f"{text} ({text})", "<5")),
        notes=f"{text}. {text}",
        source=text,
    )
    parts = [
        heading(text, 2, f"s{number}"),
        paragraphs(text, f"Om **{text}** og {text}, jf. {text}."),
        bullets([text, f"**{text}** (primært): {text}"]),
        shown_in_cells,
        f"\n::: {{.kolofon}}\n{text}\n:::\n",
    ]
    return "".join(parts)


def test_every_sign_is_shown_in_every_place_and_none_is_markup() -> None:
    content = "".join(document(sealed(text), i) for i, text in enumerate(NASTY))
    page = pandoc(content, "html")
    text = words(page)
    for nasty in NASTY:
        wanted = " ".join(shown(nasty).replace("\xa0", " ").split())
        assert text.count(wanted) >= 10, nasty
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {
        *(
            "h2",
            "p",
            "strong",
            "ul",
            "li",
            "table",
            "caption",
            "colgroup",
            "col",
            "thead",
            "tr",
        ),
        *("th", "tbody", "td", "div", "details", "summary", "a"),
    }
    names = set(re.findall(r'\s([\w-]+)="', re.sub(r">[^<]*<", "><", page)))
    assert names <= {"class", "id", "style", "data-custom-style", "download", "href"}
    assert all(text.startswith("data:text/csv;") for text in re.findall(r'href="([^"]*)', page))
    assert "url(" not in "".join(re.findall(r'style="[^"]*"', page))


TEXTS = st.text(
    st.sampled_from("ab1 2.*_-+#>|:=`~[](){}<>!\\$@&\"'^%/;,?æ\n\t")
    | st.characters(codec="utf-8"),
    max_size=12,
)


@given(st.lists(TEXTS, min_size=12, max_size=12))
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_as_one_paragraph_of_text(texts: list[str]) -> None:
    drawn = [text for text in texts if shown(text)]
    content = "\n\n".join(f"{sealed(text)}\n\nMELLEM" for text in drawn)
    page = pandoc(f"MELLEM\n\n{content}", "html")
    blocks = [words(part) for part in page.split("<p>MELLEM</p>")[1:]]
    stand_in = re.compile("[\U00013000-\U0001307f]")
    for text, block in zip(drawn, blocks, strict=False):
        wanted = stand_in.sub("\N{REPLACEMENT CHARACTER}", shown(text)).replace("\xa0", " ")
        assert block == " ".join(wanted.split())


@pytest.mark.parametrize(
    "code",
    [
        "hazard_ratio",
        "matched:employment",
        "scale points (0-100)",
        "percentage points",
        "0.05",
        "2026-11-30T12:00:00+01:00",
        "employment:early_retirement",
        "nærmeste nabo",
        "en_plan",
        "1e-05",
    ],
)
def test_codes_are_the_same_after_sealing(code: str) -> None:
    assert sealed(code) == code


def test_paragraphs_of_an_introduction_stay_and_nothing_else_of_it_is_markup() -> None:
    text = "Første\nafsnit.\n\n# Andet\n\n    tredje\n\n\n- fjerde"
    made = sealed_all({"report": {"introduction": text, "title": text}})["report"]
    assert plain(made["introduction"]) == "Første afsnit.\n\n# Andet\n\ntredje\n\n- fjerde"
    assert plain(made["title"]) == "Første afsnit. # Andet tredje - fjerde"
    assert pandoc(made["introduction"], "html").count("<p>") == 4


def test_a_name_that_is_no_label_becomes_one_everywhere() -> None:
    content = {
        "outcomes": [
            {"name": '=X("http://x") a/b', "label": "Et"},
            {"name": "job", "label": "To"},
        ],
        "steps": ['matched:=X("http://x") a/b', '=X("http://x") a/b:death', "job:death"],
    }
    made = sealed_all(content, names=odd_names(content))
    name = made["outcomes"][0]["name"]
    assert plain(name) == '=X("http://x") a/b'
    assert made["steps"] == [f"matched:{name}", f"{name}:death", "job:death"]
    page = pandoc(f"# T {{#fig-{name}}}\n\n[x](#fig-{name}) @fig-{name}", "json")
    assert page.count(f"fig-{name}") == 3


@pytest.mark.parametrize(
    "name",
    [
        "løn – 5 €",
        "a\U0001f600b",
        "a\u00a0b",
        "«x»",
        "x…",
        "a\x07b",
        "\U00013041 x",
        "½-x",
        "m²",
    ],
)
def test_a_name_with_signs_beyond_ascii_becomes_a_label_and_is_shown(name: str) -> None:
    content = {"outcomes": [{"name": name}], "steps": [f"matched:{name}"]}
    label = sealed_all(content, names=odd_names(content))["outcomes"][0]["name"]
    seen = name.replace("\x07", " ").replace("\u00a0", " ").replace("\U00013041", "\ufffd")
    assert plain(label) == seen
    page = pandoc(f"# T {{#fig-{label}}}\n\n[x](#fig-{label}) @fig-{label}", "json")
    assert page.count(f"fig-{label}") >= 3
    assert words(pandoc(f"Om {label}.", "html")) == f"Om {seen}."
    assert f"<fig-{label}>" in pandoc(f"# T {{#fig-{label}}}", "typst")


def test_cells_of_a_table_are_texts_too_and_numbers_stay() -> None:
    frame = pd.DataFrame({"cluster": ["@Allerød", None, "Hørsholm"], "n": [5, 6, 7]})
    made = sealed_frame(frame, frozenset())
    assert [None if cell is None else plain(cell) for cell in made["cluster"]] == [
        "@Allerød", None, "Hørsholm",
    ]  # fmt: skip
    assert made["cluster"][2] == "Hørsholm"
    assert made["cluster"][0] != "@Allerød"
    assert made["n"].tolist() == [5, 6, 7]
    assert frame["cluster"][0] == "@Allerød"


def test_a_drawing_shows_the_signs_in_every_text_of_it(tmp_path: Path) -> None:
    texts = ["$5 og $6", r"\alpha_x", "@a", "<25", "#1. x"]
    drawing, ax = plt.subplots()
    ax.plot(range(5), range(5), label=sealed(texts[0]))
    ax.set_yticks(range(5), labels=[sealed(text) for text in texts])
    ax.set_title(sealed("$titel$"))
    ax.legend()
    with plain_drawing(drawing), plt.rc_context({"svg.fonttype": "none"}):
        drawing.savefig(tmp_path / "x.svg")
    plt.close(drawing)
    svg = html.unescape((tmp_path / "x.svg").read_text(encoding="utf-8"))
    for text in (*texts, "$titel$"):
        assert f">{text}</text>" in svg
    before = matplotlib_set_text()
    assert before.__name__ == "set_text"
    assert "plain_drawing" not in before.__qualname__


def matplotlib_set_text() -> object:
    from matplotlib.text import Text

    return Text.set_text


def test_a_figure_of_a_report_carries_them_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    drawing, ax = plt.subplots()
    ax.set_title(sealed("$5 og $6"))
    made = figure(drawing, label="x", caption=sealed("*x*"), alt=sealed('"q" {.y}'))
    assert (tmp_path / "figures" / "x.svg").is_file()
    page = pandoc(made, "html")
    assert 'fig-alt="&quot;q&quot; {.y}"' in page
    assert "*x*" in words(page)
