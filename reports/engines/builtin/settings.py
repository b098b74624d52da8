"""The project's and the extension's settings, as the built-in engine needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_dictionary.errors import RenderError
from reports.engines.builtin.refusal import refuse
from reports.engines.builtin.yaml_keys import ANY, Settings, read_settings, unknown_keys
from reports.formats import QUARTO_FORMAT

_PROJECT: Mapping[str, object] = {
    "project": {"type": ("default",), "output-dir": ANY, "render": ANY},
    "lang": ("da-DK",),
    "number-sections": (True, False),
    "toc": (True, False),
    "toc-title": ANY,
    "date-format": ("D. MMMM YYYY",),
    "execute": {"echo": (False,), "warning": (False,)},
    "crossref": {"fig-prefix": ANY, "tbl-prefix": ANY, "sec-prefix": ANY},
    "format": {f"vive-{name}": ("default",) for name in QUARTO_FORMAT.values()},
}

_EXTENSION: Mapping[str, object] = {
    "title": ANY,
    "author": ANY,
    "version": ANY,
    "quarto-required": ANY,
    "contributes": {
        "formats": {
            "common": {
                "fig-cap-location": ("top",),
                "tbl-cap-location": ("top",),
                "fig-width": ANY,
                "fig-height": ANY,
                "filters": ANY,
            },
            "html": {
                "shift-heading-level-by": (1,),
                "toc-depth": ANY,
                "theme": ("none",),
                "minimal": (True,),
                "css": ANY,
                "embed-resources": (True,),
                "html-math-method": ("mathml",),
                "fig-format": ("svg",),
            },
            "typst": {
                "toc-depth": ANY,
                "papersize": ("a4",),
                "pdf-standard": ANY,
                "font-paths": ANY,
                "template-partials": ANY,
                "fig-format": ("svg",),
            },
            "docx": {
                "toc-depth": ANY,
                "reference-doc": ANY,
                "fig-format": ("png",),
                "fig-dpi": ANY,
            },
        }
    },
}

_FLOAT_TITLES = {"fig-title": "Figur", "tbl-title": "Tabel"}
"""What Quarto writes before a number for `lang: da`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A staged project: its folder, its extension's folder and what both say."""

    folder: Path
    extension: Path
    keys: dict[str, Any]
    formats: dict[str, dict[str, Any]]

    @property
    def figure_size(self) -> tuple[float, float]:
        """Width and height of a figure in inches."""
        return float(self._common("fig-width", 6)), float(self._common("fig-height", 4))

    @property
    def figure_dpi(self) -> int:
        """Dots per inch of the pictures in a Word file."""
        return int(self.formats["docx"].get("fig-dpi", 300))

    @property
    def metadata(self) -> dict[str, Any]:
        """The document metadata that come from the project."""
        names = ("lang", "toc-title")
        words = {"crossref": {**_FLOAT_TITLES, **self.keys.get("crossref", {})}}
        return {name: self.keys[name] for name in names if name in self.keys} | words

    def filters(self) -> tuple[list[Path], list[Path]]:
        """Return the Lua filters that run before, and after, figures are numbered."""
        entries = self._common("filters", [])
        before = [self.extension / item for item in entries if isinstance(item, str)]
        after = [self.extension / item["path"] for item in entries if isinstance(item, dict)]
        return before, after

    def _common(self, key: str, default: object) -> Any:
        return self.formats["common"].get(key, default)


def read_project(folder: Path) -> Project:
    """Read ``_quarto.yml`` and the extension ``vive``; refuse what is not supported."""
    extension = folder / "_extensions" / "vive"
    project = _read(folder / "_quarto.yml")
    contributed = _read(extension / "_extension.yml")
    refuse([*unknown_keys(project, _PROJECT), *unknown_keys(contributed, _EXTENSION)])
    contributes: Any = contributed.values.get("contributes", {})
    names = ("common", *QUARTO_FORMAT.values())
    formats: dict[str, dict[str, Any]] = {name: {} for name in names}
    formats |= contributes.get("formats", {})
    return Project(folder=folder, extension=extension, keys=project.values, formats=formats)


def _read(path: Path) -> Settings:
    try:
        return read_settings(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError as error:
        raise RenderError(f"{path} is missing; reinstall the package.") from error
