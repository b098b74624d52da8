"""Sentences that an author ties to numbers, and whether the numbers are still those."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from data_dictionary.errors import RenderError
from reports.facts import Sheet
from reports.shown_values import shown_values

FILE = "pins.toml"
_SENTENCE = re.compile(
    r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\{\.om tal=\"(?P<names>[^\"]*)\"\s*\}"
)
_HEAD = (
    "# Written by 'enplan report pin': what each sentence was tied to when it was last read.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A sentence with the numbers that it is about, as they are shown."""

    file: str
    line: int = 0
    sentence: str
    begins: str
    shown: Mapping[str, str] = field(default_factory=dict)


def sentences(file: str, text: str) -> Iterator[tuple[Pin, list[str]]]:
    """Yield each sentence in a text that names numbers, and the names."""
    for found in _SENTENCE.finditer(text):
        words = " ".join(found["text"].split())
        digest = hashlib.sha256(words.encode()).hexdigest()[:16]
        line = text.count("\n", 0, found.start()) + 1
        begins = words if len(words) <= 60 else f"{words[:60]} ..."
        yield Pin(file=file, line=line, sentence=digest, begins=begins), found["names"].split()


def shown(report: Sheet, names: list[str]) -> dict[str, str]:
    """Return what the named numbers are now; RenderError if there is no such number."""
    return {key: told for name in names for key, told in shown_values(report, name).items()}


def stale(pin: Pin, now: Mapping[str, str], kept: Mapping[tuple[str, str], Pin]) -> str:
    """Return why a sentence has to be read again, or nothing."""
    known = kept.get((pin.file, pin.sentence))
    if known is None:
        return "is new or was changed; read it, then run 'enplan report pin'"
    moved = [
        f"{name} was {known.shown.get(name, 'not there')}, is {told}"
        for name, told in now.items()
        if known.shown.get(name) != told
    ]
    return f"was written of other numbers: {'; '.join(moved)}" if moved else ""


def read_pins(folder: Path) -> dict[tuple[str, str], Pin]:
    """Return the pins that stand beside a report's texts, by file and sentence."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["pin"]
        pins = [Pin(**row) for row in rows]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise RenderError(
            f"{path} cannot be read ({error}); 'enplan report pin' writes it anew."
        ) from error
    return {(pin.file, pin.sentence): pin for pin in pins}


def pins_text(pins: list[Pin]) -> str:
    """Return the file of pins; each value is a text, written as TOML and JSON have it alike."""

    def told(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    blocks = [
        "\n".join(
            [
                "[[pin]]",
                *(
                    f"{key} = {told(getattr(pin, key))}"
                    for key in ("file", "sentence", "begins")
                ),
                "[pin.shown]",
                *(f"{told(name)} = {told(value)}" for name, value in pin.shown.items()),
            ]
        )
        for pin in pins
    ]
    return "\n\n".join([_HEAD.rstrip(), *blocks]) + "\n"
