"""Labels that a file gives its codes, held against what the dictionary calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

import pandas as pd

from data_dictionary.answers import plain
from data_dictionary.columns import Code, Column
from data_dictionary.errors import DataError
from data_dictionary.missing_kinds import kind_of_label, names_kind
from data_dictionary.recodes import reversal, spelled, within
from data_dictionary.tables import Table
from data_dictionary.violations import Violation
from surveys.files.recoding import Mappings, column_of, moved_codes
from surveys.files.remarks import Remark
from surveys.files.source import Source, Value

What: TypeAlias = Literal["other", "silence", "answer", "kind", "wording", "different"]

_NO_ANSWER = re.compile(
    r"(?:user |system |sys)?missing\b.*|mangle\w*( svar| værdi)?|(værdi )?mangler|uoplyst\w*|"
    r"(ikke|ej) (oplyst|besvaret|angivet|svaret)|ubesvaret|(intet|ingen|ikke|uden) svar|"
    r"ugyldig\w*( svar)?|blank\w*|tom|irrelevant|ukendt|no (answer|response|reply|data)|"
    r"not (answered|stated|available)|unknown|invalid|n/?a|[-–.?]+"
)
_TRUE_FALSE = {"1": "Ja", "0": "Nej"}
_YES_NO = {"yes": "ja", "no": "nej", "true": "ja", "false": "nej", "sand": "ja", "falsk": "nej"}
_DENIALS = frozenset(
    ("ikke", "ej", "aldrig", "ingen", "intet", "uden", "not", "no", "never", "none", "without")
)
_SAME_FROM = 8  # letters: what older formats leave of a label
_ALIKE, _CLOSE = 0.5, 0.7
_SHOWN = 3
_LETTER = re.compile(r"\.[a-z_]")


@dataclass(frozen=True, slots=True)
class _Fault:
    """A code whose label is not the dictionary's: in the file, as recoded, and both labels."""

    what: What
    source: str
    code: str
    theirs: str
    ours: str


def compare_labels(
    source: Source, table: Table, frame: pd.DataFrame, mappings: Mappings
) -> tuple[list[Violation], list[Remark]]:
    """Return the columns whose codes mean another thing in the file than in the dictionary.

    Parameters
    ----------
    source : Source
        What the file calls its codes, by the dictionary's names of columns.
    table : Table
        The dictionary.
    frame : DataFrame
        The values, recoded; a label of a code that no row has is remarked on only.
    mappings : Mapping
        How codes were recoded.

    Returns
    -------
    tuple of list
        Violations, one for all columns with the same fault, and what is worded otherwise.
    """
    labels = source.value_labels
    wrong: dict[tuple[_Fault, ...], list[str]] = {}
    remarks: list[Remark] = []
    for column in table.in_files:
        for name in column.members(labels):
            if name not in frame:
                continue
            mapping = mappings.get(name, {})
            named = {code: text for code, text in labels[name].items() if text.strip()}
            told = moved_codes(named, column, mapping)
            faults = _faults(column, told, mapping, source.missing.get(name, {}))
            if not faults:
                continue
            used = {spelled(value, column) for value in pd.unique(frame[name].dropna())}
            grave = tuple(f for f in faults if f.what != "wording" and f.code in used)
            if grave:
                wrong.setdefault(grave, []).append(name)
            mild = [fault for fault in faults if fault not in grave]
            if mild:
                what = "label_wording" if mild[0].what == "wording" else "labels_differ"
                said = _both(mild)
                remarks.append(Remark(what=what, columns=(name,), count=len(mild), detail=said))
    violations = [
        Violation(
            table=table.name, column=", ".join(names), rule="label",
            count=len(faults) * len(names),
            message=f"labels differ: the file calls {_both(faults)}. "
            + _remedy(table, faults, names, labels[names[0]]),
        )
        for faults, names in wrong.items()
    ]  # fmt: skip
    return violations, remarks


def named_by_file(
    violations: Iterable[Violation], source: Source, table: Table, frame: pd.DataFrame
) -> Iterator[Violation]:
    """Yield violations, those of codes that are not listed with what the file calls them."""
    for one in violations:
        labels: dict[Value, str] = dict.fromkeys(source.missing.get(one.column, {}), "")
        labels |= source.value_labels.get(one.column, {})
        if one.rule not in ("unknown code", "range", "type") or not labels:
            yield one
            continue
        column = column_of(one.column, table)
        used = {spelled(value, column) for value in pd.unique(frame[one.column].dropna())}
        known = {spelled(code, column) for code in (*column.codes, *column.missing)}
        told = {
            code: text
            for code, _, text in moved_codes(labels, column, {})
            if code in used - known and not (within(code, column) and not column.codes)
        }
        message = one.message
        if one.rule == "type":
            # Stata's and SAS's own missing values, and codes of yes and no, are nobody's
            # typing errors.
            letters = {code: text for code, text in told.items() if _LETTER.fullmatch(code)}
            told = letters or (told if column.type == "boolean" else {})
            message = f"{message.partition('. ')[0]}."
        yield replace(one, message=f"{message} {_told(told, column, table)}") if told else one


def _told(codes: Mapping[str, str], column: Column, table: Table) -> str:
    """Return what a file calls some codes that the dictionary does not know, and the line."""
    shown = list(codes.items())[:_SHOWN]
    said = ", ".join(f"{code} '{text}'" if text else code for code, text in shown)
    says = {code: _YES_NO.get(_bare(text), _bare(text)) for code, text in shown}
    says |= {code: "nej" for code, text in says.items() if set(text.split()) & _DENIALS}
    if column.type == "boolean" and set(says.values()) <= {"ja", "nej"}:
        pairs = ", ".join(f"{_key(code)} = {int(is_ == 'ja')}" for code, is_ in says.items())
        return f"The file calls {said}: recode = {{ {column.name} = {{ {pairs} }} }} for it."
    verb = "calls" if any(codes.values()) else "declares missing"
    return (
        f"The file {verb} {said}: {_missing(dict(shown))} under [columns.{column.name}] in "
        f"{table.file} where that is no answer."
    )


def _missing(labels: Mapping[str, str]) -> str:
    """Return the line that declares codes missing, with the kinds that their labels name."""
    kinds = {code: kind_of_label(text) for code, text in labels.items()}
    lines = ", ".join(
        f'{_key(code)} = "{"KIND" if kind == "user" else kind}"' for code, kind in kinds.items()
    )
    return f"missing = {{ {lines} }}"


def labels_clash(one: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> bool:
    """Whether two lists of codes give one label of an answer to different codes.

    Examples
    --------
    >>> labels_clash([("1", "Ja"), ("2", "Nej")], [("1", "NEJ"), ("2", "ja")])
    True
    """
    first, second = (
        {_bare(text): code for code, text in each if not _is_silence(text)}
        for each in (one, other)
    )
    return any(second.get(text, code) != code for text, code in first.items())


def _faults(
    column: Column,
    told: list[tuple[str, str, str]],
    mapping: Mapping[str, Code],
    missing: Mapping[Value, str],
) -> list[_Fault]:
    """Return the codes of a column whose labels differ."""
    answers = {spelled(code, column): text for code, text in column.codes.items()}
    theirs = {source: text for source, _, text in told}
    if column.type == "boolean" and not answers:
        # A boolean has no list of codes, but everybody knows what its codes mean.
        answers, told = _TRUE_FALSE, _as_yes_no(told, column)
    kinds = {spelled(code, column): kind for code, kind in column.missing.items()}
    silent = {spelled(code, column) for code in missing}
    found = []
    for source, code, text in told:
        if code in answers:
            what = _judged(text, code, answers)
            # A longer list has the same ends, and other steps between them.
            elsewhere = (their for _, its, their in told if its != code)
            if what == "wording" and any(_same(their, answers[code]) for their in elsewhere):
                what = "other"
            # Who recodes by hand says that the two labels mean the same.
            if what == "different" and source in mapping:
                what = "wording"
        elif code in kinds:
            says = kind_of_label(text)
            what = None if says in ("user", kinds[code]) else "kind"
            if what and (names_kind(text, kinds[code]) or source in mapping):
                what = "wording"
            if not _is_silence(text) and source not in silent:
                what = "answer"
        else:
            # Without codes every text, date, and number in the limits is an answer.
            inside = column.type in ("string", "date") or within(code, column)
            is_silence = code and not column.codes and inside and code not in silent
            what = "silence" if is_silence and _is_silence(text) else None
        if what is not None:
            ours = answers.get(code, kinds.get(code, "an answer"))
            found.append(_Fault(what, source, code, theirs[source], ours))
    return sorted(found, key=lambda fault: (len(fault.source), fault.source))


def _as_yes_no(told: list[tuple[str, str, str]], column: Column) -> list[tuple[str, str, str]]:
    """Return the codes 0 and 1 of a file as yes and no, where their labels say so.

    They do by these words, by a denial of one of the two, and by the name of the column.
    """
    words = {code: _bare(text).partition(",")[0] for _, code, text in told}
    said = {code: _YES_NO.get(text, text) for code, text in words.items()}
    if set(said) == {"0", "1"} and not set(said.values()) & {"ja", "nej"}:
        named = [code for code, text in words.items() if _same(text, column.label)]
        denied = [code for code, text in words.items() if set(text.split()) & _DENIALS]
        if len(named) == 1 or len(denied) == 1:
            yes = named[0] if len(named) == 1 else str(1 - int(denied[0]))
            said = {code: "ja" if code == yes else "nej" for code in said}
    return [(*one[:2], said[one[1]]) for one in told if said[one[1]] in ("ja", "nej")]


def _judged(text: str, code: str, answers: Mapping[str, str]) -> What | None:
    """Return how a label of the file differs from the answer that its code is."""
    own = answers[code]
    if _same(text, own):
        return None
    if _is_silence(text) and not _is_silence(own):
        return "silence"
    others = [label for other, label in answers.items() if other != code]
    if any(_same(text, label) for label in others):
        return "other"
    alike = _alike(text, own)
    best = max((_alike(text, label) for label in others), default=0.0)
    return "wording" if alike >= _ALIKE and alike >= best - 0.1 else "different"


def _both(faults: Iterable[_Fault]) -> str:
    """Return both labels of some codes."""
    listed = list(faults)
    shown = [
        f"{fault.source} '{fault.theirs}'"
        + (f" (recoded to {fault.code})" if fault.source != fault.code else "")
        + f", the dictionary '{fault.ours}'"
        for fault in listed[:_SHOWN]
    ]
    more = len(listed) - _SHOWN
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _remedy(
    table: Table, faults: tuple[_Fault, ...], names: list[str], labels: Mapping[Value, str]
) -> str:
    """Return the lines to write."""
    column = column_of(names[0], table)
    if any(fault.source != fault.code for fault in faults):
        return "Correct recode or reverse: the labels of the file contradict it."
    kinds = {fault.what for fault in faults}
    if kinds == {"kind"} or (kinds == {"silence"} and not column.codes):
        line = _missing({fault.source: fault.theirs for fault in faults})
        where = f"under {' and '.join(f'[columns.{name}]' for name in names)} in {table.file}"
        return f"If the label is right, write {line} {where}; else correct the label."
    meant = _meant(column, moved_codes(labels, column, {}))
    listed = ", ".join(f'"{name}"' for name in names)
    try:
        turned = {code: spelled(to, column) for code, to in reversal(column).items()}
    except DataError:
        turned = {}
    answers = {code: to for code, to in meant.items() if code in turned}
    if answers and all(turned[code] == to for code, to in answers.items()):
        return (
            f"If the codes run the other way, write reverse = [{listed}] for the file, or "
            f"reversed_in = [WAVE] for the column in {table.file}; if a label is wrong, "
            "correct it."
        )
    if kinds == {"answer"}:
        codes = ", ".join(f'{fault.code} = "{fault.theirs}"' for fault in faults)
        return (
            f"If they are answers, list {codes} under codes in {table.file} and not under "
            "missing; else correct the label."
        )
    changed = {fault.source: meant.get(fault.source, "CODE") for fault in faults}
    if kinds == {"different"}:
        changed = {fault.source: fault.code for fault in faults}
    elif kinds & {"other"}:
        changed = {code: to for code, to in meant.items() if to != code} | changed
    by_code = sorted(changed.items(), key=lambda pair: (len(pair[0]), pair[0]))
    pairs = ", ".join(f"{_key(code)} = {to}" for code, to in by_code)
    maps = ", ".join(f"{name} = {{ {pairs} }}" for name in names)
    sure = "If they mean the same, say so" if kinds == {"different"} else "Say what they become"
    return f"{sure}: recode = {{ {maps} }} for the file; or correct a label, or {table.file}."


def _meant(column: Column, told: list[tuple[str, str, str]]) -> dict[str, str]:
    """Return the code of the dictionary that each label of a file belongs to, if any."""
    meant: dict[str, str] = {}
    codes: list[tuple[Code, str]] = list(column.codes.items())
    if column.type == "boolean" and not codes:
        codes, told = list(_TRUE_FALSE.items()), _as_yes_no(told, column)
    for source, _, text in told:
        fitting = [code for code, label in codes if _same(text, label)]
        kind = kind_of_label(text)
        fitting += [code for code, its in column.missing.items() if its == kind]
        if fitting:
            meant[source] = spelled(fitting[0], column)
    return meant


def _key(code: str) -> str:
    """Return a code as a key of TOML."""
    return code if re.fullmatch(r"[\w-]+", code, re.ASCII) else f'"{code}"'


def _bare(text: str) -> str:
    """Return a label without its own code before it and the signs after it."""
    said = plain(text.replace("\u00ad", "").replace("\u200b", ""))
    without = re.sub(r"^\(?-?\d+\s*[).:=–-]+\s*(?=\D)", "", said)
    return without.strip(" .,;:!…*\"'“”") or said


def _same(one: str, other: str) -> bool:
    """Whether two labels are one, cut short or not."""
    first, second = sorted((_bare(one), _bare(other)), key=len)
    return first == second or (len(first) >= _SAME_FROM and second.startswith(first))


def _is_silence(text: str) -> bool:
    """Whether a label says that there is no answer."""
    return kind_of_label(text) != "user" or bool(_NO_ANSWER.fullmatch(_bare(text)))


def _alike(one: str, other: str) -> float:
    """Return how alike two labels are worded, 0 where one denies or counts otherwise."""
    first, second = _bare(one), _bare(other)
    words, others = (frozenset(re.findall(r"[\w']+", text)) for text in (first, second))
    for these, those in ((words, others), (others, words)):
        # "enig" and "uenig" differ in a letter, and "ikke" in a word.
        if any(w.startswith("u") and w[1:] in those and w not in those for w in these):
            return 0.0
    denied = bool(words & _DENIALS) != bool(others & _DENIALS)
    if denied or re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return 0.0
    letters = SequenceMatcher(None, first, second).ratio()
    both = (letters + len(words & others) / max(len(words | others), 1)) / 2
    return max(both, letters if letters >= _CLOSE else 0.0)
