"""Run the cells of a document once, in a fresh kernel of this very interpreter.

The kernel is described in the scratch folder, and only there: a kernel of the same name in a
user's Jupyter folder cannot take its place, and nobody's IPython profile is read.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_dictionary.errors import RenderError
from reports.engines.builtin.qmd import Cell, Document
from reports.engines.builtin.settings import Project
from reports.kernel import KERNEL_NAME, kernel_environment, write_kernelspec

if TYPE_CHECKING:
    from nbformat import NotebookNode

INLINE_TYPE = "application/vnd.enplan.inline+json"
"""The media type under which a kernel hands over the value of an inline expression."""

_LONGEST_SOCKET = 95
"""Bytes of a socket's path on the strictest system, macOS, less the number that is appended."""

_SETUP = """
import matplotlib
from matplotlib_inline.backend_inline import set_matplotlib_formats
set_matplotlib_formats({formats})
matplotlib.rcParams.update({{
    "figure.figsize": {size}, "figure.dpi": {dpi}, "savefig.dpi": "figure",
    "svg.hashsalt": "vive", "svg.fonttype": "path",
}})
del matplotlib, set_matplotlib_formats
"""

_INLINE = """
def _enplan_inline(value):
    from IPython import get_ipython
    rich = getattr(value, "_repr_markdown_", None)
    data = {{"text": str(value), "markdown": rich() if rich else None}}
    get_ipython().display_pub.publish({{"{media_type}": data}})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture as it came from the kernel, in each format that was asked for."""

    svg: str | None
    png: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """The value of an inline expression; `markdown` wins over the plain `text`."""

    text: str
    markdown: str | None


Output = str | Figure | Inline
"""Markdown that a cell wrote, a picture that it drew, or a value within prose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One piece of code for the kernel, and how to name it when it fails."""

    part: int
    code: str
    name: str
    cell: Cell | None
    file: str = ""

    @property
    def place(self) -> str:
        """Which piece of which file, for messages."""
        return f"{self.file}: {self.name}"


def execute(
    document: Document,
    project: Project,
    *,
    results: Path,
    scratch: Path,
    figure_formats: Sequence[str] = ("svg", "png"),
) -> list[list[Output]]:
    """Run every cell and inline expression of `document` in order, each once.

    Returns what each part of the document gave.
    """
    import nbformat

    tasks = list(_tasks(document, project, figure_formats))
    if len(tasks) == 1:
        # Nothing of the document is run: its pieces stand in it already.
        return [[] for _ in document.parts]
    make: Any = nbformat.v4
    notebook = make.new_notebook(cells=[make.new_code_cell(task.code) for task in tasks])
    with _transport(scratch) as transport:
        _run(notebook, tasks, document, results, scratch, transport)
    outputs: list[list[Output]] = [[] for _ in document.parts]
    for task, cell in zip(tasks, notebook.cells, strict=True):
        if task.part >= 0:
            outputs[task.part] += _outputs(cell, task)
    return outputs


def _tasks(document: Document, project: Project, formats: Sequence[str]) -> Iterator[_Task]:
    setup = _SETUP.format(
        formats=", ".join(map(repr, formats)), size=project.figure_size, dpi=project.figure_dpi
    )
    setup += _INLINE.format(media_type=INLINE_TYPE)
    name = "the engine's own first cell"
    yield _Task(part=-1, code=setup, name=name, cell=None, file=document.path.name)
    for i, part in enumerate(document.parts):
        if isinstance(part, Cell):
            file = part.line.path.name
            yield _Task(part=i, code=part.code, name=part.name, cell=part, file=file)
        else:
            for line, expression in part.expressions():
                name = f"the inline expression '{expression}' in line {line.number}"
                code = f"_enplan_inline(\n{expression}\n)"
                yield _Task(part=i, code=code, name=name, cell=None, file=line.path.name)


def _run(
    notebook: NotebookNode,
    tasks: list[_Task],
    document: Document,
    results: Path,
    scratch: Path,
    transport: Mapping[str, str],
) -> None:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    kernels = write_kernelspec(scratch)
    specs = KernelSpecManager(kernel_dirs=[str(kernels)], ensure_native_kernel=False)
    manager = AsyncKernelManager(
        kernel_name=KERNEL_NAME,
        kernel_spec_manager=specs,
        connection_file=str(scratch / "connection.json"),
        **transport,
    )
    client = NotebookClient(
        notebook,
        km=manager,
        kernel_name=KERNEL_NAME,
        # A report takes as long as it takes; a busy machine starts a kernel slowly.
        timeout=None,
        startup_timeout=180,
        resources={"metadata": {"path": str(document.path.parent)}},
    )
    client.log.setLevel("ERROR")
    log = scratch / "kernel.log"
    try:
        with log.open("wb") as stream:
            environment = kernel_environment(results, scratch)
            client.execute(cleanup_kc=True, env=environment, stdout=stream, stderr=stream)
    except CellExecutionError as error:
        failed = _first_failure(notebook, tasks)
        message = f"{failed.place} raised {error.ename}: {error.evalue}"
        raise RenderError(message) from error
    except (DeadKernelError, RuntimeError, AssertionError) as error:
        # On Ctrl-C nbclient 0.11 stops the kernel and then stumbles over its absence.
        if hasattr(client, "_async_cleanup_kernel_future"):
            raise KeyboardInterrupt from error
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise RenderError(
            f"{document.path.name}: the Python kernel died ({error}). {' '.join(last)}".strip()
        ) from error


@contextmanager
def _transport(scratch: Path) -> Iterator[dict[str, str]]:
    """Say how to talk to the kernel: by files in the scratch folder, where the system can.

    So no port is open for others on the machine, and none is needed where there is no network
    at all. A long path does not fit in a socket, and Linux has a short one for every open
    folder; Windows has no such sockets.
    """
    sockets = scratch / "kernel"
    if os.name == "posix" and len(os.fsencode(sockets)) <= _LONGEST_SOCKET:
        yield {"transport": "ipc", "ip": str(sockets)}
    elif sys.platform == "linux":
        opened = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
        try:
            short = f"/proc/{os.getpid()}/fd/{opened}/{sockets.name}"
            yield {"transport": "ipc", "ip": short}
        finally:
            os.close(opened)
    else:
        yield {}


def _first_failure(notebook: NotebookNode, tasks: list[_Task]) -> _Task:
    for task, cell in zip(tasks, notebook.cells, strict=True):
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            return task
    return tasks[-1]


def _outputs(cell: NotebookNode, task: _Task) -> Iterator[Output]:
    """Yield what the reader sees; refuse what only a notebook would show."""
    for output in cell["outputs"]:
        kind = output["output_type"]
        if kind == "stream":
            yield from _stream(output, task)
        elif kind in ("display_data", "execute_result"):
            yield _display(output["data"], task)


def _stream(output: NotebookNode, task: _Task) -> Iterator[str]:
    if output["name"] == "stderr" or not output["text"].strip():
        return
    if task.cell is None or task.cell.options.get("output") != "asis":
        raise RenderError(f"{task.place} prints, but has no option 'output: asis'.")
    yield output["text"]


def _display(data: dict[str, Any], task: _Task) -> Output:
    if INLINE_TYPE in data:
        value = data[INLINE_TYPE]
        value = json.loads(value) if isinstance(value, str) else value
        return Inline(text=value["text"], markdown=value["markdown"])
    svg, png = data.get("image/svg+xml"), data.get("image/png")
    if svg or png:
        return Figure(svg=svg, png=b64decode(png) if png else None)
    if "text/markdown" in data and "text/html" not in data:
        return str(data["text/markdown"])
    kind = "HTML" if "text/html" in data else "a plain value"
    raise RenderError(
        f"{task.place} shows {kind}. "
        "Print Markdown with 'output: asis', or end the last line with a semicolon."
    )
