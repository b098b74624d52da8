"""A scratch copy of the Quarto project, so that an installed package is never written to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from data_dictionary.errors import RenderError, did_you_mean

PROJECT = Path(__file__).resolve().parent
"""The project as shipped: ``_quarto.yml``, ``_extensions``, one folder per document."""

INDEX = "index.qmd"
"""The document of a project that is one report."""

_LEFTOVERS = shutil.ignore_patterns("__pycache__")
_MADE = shutil.ignore_patterns(
    *("out", "figures", "*_files", "*.quarto_ipynb*", "__pycache__", ".*", "_freeze"),
    # What it says is known by now, and said from another folder.
    "_environment*",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """One document in a scratch project of its own.

    Attributes
    ----------
    scratch : Path
        The scratch folder; everything below it goes when rendering is over.
    project : Path
        The copy of the project.
    document : Path
        The copy of the .qmd file.
    """

    scratch: Path
    project: Path
    document: Path


@contextmanager
def stage(name: str, project: Path = PROJECT) -> Iterator[Staged]:
    """Copy the document ``name/name.qmd`` with its project; remove the copy afterwards.

    Other documents stay behind: Quarto reads the header of every file of a project, so a broken
    neighbour would stop this one.
    """
    if not (project / name / f"{name}.qmd").is_file():
        known = sorted(path.parent.name for path in project.glob("*/*.qmd"))
        raise RenderError(
            f"there is no report '{name}'.{did_you_mean(name, known)} "
            f"Reports: {', '.join(known) or 'none'}."
        )
    others = {path.stem for path in project.glob("*/*.qmd") if path.stem == path.parent.name}
    # The shipped project is a package of ours, too.
    others |= {path.parent.name for path in project.glob("*/__init__.py")}
    if (project / "__init__.py").is_file():
        others |= {path.name for path in project.glob("*.*") if path.suffix != ".yml"}
    with _copy(project, f"{name}/{name}.qmd", others - {name}) as staged:
        yield staged


@contextmanager
def stage_texts(made: Callable[[], Mapping[str, str]]) -> Iterator[Staged]:
    """Make a scratch project of texts of ours, by the names of their files."""
    from surveys.files.scratch import scratch_folder

    with scratch_folder() as scratch:
        copy = scratch / "project"
        shutil.copytree(PROJECT / "_extensions", copy / "_extensions", ignore=_LEFTOVERS)
        for name, text in made().items():
            (copy / name).write_text(text, encoding="utf-8")
        yield Staged(scratch=scratch, project=copy, document=copy / INDEX)


def stage_authored(project: Path) -> AbstractContextManager[Staged]:
    """Copy a report that persons write, with everything that it may refer to."""
    return _copy(project, INDEX)


@contextmanager
def _copy(project: Path, document: str, others: Collection[str] = ()) -> Iterator[Staged]:
    """Copy a project with all that one of its documents may refer to, but without `others`."""
    from surveys.files.scratch import scratch_folder

    def left_out(folder: str, names: list[str]) -> set[str]:
        return _MADE(folder, names).union(others if Path(folder) == project else ())

    with scratch_folder() as scratch:
        copy = scratch / "project"
        shutil.copytree(project, copy, ignore=left_out)
        if not (copy / "_extensions" / "vive").is_dir():
            own = PROJECT / "_extensions"
            shutil.copytree(own, copy / "_extensions", ignore=_LEFTOVERS, dirs_exist_ok=True)
        yield Staged(scratch=scratch, project=copy, document=copy / document)
