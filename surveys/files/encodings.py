"""Bytes to text: the declared encoding, then UTF-8, cp1252, Latin-1, with the reason noted."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from data_dictionary.errors import DataError

LADDER = ("utf-8", "cp1252", "latin-1")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with the encoding that gave it and why that one was used."""

    text: str
    encoding: str
    reason: str


def decode(content: bytes, declared: str | None, where: str) -> Decoded:
    """Turn the bytes of a file into text; refused if a declared encoding does not fit."""
    # What the user declares is used or refused, never silently replaced.
    if declared is not None:
        name = known_encoding(declared, where)
        try:
            text = content.decode(name)
        except UnicodeDecodeError as error:
            raise DataError(
                f"{where}: not written in the declared encoding '{declared}' (byte "
                f"{error.start + 1}). Leave out encoding, and {', '.join(LADDER)} are "
                "tried in turn."
            ) from error
        if is_garbled([text]):
            raise garbled(declared, where)
        return Decoded(text=text, encoding=name, reason="declared by the user")
    for mark, name in _MARKS:
        if content.startswith(mark):
            with suppress(UnicodeDecodeError):
                text = content.decode(name)
                reason = "declared by its byte order mark"
                return Decoded(text=text, encoding=name, reason=reason)
    failed: list[str] = []
    for name in LADDER:  # Latin-1, the last, takes any bytes
        try:
            text = content.decode(name)
            break
        except UnicodeDecodeError as error:
            failed.append(f"not {name} (byte {error.start + 1})")
    why = failed or ["plain ASCII" if text.isascii() else f"valid {name}"]
    return Decoded(text=text, encoding=name, reason=f"nothing declared; {', '.join(why)}")


def known_encoding(name: str, where: str) -> str:
    """Return an encoding's canonical name; refused if there is no such encoding."""
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise DataError(
            f"{where}: encoding '{name}' is not known; common ones are {', '.join(LADDER)}."
        ) from error


def is_garbled(texts: Iterable[str]) -> bool:
    """Whether text is UTF-8 read as cp1252 or Latin-1, such as ``kÃ¸n`` for ``køn``.

    It is if every text beyond ASCII, taken back to bytes, is valid UTF-8; one lone letter
    that is not proves the opposite.
    """
    # Plain ASCII reads the same in every encoding of the ladder and proves nothing.
    beyond = [text for text in texts if not text.isascii()]
    return bool(beyond) and all(map(_is_misread, beyond))


def garbled(declared: str, where: str) -> DataError:
    """Return the error of a declared encoding that garbles UTF-8."""
    return DataError(
        f"{where}: the declared encoding '{declared}' garbles æ, ø and å, because the text is "
        'UTF-8. Leave out encoding, or write encoding = "utf-8".'
    )


def _is_misread(text: str) -> bool:
    """Whether a text's bytes in cp1252 or Latin-1 are valid UTF-8."""
    for name in ("cp1252", "latin-1"):
        try:
            text.encode(name).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        return True
    return False
