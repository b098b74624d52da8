"""Whether this machine can do it all: each part is started once, leftovers are listed."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from data_dictionary.errors import RenderError
from reports.cleaning import is_unsettled, leftovers
from reports.engines import quarto
from reports.failures import LEAST_MEMORY
from reports.staging import PROJECT

_LEAST_DISK = 1_000_000_000
_PAGE = "---\ntitle: a\n---\n\n`{python} 1 + 1`\n"
_INSTALL = "python -m pip install -c constraints.txt"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    state: Literal["ok", "note", "wrong"]
    what: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.state:<6}{self.what}: {self.found}{self.remedy and f' -> {self.remedy}'}"


def diagnose(folder: Path) -> Iterator[Finding]:
    """Yield what is found, part by part, for work in a folder; the slow parts come last."""
    yield from _libraries()
    yield from _places(folder)
    yield _memory()
    yield _fonts()
    program = quarto.find()
    found = "none, and none is needed" if program is None else f"{program}, not needed"
    yield Finding("ok", "Quarto", found)
    yield from _engine()
    yield from _left(folder)


def _libraries() -> Iterator[Finding]:
    """Yield Python and the libraries whose version is not one that the package names."""
    try:
        told = metadata("enplan")
    except PackageNotFoundError:
        said = "not compared: enplan is a checkout that was never installed"
        yield Finding("note", "libraries", said, f"{_INSTALL} .")
        return
    python = Requirement(f"Python{told['Requires-Python']}")
    wrong, needed = 0, [Requirement(line) for line in told.get_all("Requires-Dist") or ()]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    for one in (python, *needed):
        try:
            own = platform.python_version() if one is python else version(one.name)
        except PackageNotFoundError:
            own = None
        if own is None or not one.specifier.contains(own, prereleases=True):
            wrong += 1
            said = f"{own or 'none'} is installed, and {one.specifier} is needed"
            yield Finding("wrong", one.name, said, f"{_INSTALL} '{one.name}{one.specifier}'")
    if not wrong:
        yield Finding(
            "ok", "libraries", f"{len(needed)}, and Python {platform.python_version()}"
        )


def _places(folder: Path) -> Iterator[Finding]:
    """Yield whether the folder and that for scratch can be written, and how much they hold."""
    for what, place, remedy in (
        ("this folder", folder, "work in a folder of your own"),
        ("scratch", Path(tempfile.gettempdir()), "let TMPDIR (on Windows TEMP) name another"),
    ):
        try:
            with tempfile.TemporaryFile(dir=place):
                free = shutil.disk_usage(place).free
        except OSError as error:
            yield Finding(
                "wrong", what, f"{place} cannot be written ({error.strerror})", remedy
            )
            continue
        state: Literal["ok", "wrong"] = "ok" if free >= _LEAST_DISK else "wrong"
        found = f"{place} can be written, {free / 1e9:,.1f} GB free"
        yield Finding(state, what, found, "" if state == "ok" else f"free space, or {remedy}")


def _memory() -> Finding:
    import psutil

    free = psutil.virtual_memory().available
    found = f"{free / 1e9:,.1f} GB free"
    if free >= LEAST_MEMORY:
        return Finding("ok", "memory", found)
    return Finding("wrong", "memory", found, "close other programs, or use a larger machine")


def _fonts() -> Finding:
    folder = PROJECT / "_extensions" / "vive" / "fonts"
    broken = [
        path.name for path in folder.glob("*.ttf") if path.read_bytes()[:4] != b"\0\1\0\0"
    ]
    count = len([*folder.glob("*.ttf")])
    if count and not broken:
        return Finding("ok", "fonts", f"{count} of the package")
    found = f"damaged: {', '.join(broken)}" if broken else f"none in {folder}"
    return Finding("wrong", "fonts", found, f"{_INSTALL} --force-reinstall enplan")


def _engine() -> Iterator[Finding]:
    """Yield whether Pandoc, Typst and the kernel start: a page is made by each of them."""
    from reports.engines.builtin.convert import convert, parse_markdown
    from reports.engines.builtin.execute import execute
    from reports.engines.builtin.qmd import parse
    from reports.engines.builtin.settings import read_project
    from surveys.files.scratch import scratch_folder

    lacking = False
    with scratch_folder() as scratch:
        page = scratch / "page.qmd"
        page.write_text(_PAGE, encoding="utf-8")
        project = read_project(PROJECT)
        keys = project.metadata | {"title": "a"}

        def pandoc() -> None:
            parse_markdown("a", keys, scratch)

        def typst() -> None:
            tree = parse_markdown("a", keys, scratch)
            convert(tree, "pdf", project, folder=scratch, timestamp=0, scratch=scratch)

        def kernel() -> None:
            execute(parse(page), project, results=scratch, scratch=scratch, figure_formats=())

        for name, package, start in (
            ("Pandoc", "pypandoc_binary", pandoc),
            ("Typst", "typst", typst),
            ("Python kernel", "ipykernel", kernel),
        ):
            # Typst sets what Pandoc has read.
            if start is typst and lacking:
                continue
            try:
                start()
            except (RenderError, OSError, ImportError) as error:
                said = (str(error) or type(error).__name__).splitlines()[0]
                remedy = f"{_INSTALL} --force-reinstall {package}"
                lacking = True
                yield Finding("wrong", name, f"does not start ({said})", remedy)
            else:
                yield Finding("ok", name, "starts")


def _left(folder: Path) -> Iterator[Finding]:
    """Yield caches, and what killed processes left, which may hold persons' data."""
    caches = [path for path in PROJECT.parent.rglob("*.nb[ci]") if ".venv" not in path.parts]
    size = sum(path.stat().st_size for path in caches)
    said = f"{len(caches)} files of compiled code, {size / 1e6:,.1f} MB, no data in them"
    yield Finding("ok", "caches", said)
    found = leftovers(folder) if folder.is_dir() else []
    clean = f"enplan clean {folder}"
    if is_unsettled(folder):
        yield Finding("note", "leftovers", f"files half placed in {folder}", clean)
    for path in found:
        said = f"{path} may hold persons' data" if path.is_dir() else f"{path}"
        yield Finding("note", "leftovers", said, clean)
    if not found and not is_unsettled(folder):
        yield Finding("ok", "leftovers", "none")
