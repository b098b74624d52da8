"""What Pandoc and Typst are handed, and what becomes of signs that no font can show."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from data_dictionary.errors import RenderError
from reports.rendering import Rendered


def test_signs_that_no_font_has_do_not_stop_the_pdf(
    render_text: Callable[..., Rendered], caplog: pytest.LogCaptureFixture
) -> None:
    text = "# Ydelse \U0001f600 og \u6f22\u5b57\n\nHebraisk \u05d0, \u0378 og 5 \u20ac.\n"
    with caplog.at_level(logging.WARNING, "reports"):
        made = render_text(text, ("html", "pdf", "docx"))
    pages = PdfReader(made["pdf"]).pages
    shown = " ".join("".join(page.extract_text() for page in pages).split())
    assert "Ydelse \ufffd og \ufffd\ufffd" in shown
    assert "5 \u20ac" in shown
    (told,) = caplog.messages
    assert all(code in told for code in ("U+6F22", "U+5B57", "U+1F600", "U+0378"))
    assert "U+20AC" not in told
    assert "\U0001f600 og \u6f22\u5b57" in made["html"].read_text(encoding="utf-8")


def test_another_error_of_the_compiler_is_told_and_nothing_is_left_out(
    render_text: Callable[..., Rendered], monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst

    class Refused(typst.TypstError):  # type: ignore[misc]
        message = "unknown variable: x"

    def refuse(*_: object, **__: object) -> None:
        raise Refused

    monkeypatch.setattr(typst, "compile", refuse)
    with pytest.raises(RenderError, match="PDF: unknown variable: x"):
        render_text("# Et\n\nTo \U0001f600\n", ("pdf",))
