"""Pandoc and Typst: from Markdown to a syntax tree, and from the tree to the three formats.

Pandoc reads nothing but what is handed to it (``--sandbox``): pictures stand in the tree
itself, styles in the template. No text can make it fetch a file of this machine or of the net.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data_dictionary.errors import RenderError
from reports.engines.builtin.settings import Project
from reports.engines.builtin.syntax_tree import PICTURES, walk
from reports.figures.svg import is_tidy
from reports.formats import QUARTO_FORMAT, Format
from surveys.files.scratch import scratch_folder

_log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_URL = re.compile(r'url\("([^"]+)"\)')
_UNSHOWN = re.compile(r'the text `"(.+)"` could not be displayed', re.DOTALL)
_CODE_POINT = re.compile(r"\\u\{([0-9a-f]+)\}")
_LABEL = r"(?P<label>(?<!\\)<[^<>\s]+>)"
_NO_SIGN = "\N{REPLACEMENT CHARACTER}"
_SWITCHES = {"--toc": "toc", "--number-sections": "number-sections"}
_TYPST_TEMPLATE = "$typst-template.typ()$\n\n$typst-show.typ()$\n\n$body$\n"


def parse_markdown(
    markdown: str, metadata: Mapping[str, object], scratch: Path
) -> dict[str, Any]:
    """Return Pandoc's syntax tree; strings in `metadata` are Markdown too."""
    keys = scratch / "metadata.json"
    keys.write_text(json.dumps(dict(metadata), ensure_ascii=False), encoding="utf-8")
    # A header within the text would win over the document's own.
    reader = "--from=markdown-yaml_metadata_block-pandoc_title_block"
    arguments = ["--sandbox", "--quiet", reader, "--strip-comments", "--to=json"]
    arguments.append(f"--metadata-file={keys}")
    tree: dict[str, Any] = json.loads(_pandoc(arguments, markdown.encode(), scratch))
    return tree


def cited_keys(bibliography: Sequence[Path], scratch: Path) -> frozenset[str]:
    """Return the keys of everything that files of references hold."""
    arguments = ["--sandbox", "--from=bibtex", "--to=csljson"]
    entries = [_pandoc(arguments, path.read_bytes(), scratch) for path in bibliography]
    return frozenset(str(one["id"]) for text in entries for one in json.loads(text))


def filled(template: str, variables: Mapping[str, object]) -> str:
    """Return a text with what Pandoc's ``$if(x)$``, ``$for(x)$`` and ``$x$`` stand for."""
    with scratch_folder() as scratch:
        (scratch / "template.txt").write_text(template, encoding="utf-8")
        defaults = {"variables": variables, "template": str(scratch / "template.txt")}
        # JSON is YAML.
        (scratch / "defaults.yaml").write_text(json.dumps(defaults), encoding="utf-8")
        arguments = ["--sandbox", f"--defaults={scratch / 'defaults.yaml'}"]
        arguments += ["--from=markdown", "--to=plain", "--wrap=preserve"]
        return _pandoc(arguments, b"", scratch).decode()


def convert(
    tree: Mapping[str, Any],
    to: Format,
    project: Project,
    *,
    folder: Path,
    timestamp: int | None,
    scratch: Path,
    bibliography: Sequence[Path] = (),
) -> Path:
    """Write one format into `scratch` and return the file.

    Parameters
    ----------
    tree : mapping
        What `parse_markdown` returned.
    to : {"html", "pdf", "docx"}
        The format.
    project : Project
        Settings, filters and templates.
    folder : Path
        The document's folder, from which it names its pictures.
    timestamp : int or None
        The second that stands in PDF and Word as the time of making; None means now.
    scratch : Path
        Takes the file.
    bibliography : sequence of Path
        Files with what is cited.
    """
    keys = project.formats[QUARTO_FORMAT[to]]
    target = scratch / f"document.{'typ' if to == 'pdf' else to}"
    before, after = project.filters()
    arguments = [
        "--sandbox",
        "--from=json",
        f"--to={QUARTO_FORMAT[to]}",
        "--standalone",
        "--syntax-highlighting=none",
        f"--toc-depth={keys.get('toc-depth', 3)}",
        f"--output={target}",
        *(switch for switch, key in _SWITCHES.items() if project.keys.get(key)),
        *(f"--lua-filter={path}" for path in (*before, _HERE / "crossref.lua")),
        # References are numbers by now; what is left to cite are sources.
        *(["--citeproc"] if bibliography else []),
        *(f"--bibliography={path}" for path in bibliography),
        *(f"--lua-filter={path}" for path in after),
        *_own_arguments(to, project, keys, scratch),
    ]
    content = json.dumps(tree if to == "pdf" else _with_pictures(tree, to, folder))
    _pandoc(arguments, content.encode(), folder, timestamp)
    if to != "pdf":
        return target
    return _compile(target, project, keys, folder=folder, timestamp=timestamp)


def _with_pictures(tree: Mapping[str, Any], to: Format, folder: Path) -> dict[str, Any]:
    """Return a copy of the tree in which every picture is its own content."""
    copy: dict[str, Any] = json.loads(json.dumps(tree))
    for node in walk(copy):
        if node["t"] == "Image":
            path = folder / node["c"][2][0]
            if to == "docx" and path.suffix == ".svg":
                path = path.with_suffix(".png")
            if to == "html" and is_tidy(path):
                continue  # the filter makes it part of the page
            kind = PICTURES[path.suffix]
            content = base64.b64encode(path.read_bytes()).decode()
            node["c"][2][0] = f"data:image/{kind};base64,{content}"
    return copy


def _own_arguments(
    to: Format, project: Project, keys: Mapping[str, Any], scratch: Path
) -> list[str]:
    extension = project.extension
    if to == "html":
        styles = scratch / "styles.html"
        sheets = "\n".join(_text(extension / name) for name in _listed(keys["css"]))
        text = _URL.sub(lambda found: _data(extension / found[1]), sheets)
        styles.write_text(f"<style>\n{text}</style>\n", encoding="utf-8")
        return [
            f"--template={extension / keys['template']}",
            f"--include-in-header={styles}",
            f"--shift-heading-level-by={keys.get('shift-heading-level-by', 0)}",
            "--mathml",
        ]
    if to == "docx":
        return [f"--reference-doc={extension / keys['reference-doc']}"]
    folder = scratch / "typst"
    folder.mkdir(exist_ok=True)
    for partial in keys["template-partials"]:
        (folder / partial).write_bytes((extension / partial).read_bytes())
    template = folder / "document.typst"
    template.write_text(_TYPST_TEMPLATE, encoding="utf-8")
    return [
        f"--template={template}",
        f"--variable=section-numbering:{keys['section-numbering']}",
    ]


def _listed(told: str | Sequence[str]) -> list[Any]:
    """Return what a key says of one or of several."""
    return [told] if isinstance(told, str) else [*told]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _data(path: Path) -> str:
    """Return a file of the extension as an address that needs no network."""
    content = base64.b64encode(path.read_bytes()).decode()
    return f'url("data:font/{path.suffix[1:]};base64,{content}")'


def _compile(
    source: Path,
    project: Project,
    keys: Mapping[str, Any],
    *,
    folder: Path,
    timestamp: int | None,
) -> Path:
    """Compile Typst to PDF; the compiler itself refuses what PDF/UA-1 does not allow."""
    import typst

    target = source.with_suffix(".pdf")
    beside_pictures = folder / source.name
    text, lacking = source.read_text(encoding="utf-8"), ""
    while True:
        beside_pictures.write_text(text, encoding="utf-8", newline="\n")
        try:
            typst.compile(
                str(beside_pictures),
                output=str(target),
                root=str(folder),
                font_paths=[
                    str(project.extension / name) for name in _listed(keys["font-paths"])
                ],
                # A font that one machine has and another lacks would move every line.
                ignore_system_fonts=True,
                pdf_standards=_listed(keys["pdf-standard"]),
                timestamp=timestamp,
            )
        except typst.TypstError as error:
            # Texts are texts: one sign that no font has is no reason to have no report.
            signs = _signs_without_font(error.message) & set(text)
            if not signs:
                hints = "".join(f" ({hint})" for hint in getattr(error, "hints", ()) or ())
                raise RenderError(f"PDF: {error.message}{hints}") from error
            lacking += "".join(sorted(signs))
            pattern = rf"{_LABEL}|[{re.escape(''.join(signs))}]"
            text = re.sub(pattern, lambda found: found["label"] or _NO_SIGN, text)
        else:
            break
    if lacking:
        _log.warning(
            "PDF: no font has %s; %s stands in their place",
            ", ".join(f"U+{ord(sign):04X}" for sign in lacking),
            _NO_SIGN,
        )
    return target


def _signs_without_font(message: str) -> set[str]:
    """Return the signs that Typst says it cannot set; it names one text at a time."""
    found = _UNSHOWN.search(message)
    text = _CODE_POINT.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else ""
    return {sign for sign in text if not sign.isascii()}


def _pandoc(
    arguments: list[str], text: bytes, folder: Path, timestamp: int | None = None
) -> bytes:
    import pypandoc

    environment = dict(os.environ)
    if timestamp is not None:
        environment["SOURCE_DATE_EPOCH"] = str(timestamp)
    try:
        done = subprocess.run(  # noqa: S603 - the Pandoc of our own dependency
            [pypandoc.get_pandoc_path(), *arguments],
            input=text,
            capture_output=True,
            cwd=folder,
            env=environment,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        message = error.stderr.decode("utf-8", errors="replace")
        # What follows is where in Pandoc's own code it happened.
        message = message.partition("HasCallStack")[0].strip()
        raise RenderError(f"Pandoc failed: {message}") from error
    warning = done.stderr.decode("utf-8", errors="replace").strip()
    if "WARNING" in warning:
        raise RenderError(f"Pandoc has doubts: {warning}")
    return done.stdout
