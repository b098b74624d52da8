"""What stands on the title page of a report, taken from the results it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

from data_dictionary.errors import RenderError

STAMP = "Syntetiske data – ikke resultater"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#@$^~|{}\"'])")


def title_page(results: Path) -> dict[str, object]:
    """Return the front matter that the results decide; it wins over what the document says.

    A stamp of None means that the study's data are real: the page must not carry one.
    """
    manifest = _manifest(results)
    study = manifest.get("study")
    if not isinstance(study, dict):
        return {}
    facts: dict[str, object] = {"stamp": STAMP if study.get("synthetic") else None}
    report = manifest.get("report")
    named = {"title": study.get("title")} | (report if isinstance(report, dict) else {})
    for key, source in (
        ("title", "title"),
        ("subtitle", "subtitle"),
        ("author", "authors"),
        ("publisher", "publisher"),
    ):
        value = named.get(source)
        if value:
            facts[key] = (
                [_plain(str(item)) for item in value]
                if isinstance(value, list)
                else _plain(str(value))
            )
    finished = str(manifest.get("finished", ""))[:10]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", finished):
        facts["date"] = finished
    return facts


def _manifest(results: Path) -> dict[str, object]:
    path = results / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise RenderError(f"{path} is not readable JSON; run the study again.") from error
    return manifest if isinstance(manifest, dict) else {}


def _plain(text: str) -> str:
    """Return Markdown that shows `text` as it is."""
    return _SPECIAL.sub(r"\\\1", text)
