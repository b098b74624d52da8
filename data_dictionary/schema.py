"""One engine for all that users write in TOML: a key is declared once, in its field.

A section is a frozen dataclass whose fields are declared with `key`.  From the declaration come
the check (`read`), the list of what its texts refer to (`named`), the reference page and the
JSON Schema for editors (`data_dictionary.schema_pages`).  Whether what they refer to exists is
not judged here.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from data_dictionary.errors import did_you_mean, nearest
from data_dictionary.mistakes import KEPT, Mistakes, show
from data_dictionary.wording import wording

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must be beyond its type, lists as tuples, and what a message calls it."""

    words: str
    is_right: Callable[[Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The declaration of one key, as `keys_of` reads it from a field; see `key`.

    Its name in the file differs from that of the field where the file says ``from``.  None, for
    what is left out, is taken away from `hint`; the default is None for a required key.
    """

    name: str = ""
    field: str = ""
    hint: Any = None
    default: object = None
    required: bool = False
    meaning: str = ""
    least: float | None = None
    most: float | None = None
    names: str = ""
    form: Form | None = None

    @property
    def wording(self) -> str:
        """Return in words what a right value is."""
        return self.form.words if self.form else wording(self.hint)


def key(
    meaning: str,
    default: Any = MISSING,
    *,
    least: float | None = None,
    most: float | None = None,
    names: str = "",
    name: str = "",
    form: Form | None = None,
) -> Any:
    """Declare a field of a section as a key; without a default it is required.

    `meaning` is one sentence for the reference page and the editor.  Limits are inclusive;
    infinity is a value only where `most` says so.  `names` says what its texts refer to, such
    as ``"column"`` or ``"status"``.  `name` is the name in the file, where it cannot be the
    field's.
    """
    own = Key(meaning=meaning, least=least, most=most, names=names, name=name, form=form)
    told = {"key": own}
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=told)
    return field(default=default, metadata=told)


def keys_of(section: type) -> Mapping[str, Key]:
    """Return the keys of a section by their names in the file.

    Fields without `key` are not read from the file, unless the class declares no keys at all,
    as the option objects of `evaluation` do: then every field is one.
    """
    return _declared(section)


@cache
def _declared(section: Any) -> Mapping[str, Key]:
    own = [one for one in fields(section) if one.init]
    # Option objects of methods declare nothing: every field of theirs is a key.
    declared = [one for one in own if "key" in one.metadata] or own
    hints = _hints(section, {one.name for one in declared})
    found: dict[str, Key] = {}
    for one in declared:
        told: Key = one.metadata.get("key", Key())
        made = one.default if one.default_factory is MISSING else one.default_factory()
        name = told.name or one.name
        found[name] = replace(
            told,
            name=name,
            field=one.name,
            hint=_without_none(hints[one.name]),
            default=None if made is MISSING else made,
            required=made is MISSING,
        )
    return types.MappingProxyType(found)


def _hints(section: type, names: set[str]) -> dict[str, Any]:
    """Return the types of some fields; others may have types that are known to mypy alone."""
    found: dict[str, Any] = {}
    for base in reversed(section.__mro__):
        own = {
            name: hint
            for name, hint in vars(base).get("__annotations__", {}).items()
            if name in names
        }
        lines = {"__annotations__": own, "__module__": base.__module__}
        found |= get_type_hints(type(base.__name__, (), lines))
    return found


def typed(kind: type[Section], content: object) -> Section:
    """Return what JSON holds as a dataclass; a ValueError says what is wrong, and where."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from error


def read(
    section: type[Section],
    raw: object,
    where: str,
    mistakes: Mistakes,
    known: Mapping[str, object] = types.MappingProxyType({}),
    beside: Sequence[str] = (),
    what: str = "is not a key of this section",
) -> Section:
    """Return a section out of a table of TOML (None for no table), noting each mistake.

    What is wrong has its default, or None, in the section, so that the rules behind can be
    asked all the same; whoever raises must do so before using it.  What stands under a misspelt
    key is read as if it stood under the nearest.  `known` are values of fields that are no
    keys, or that the caller has read; `beside` keys of the same table that the caller reads
    into something else; `what` a message says of an unknown key.

    Examples
    --------
    >>> @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Disclosure:
    ...     min_cell: int = key("Smallest count that is published.", 5, least=1)
    >>> mistakes = Mistakes()
    >>> read(Disclosure, {"min_cell": "3"}, "[disclosure]", mistakes)
    Disclosure(min_cell=5)
    >>> mistakes.found
    ["[disclosure]: min_cell = '3' is not a whole number"]
    """
    own = {name: one for name, one in keys_of(section).items() if one.field not in known}
    given = raw if isinstance(raw, dict) else {}
    is_table = raw is None or isinstance(raw, dict)
    if not is_table:
        mistakes.add(where, "is not a table of keys and values")
    names = [*keys_of(section), *beside]
    unknown = [name for name in given if name not in names]
    mistakes.unknown(where, unknown, names, what)
    # Read under the nearest key, so that what is wrong inside is told in the same round.
    meant = {nearest(name, [n for n in own if n not in given]): name for name in unknown[:KEPT]}
    # What is no key, not known yet and without a default waits for the caller.
    made = {
        one.name: None
        for one in fields(section)  # type: ignore[arg-type]
        if one.default is MISSING and one.default_factory is MISSING
    } | dict(known)
    for name, one in own.items():
        made[one.field] = one.default
        # Of what is no table nothing is asked: that it is none has been said.
        if name not in given and one.required and is_table:
            mistakes.add(where, f"'{name}' is missing; give {one.wording}")
        at = name if name in given else meant.get(name)
        if at is None:
            continue
        if holds_sections(one.hint):
            made[one.field] = _read_inside(given[at], one.hint, where, name, mistakes)
        elif get_origin(one.hint) is Mapping and isinstance(given[at], dict):
            made[one.field] = _entries(given[at], one, where, mistakes)
        elif (problem := _problem(given[at], one)) is not None:
            mistakes.add(where, f"{name} = {show(given[at])} {problem}", name)
        else:
            made[one.field] = frozen(given[at])
    return section(**made)


def _entries(value: dict[str, Any], one: Key, where: str, mistakes: Mistakes) -> dict[str, Any]:
    """Return the right entries of a table of values, noting each that is wrong."""
    each = replace(one, hint=get_args(one.hint)[1], form=None)
    wrong = {name: what for name, item in value.items() if (what := _problem(item, each))}
    for name in list(wrong)[:KEPT]:
        mistakes.add(where, f"{one.name}.{name} = {show(value[name])} {wrong[name]}")
    if len(wrong) > KEPT:
        mistakes.add(
            where, f"{one.name}: {len(wrong) - KEPT:,} other entries are wrong as well"
        )
    if not value and one.required:
        mistakes.add(where, f"{one.name} is empty; give {one.wording}")
    return {name: frozen(item) for name, item in value.items() if name not in wrong}


def tables(raw: object, where: str, mistakes: Mistakes) -> list[object]:
    """Return the tables of an array of tables; a single table counts as one."""
    if isinstance(raw, dict):
        return [raw]
    if raw is not None and not isinstance(raw, list):
        mistakes.add(where, "is not a table of keys and values")
    return raw if isinstance(raw, list) else []


def named(section: object) -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a section that refer to something: key, what it refers to, text.

    In a table it is the texts that refer, or the keys where the values are no texts.
    """
    for name, one in keys_of(type(section)).items():
        if one.names:
            found = _texts(getattr(section, one.field))
            yield from ((name, one.names, text) for text in found)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        texts = [text for text in value.values() if isinstance(text, str)]
        yield from texts or map(str, value)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (text for text in value if isinstance(text, str))


def holds_sections(hint: Any) -> bool:
    """Whether a value is a section, a list of sections or a table of sections."""
    return any(isinstance(one, type) and is_dataclass(one) for one in (hint, *get_args(hint)))


def _read_inside(value: object, hint: Any, where: str, name: str, mistakes: Mistakes) -> object:
    """Read sections below a key; ``[cohort]`` becomes ``[cohort.time_zero]`` in messages."""
    here = f"{where[:-1]}.{name}]" if where.endswith("]") else f"{where}: {name}".lstrip(": ")
    inside = get_args(hint)
    if get_origin(hint) is tuple:
        found = enumerate(tables(value, here, mistakes), start=1)
        return tuple(read(inside[0], one, f"{here} {at}", mistakes) for at, one in found)
    if get_origin(hint) is not None:
        if not isinstance(value, dict):
            mistakes.add(here, "is not a table of keys and values")
            return {}
        return {
            own: read(inside[1], one, f"{here} {own}", mistakes) for own, one in value.items()
        }
    return read(hint, value, here, mistakes)


def _problem(value: object, one: Key) -> str | None:
    """Return what is wrong with a value, or None."""
    is_right = _fits(frozen(value), one.hint)
    if get_origin(one.hint) is Literal and not is_right:
        allowed = get_args(one.hint)
        listed = ", ".join(show(item) for item in allowed)
        return f"is not allowed; allowed: {listed}.{did_you_mean(str(value), allowed)}"
    if not is_right or (one.form is not None and not one.form.is_right(frozen(value))):
        return f"is not {one.wording}"
    return next((found for number in _numbers(value) if (found := _outside(number, one))), None)


def _outside(number: float, one: Key) -> str | None:
    """Return what is wrong with a number that is one."""
    # TOML knows nan and inf, and a limit compares false with the first.
    if math.isnan(number) or (math.isinf(number) and one.most != math.inf):
        return "is not a finite number"
    if one.least is not None and number < one.least:
        return f"is too small; the least is {one.least:g}"
    if one.most is not None and number > one.most:
        return f"is too large; the most is {one.most:g}"
    return None


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    for one in value if isinstance(value, list) else [value]:
        # True is a 1 to Python.
        if isinstance(one, (int, float)) and not isinstance(one, bool):
            yield one


def _fits(value: object, hint: Any) -> bool:
    """Whether a value is what a type asks for; "1" and true are no whole numbers."""
    from pydantic import ValidationError

    try:
        adapter(hint).validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def adapter(hint: Any) -> Any:
    """Return pydantic's check of a type.

    It is made for a key and not for a whole section: in strict mode pydantic takes no table for
    a dataclass, and of a section with one wrong key it makes nothing at all.
    """
    from pydantic import ConfigDict, TypeAdapter

    # Blank texts are no texts.  Whole numbers do for numbers; nothing else is turned.
    config = ConfigDict(strict=True, str_strip_whitespace=True, str_min_length=1)
    return TypeAdapter(hint, config=config)


def _without_none(hint: Any) -> Any:
    """Return what a key is where it is given; ``X | None`` is X that may be left out."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    inside = tuple(one for one in get_args(hint) if one is not types.NoneType)
    return Union[inside]  # noqa: UP007 - made out of a list


def frozen(value: object) -> object:
    """Return a value of TOML with every list as a tuple."""
    if isinstance(value, list):
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return {name: frozen(item) for name, item in value.items()}
    return value
