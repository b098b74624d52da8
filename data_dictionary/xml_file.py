"""An XML file read without what makes XML dangerous: no DTD, no entities, bounded in size."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from data_dictionary.errors import DataError

_LARGEST, _DEEPEST = 50 << 20, 100


def read_xml(path: Path, what: str) -> Element:
    """Return the root of an XML file, names without namespaces; messages call it `what`.

    Raises
    ------
    DataError
        If it cannot be read, is no XML, or declares a document type or entities.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(
                f"{path.name}: {what} is larger than {_LARGEST >> 20} MB; split it."
            )
        return xml_of(path.read_bytes(), path.name, what)
    except OSError as error:
        raise DataError(f"{path.name}: {what} cannot be read ({error.strerror}).") from error


def xml_of(content: bytes, where: str, what: str) -> Element:
    """Return the root of XML that stands in the file `where`, as `read_xml` does."""

    def refuse(*_: object) -> None:
        raise DataError(
            f"{where}: {what} declares a document type (DTD) or entities, which can read "
            "other files. Take the lines that begin with <!DOCTYPE out, and try again."
        )

    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise DataError(f"{where}: {what} is nested more than {_DEEPEST} levels deep.")
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        builder.start(name.rpartition(" ")[2], own)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition(" ")[2])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise DataError(
            f"{where}: {what} is no well-formed XML ({error}). Export it again."
        ) from error


def text_of(element: Element | None, name: str) -> str:
    """Return the text below a child on one line, markup left out; empty if there is none."""
    child = None if element is None else element.find(name)
    return "" if child is None else " ".join("".join(child.itertext()).split())
