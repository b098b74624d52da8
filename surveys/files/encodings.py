"""Bytes to text: the declared encoding, or the one in which the text reads; why is noted.

Nearly every byte is some letter in cp1252, so that it decodes proves nothing.  What reads is
judged instead: the share of letters beyond ASCII that European languages have where they stand.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from data_dictionary.errors import DataError

LADDER = ("utf-8", "cp1252", "latin-1")
_OLD = ("cp850", "mac_roman")  # DOS and old municipal systems; the Macintosh

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters of the languages around, and the signs that word processors and keyboards make.
_BEYOND = re.compile(r"[^\x00-\x7f]")
_READABLE = re.compile(
    r"[æøåéèêëüöäáàâãíìîïóòôõúùûñçßðþýÿœšžÆØÅÉÈÊËÜÖÄÁÀÂÍÓÔÚÑÇÐÞÝŠŽ"
    r"“”„‘’‚‹›«»–—…€£§°·´¨½¼¾²³µ×±•™®©¿¡¤¶\u00a0\u00ad]"
)
# A capital between small letters, and a sign between letters, stand in no word.
_OUT_OF_PLACE = re.compile(
    r"(?<=[a-zæøå])[ÆØÅÉÜÖÄÀ-ÞŒŠŽ](?=[a-zæøå])|"
    r"(?<=[A-Za-zæøå])(?:[¤¥¢¦¬¯¸¹º¼½¾±×÷‡‰ˆ˜›‘](?=[a-zæøå])|[¿¡†‹‚„])"
)
_DANISH = re.compile("[æøåÆØÅ]")
_TWO_SIGNS = re.compile("Ã[¥¦¸…†˜\u0085\u0086\u0098©¨¼¶¤]")  # å æ ø Å Æ Ø é è ü ö ä
_MOST_ODD, _HALF = 0.05, 0.3
_BEGINNING = 1 << 16
_WRONG = "\N{REPLACEMENT CHARACTER}"
_ROWS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text, as UTF-8, with the encoding that gave it and why that one was used."""

    utf8: bytes
    encoding: str
    reason: str

    @property
    def text(self) -> str:
        """The text."""
        return self.utf8.decode("utf-8")

    @property
    def told(self) -> str:
        """What a remark says."""
        return f"{self.encoding} ({self.reason})"


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
        return _decoded(text, name, "declared by the user")
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _marked(content, name, where)
    if wide := _wide(content):
        with suppress(UnicodeDecodeError):
            text = content.decode(wide)
            return _decoded(text, wide, "nothing declared; every second byte is zero")
    if content.isascii():
        reason = "nothing declared; plain ASCII"
        return Decoded(utf8=content.rstrip(b"\x1a"), encoding="utf-8", reason=reason)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_mixed(content, where)
        return _by_reading(content, f"not utf-8 (byte {error.start + 1})", where)
    if _is_misread(text):
        raise DataError(
            f"{where}: was turned into UTF-8 twice, so that letters such as æ, ø and å are "
            "two signs each. Export it again."
        )
    _refuse_misread_rows(text, where)
    return _decoded(text, "utf-8", "nothing declared; valid utf-8", content)


def _marked(content: bytes, name: str, where: str) -> Decoded:
    """Return the text of a file that begins with a mark of its encoding."""
    try:
        return _decoded(content.decode(name), name, "declared by its byte order mark")
    except UnicodeDecodeError as error:
        message = f"{where}: begins with the mark of {name}, and is not all of it."
        raise DataError(f"{message} Export it again.") from error


def _decoded(text: str, encoding: str, reason: str, utf8: bytes | None = None) -> Decoded:
    bare = text.lstrip("\ufeff").rstrip("\x1a")  # marks of the beginning, and of DOS's end
    if len(bare) < len(text):
        text, utf8 = bare, None
    # A letter and its accent apart, as macOS writes them, are one letter.
    if not _is_composed(text):
        text, reason = unicodedata.normalize("NFC", text), f"{reason}; accents put together"
        utf8 = None
    return Decoded(utf8=utf8 or text.encode("utf-8"), encoding=encoding, reason=reason)


def _is_composed(text: str) -> bool:
    """Whether no letter has its accent apart."""
    with suppress(UnicodeEncodeError):
        text.encode("latin-1")  # without accents apart, and told at once
        return True
    return unicodedata.is_normalized("NFC", text)


def _wide(content: bytes) -> str:
    """Return which UTF-16 has no mark and yet a zero in every second byte; else nothing."""
    sample = content[: 1 << 16]
    half = max(len(sample) // 2, 1)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if max(even, odd) < _HALF or min(even, odd) > _MOST_ODD:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _refuse_mixed(content: bytes, where: str) -> None:
    """Raise if most letters beyond ASCII are UTF-8 and some rows hold others."""
    text = content.decode("utf-8", "replace")
    valid = len(_BEYOND.findall(text)) - (n_wrong := text.count(_WRONG))
    if valid <= n_wrong:
        return
    rows = [k for k, line in enumerate(text.splitlines(), start=1) if _WRONG in line]
    shown = ", ".join(map(str, rows[:_ROWS_NAMED]))
    raise DataError(
        f"{where}: is UTF-8, but {len(rows)} row(s) hold bytes of another encoding (rows "
        f"{shown}). Correct them at their source, or export the file again."
    )


def _refuse_misread_rows(text: str, where: str) -> None:
    """Raise if some rows hold letters of UTF-8 that were read as cp1252, such as ``Ã¸``."""
    if "Ã" in text and _TWO_SIGNS.search(text):
        lines = enumerate(text.splitlines(), start=1)
        rows = [k for k, line in lines if _TWO_SIGNS.search(line)]
        shown = ", ".join(map(str, rows[:_ROWS_NAMED]))
        raise DataError(
            f"{where}: {len(rows)} row(s) are UTF-8 that was read in another encoding, so that "
            f"letters such as æ, ø and å are two signs each (rows {shown}). Correct them at "
            "their source, or export the file again."
        )


def _by_reading(content: bytes, why: str, where: str) -> Decoded:
    """Return text of one byte a letter in the encoding in which it reads."""
    odd: dict[str, float] = {}
    for name in ("cp1252", "latin-1", *_OLD):
        with suppress(UnicodeDecodeError):
            odd[name] = oddness(content.decode(name))
            if next(iter(odd.values())) <= _MOST_ODD:
                break  # the usual one reads, whatever the others do
    # Of two in which it reads the one with more Danish letters is offered.
    best = min(odd, key=lambda name: (odd[name], -len(_DANISH.findall(content.decode(name)))))
    usual = next(name for name in odd if name in LADDER)
    if odd[usual] <= max(_MOST_ODD, odd[best]):
        reason = f"nothing declared; {why}; {1 - odd[usual]:.0%} of its letters read"
        text = content.decode(usual)
        _refuse_misread_rows(text, where)
        return _decoded(text, usual, reason)
    raise DataError(
        f"{where}: the encoding is not clear: as {usual}, the usual one, {odd[usual]:.0%} of "
        f"the letters beyond ASCII stand where no word has them, as {best} {odd[best]:.0%} do. "
        f'Declare it: encoding = "{best}", or another one.'
    )


def oddness(text: str) -> float:
    """Return the share of letters beyond ASCII that no word has where they stand.

    Examples
    --------
    >>> oddness("blåbær på øen"), oddness("bl†b‘r p† ›en")
    (0.0, 0.75)
    """
    beyond = Counter(_BEYOND.findall(text))
    if not beyond:
        return 0.0
    unreadable = sum(n for sign, n in beyond.items() if _READABLE.fullmatch(sign) is None)
    readable_but = sum(
        _READABLE.fullmatch(found[0]) is not None for found in _OUT_OF_PLACE.finditer(text)
    )
    if "‹" not in beyond:  # a quotation that nothing opened
        readable_but = max(readable_but, beyond["›"])
    return (unreadable + readable_but) / beyond.total()


def known_encoding(name: str, where: str) -> str:
    """Return an encoding's canonical name; refused if there is no such encoding of text."""
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError) as error:
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


def is_partly_garbled(texts: Iterable[str]) -> bool:
    """Whether some text is UTF-8 read as cp1252 or Latin-1, though other text is not."""
    return any(_is_misread(text) for text in texts if not text.isascii())


def garbled(declared: str, where: str) -> DataError:
    """Return the error of a declared encoding that garbles UTF-8."""
    return DataError(
        f"{where}: the declared encoding '{declared}' garbles æ, ø and å, because the text is "
        'UTF-8. Leave out encoding, or write encoding = "utf-8".'
    )


def _is_misread(text: str) -> bool:
    """Whether a text's bytes in another encoding than UTF-8 are valid UTF-8."""
    # A letter of the beginning that is not proves the opposite of the whole.
    start = text[: text.rfind("\n", 0, _BEGINNING) + 1]
    if len(text) > _BEGINNING and not start.isascii() and not _is_misread(start):
        return False
    for name in ("cp1252", "latin-1", *_OLD):
        try:
            text.encode(name).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        return True
    return False
