"""The one way from a results folder to finished documents, whichever engine does it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from data_dictionary.errors import RenderError, did_you_mean
from reports import word
from reports.engines import quarto as engine_quarto
from reports.formats import ENGINES, FORMATS, Engine, Format
from reports.parameters import replace
from reports.prerender import check
from reports.staging import Staged, stage, stage_authored, stage_texts

SHIPPED = "main"
"""What the one report of ours is called, and its files."""

_log = logging.getLogger(__name__)
NONE: Mapping[str, object] = MappingProxyType({})

ACCESSIBILITY = Path(__file__).parent / "words" / "accessibility.md"
"""What of a page was checked and what was not, put beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered(Mapping[Format, Path]):
    """The files of one report, by format.

    Attributes
    ----------
    files : dict
        Format to path, HTML first.
    engine : str
        ``"quarto"`` or ``"builtin"``.
    reason : str
        Why that engine.
    kept : tuple of Path
        Copies of earlier files that had been edited, such as ``main.previous.docx``.
    """

    files: Mapping[Format, Path]
    engine: str
    reason: str
    kept: tuple[Path, ...] = ()

    def __getitem__(self, key: Format) -> Path:
        return self.files[key]

    def __iter__(self) -> Iterator[Format]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def render(
    name: str = "main",
    *,
    results: str | Path,
    out: str | Path,
    to: Sequence[Format] = FORMATS,
    engine: Engine = "auto",
) -> Rendered:
    """Render a report from a results folder.

    Parameters
    ----------
    name : str
        The report as it is shipped, unedited.
    results : str or Path
        The results folder that `analyses.run` wrote.
    out : str or Path
        Where ``name.html``, ``name.pdf`` and ``name.docx`` go; made if need be.  An earlier
        file that has been edited is kept beside the new one.
    to : sequence of {"html", "pdf", "docx"}
        The formats, in that order.  Either all of them are replaced in `out`, or none.
    engine : {"auto", "quarto", "builtin"}
        ``auto`` takes the built-in engine; ``quarto`` the Quarto program (1.9 or later) that
        ``QUARTO_PATH`` or ``PATH`` leads to.

    Returns
    -------
    Rendered
        A mapping of formats to paths that also says which engine was used, and why.

    Raises
    ------
    DataError
        If `results` is no results folder, is of another version, or was changed after the run.
    RenderError
        If the report or the engine is missing, a cell fails, or the document uses
        what the engine does not know.
    OSError
        If `out` cannot be written, or another process is writing to it.
    """
    from reports.facts import load
    from reports.writing import written

    if name != SHIPPED:
        hint = did_you_mean(name, [SHIPPED])
        raise RenderError(f"there is no report '{name}'.{hint} Reports: {SHIPPED}.")
    staging = stage_texts(lambda: written(load(results)))
    return _rendered(staging, name, results=results, out=out, to=to, engine=engine)


def render_report(
    folder: Path,
    *,
    results: str | Path,
    out: str | Path,
    to: Sequence[Format] = FORMATS,
    engine: Engine = "auto",
    parameters: Mapping[str, object] = NONE,
) -> Rendered:
    """Render the report that persons write in `folder`, once it has been checked.

    Its files are called as those of `render`, ``main.html`` and so on.  `parameters` are values
    of an edition, by the names that a cell tagged ``parameters`` assigns.
    """
    check(folder, Path(results))
    staging = _edition(stage_authored(folder), parameters)
    return _rendered(staging, SHIPPED, results=results, out=out, to=to, engine=engine)


def render_project(
    project: Path,
    name: str,
    *,
    results: str | Path,
    out: str | Path,
    to: Sequence[Format] = FORMATS,
    engine: Engine = "auto",
    parameters: Mapping[str, object] = NONE,
) -> Rendered:
    """Render a document of another Quarto project, otherwise as `render_report`."""
    staging = _edition(stage(name, project), parameters)
    return _rendered(staging, name, results=results, out=out, to=to, engine=engine)


@contextmanager
def _edition(
    staging: AbstractContextManager[Staged], parameters: Mapping[str, object]
) -> Iterator[Staged]:
    with staging as staged:
        if parameters:
            replace(staged.project, parameters)
        yield staged


def made_of(
    texts: Callable[[], Mapping[str, str]],
    *,
    results: str | Path,
    to: Sequence[Format] = ("html",),
    engine: Engine = "auto",
) -> dict[Format, bytes]:
    """Return a document of texts of ours, which stands nowhere yet.

    Parameters
    ----------
    texts : callable
        Returns the texts by the names of their files; figures are drawn into the folder in
        which it is called.
    results, to, engine
        As of `render`.
    """
    chosen, _ = _choose(engine)
    with stage_texts(dict) as staged:
        with chdir(staged.project), _unseen():
            made = texts()
        for name, text in made.items():
            (staged.project / name).write_text(text, encoding="utf-8")
        files = _render(chosen, staged, Path(results).resolve(), formats_of(to))
        if "docx" in files:
            word.finish(files["docx"])
        return {item: path.read_bytes() for item, path in files.items()}


@contextmanager
def _unseen() -> Iterator[None]:
    """Let figures be drawn without a window, and without words on the fonts of the machine."""
    os.environ.setdefault("MPLBACKEND", "agg")
    fonts = logging.getLogger("matplotlib.font_manager")
    before = fonts.level
    fonts.setLevel(logging.ERROR)
    try:
        yield
    finally:
        fonts.setLevel(before)


def _rendered(
    staging: AbstractContextManager[Staged],
    name: str,
    *,
    results: str | Path,
    out: str | Path,
    to: Sequence[Format],
    engine: Engine,
) -> Rendered:
    from surveys.files.placing import place_in

    formats = formats_of(to)
    folder = Path(results).expanduser().resolve()
    if not folder.is_dir():
        raise RenderError(f"there is no results folder {folder}; 'enplan run' makes one.")
    chosen, reason = _choose(engine)
    _log.info("rendering '%s' with the %s engine (%s)", name, chosen, reason)
    with staging as staged, place_in(Path(out).expanduser()) as place:
        made = _render(chosen, staged, folder, formats)
        if "docx" in made:
            word.finish(made["docx"])
        files = {f"{name}.{item}": made[item] for item in formats}
        if "html" in formats:
            files["tilgængelighed.md"] = ACCESSIBILITY
        kept = place.put(files)
    return Rendered(
        files={item: place.root / f"{name}.{item}" for item in formats},
        engine=chosen,
        reason=reason,
        kept=kept,
    )


def formats_of(to: Sequence[Format]) -> tuple[Format, ...]:
    """Return the formats asked for, each once; a single name may stand alone."""
    names = [to] if isinstance(to, str) else list(to)
    unknown = [item for item in names if item not in FORMATS]
    if unknown or not names:
        wrong = f"'{unknown[0]}' is not a format." if unknown else "no format asked for."
        hint = did_you_mean(unknown[0], FORMATS) if unknown else ""
        raise RenderError(f"{wrong}{hint} Formats: {', '.join(FORMATS)}.")
    return tuple(item for item in FORMATS if item in names)


def _choose(engine: Engine) -> tuple[Literal["quarto", "builtin"], str]:
    if engine not in ENGINES:
        hint = did_you_mean(engine, ENGINES)
        raise RenderError(f"engine='{engine}' is unknown.{hint} Engines: {', '.join(ENGINES)}.")
    if engine == "quarto":
        return "quarto", f"asked for: {engine_quarto.require()}"
    return "builtin", "asked for" if engine == "builtin" else "the same bytes on every machine"


def _render(
    engine: Literal["quarto", "builtin"], staged: Staged, results: Path, to: Sequence[Format]
) -> dict[Format, Path]:
    if engine == "quarto":
        return engine_quarto.render_document(staged, results=results, to=to)
    from reports.engines import builtin as engine_builtin

    return engine_builtin.render_document(staged, results=results, to=to)
