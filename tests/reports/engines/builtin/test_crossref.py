"""Formulas, widths and rules in the three formats of the built-in engine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from data_dictionary.errors import RenderError
from reports.rendering import Rendered

TEXT = """
# A

[$x^2$]{alt="x i anden"}, se @eq-a og @eq-b.

$$
a = 1
$$ {#eq-a alt="a er en"}

$$b = 2$$ {#eq-b alt="b er to"}

---

| A | B |
|---|---|
| 1 | 2 |

: Bred {#tbl-a tbl-colwidths="[20,80]"}

::: {#tbl-b tbl-colwidths="[30,70]"}

| A | B |
|---|---|
| 1 | 2 |

I ramme
:::

```{python}
#| label: tbl-c
#| tbl-cap: Fra en celle
#| tbl-colwidths: [40, 60]
#| output: asis
print("| A | B |\\n|---|---|\\n| 1 | 2 |")
```

```{python}
#| output: asis
from pathlib import Path
import matplotlib.pyplot as plt
Path("figures").mkdir(exist_ok=True)
fig, ax = plt.subplots()
fig.savefig("figures/a.svg")
fig.savefig("figures/a.png")
plt.close(fig)
print('![B](figures/a.svg){#fig-a fig-alt="x" width=30%}')
```

```
$$c = 3$$ {#eq-c}
```
"""


def test_numbers_descriptions_and_widths_are_in_every_format(
    render_text: Callable[..., Rendered],
) -> None:
    made = render_text(TEXT, ("html", "pdf", "docx"))
    page = made["html"].read_text(encoding="utf-8")
    assert '<a href="#eq-a" class="quarto-xref">ligning\N{NO-BREAK SPACE}1</a>' in page
    assert [found[1] for found in re.finditer(r"\\qquad\((\d)\)", page)] == ["1", "2"]
    assert "<span alt" not in page
    assert re.findall(r'<col style="width: (\d+)%"', page) == [
        "20",
        "80",
        "30",
        "70",
        "40",
        "60",
    ]
    assert 'style="width:30' in page
    assert "<hr />" in page
    assert "$$c = 3$$ {#eq-c}" in page
    with zipfile.ZipFile(made["docx"]) as archive:
        word = archive.read("word/document.xml").decode()
    assert word.count("<m:oMath>") == 3
    reader = PdfReader(made["pdf"])
    text = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
    assert "se ligning 1 og ligning 2." in text.replace("\xa0", " ")
    assert {"x i anden", "a er en", "b er to", "x"} == set(alts(reader))


def alts(reader: PdfReader) -> list[str]:
    """Return the descriptions in the structure of a PDF."""
    objects = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
    found = [one["/Alt"] for one in objects if isinstance(one, dict) and "/Alt" in one]
    return [str(one) for one in found]


def test_a_formula_without_a_description_is_refused_by_a_cell_too(
    render_text: Callable[..., Rendered],
) -> None:
    with pytest.raises(
        RenderError, match=r"doc\.qmd, from a cell: formula 'd = 4' without alt"
    ):
        render_text("# A\n\n```{python}\n#| output: asis\nprint('$d = ' + '4$')\n```\n")
