"""The secret behind pseudonymous keys: where it may lie, and whether it can be guessed."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

from data_dictionary.errors import DataError

_STUDY = "study.toml"
_LEAST_BYTES, _LEAST_HEX, _LEAST_TEXT = 16, 32, 22  # 128 bits each way
_LONGEST = 1024
_HOW = 'Make one with python -c "import secrets; print(secrets.token_hex(32))".'

_WORDS = ("password", "passw0rd", "qwerty", "hemmelig", "kodeord", "adgangskode", "secret")
# Pairs of letters: half of all pairs in English or Danish text, one in ten by chance.
_PAIRS = frozenset(
    re.findall(
        "..",
        "thheineranreonatenndtiesorteofedisitalarsttontngsehaasouio"
        "levecomedehiriroicneearacelichllbemasiomuretgeldkeskigelog",
    )
)


def read_secret(key_file: Path, *, data: Path, out: Path) -> bytes:
    """Return the secret in a file, refused if it can be guessed or lies where it should not.

    That is in a study, or beside or below `out`; or it is the data themselves.
    """
    place = key_file.resolve()
    studies = [folder for folder in place.parents if (folder / _STUDY).is_file()]
    if studies or place.is_relative_to(out.resolve().parent):
        raise DataError(
            f"{key_file.name}: the key lies in the folder of a study or of the file that is "
            "written. Keep it apart from the data, where only the data provider can read it."
        )
    if not place.is_file():
        what = "is no file" if place.exists() else "there is no such key file"
        raise DataError(f"{key_file}: {what}.")
    if data.exists() and place.samefile(data):
        raise DataError(f"{key_file.name}: is the data file itself. {_HOW}")
    with place.open("rb") as stream:
        secret = stream.read(_LONGEST + 1).removeprefix(b"\xef\xbb\xbf").strip()
    weakness = weakness_of(secret)
    if weakness:
        raise DataError(
            f"{key_file.name}: {weakness}; a key needs at least {_LEAST_BYTES} random bytes. "
            f"{_HOW}"
        )
    return secret


def notes_on(key_file: Path) -> tuple[str, ...]:
    """Say who else can read the file, where the system tells."""
    if os.name == "posix" and key_file.stat().st_mode & 0o077:
        mode = f"{key_file.stat().st_mode & 0o777:o}"
        return (
            f"{key_file.name} can be read by others on this machine (mode {mode}); "
            "whoever reads it can make every key again: chmod 600.",
        )
    return ()


def weakness_of(secret: bytes) -> str:
    """Say why a secret can be guessed; an empty string for one that a generator can have made.

    Examples
    --------
    >>> weakness_of(b"passwordpassword1")
    'it has too few bytes'
    >>> weakness_of(bytes.fromhex("a3f10b9e44c87d20515efc09b6d3722e"))
    ''
    """
    if len(secret) > _LONGEST:
        return "it is a file of something else, not a key"
    text = secret.decode("ascii", errors="replace")
    is_text = text.isascii() and text.isprintable()
    is_hex = bool(re.fullmatch(r"[0-9a-fA-F-]+", text))
    least = _LEAST_HEX if is_hex else _LEAST_TEXT if is_text else _LEAST_BYTES
    different = 8 if is_hex else 11
    if len(secret.replace(b"-", b"") if is_hex else secret) < least:
        return "it has too few bytes"
    if len(set(secret)) < different or repeats(secret):
        return "it repeats itself"
    if is_text and not is_hex and _is_wording(text):
        return "it is made of words"
    return ""


def repeats(secret: bytes) -> bool:
    """Whether eight bytes stand twice, or most bytes are neighbours of the byte before.

    Examples
    --------
    >>> repeats(b"x" * 16), repeats(b"sixteen bytes or more")
    (True, False)
    """
    pieces = [secret[i : i + 8] for i in range(len(secret) - 7)]
    steps = [abs(after - before) <= 1 for before, after in pairwise(secret)]
    return len(set(pieces)) < len(pieces) or 2 * sum(steps) > len(steps)


def _is_wording(text: str) -> bool:
    small = text.lower()
    if any(word in small for word in _WORDS) or re.search(r"\s", text):
        return True
    if text in {small, text.upper()}:
        return True  # a generator of text uses both cases
    pairs = [a + b for a, b in pairwise(small) if (a + b).isalpha()]
    return sum(pair in _PAIRS for pair in pairs) > 0.38 * len(pairs) and len(pairs) >= 8
