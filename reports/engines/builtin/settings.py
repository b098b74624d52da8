"""The project's and the extension's settings, as the built-in engine needs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_dictionary.errors import RenderError
from reports.engines.builtin.known_keys import BrandKeys, ExtensionKeys, ProjectKeys
from reports.engines.builtin.refusal import Refusal, refuse
from reports.engines.builtin.yaml_keys import Settings, read_settings, wrong_keys
from reports.formats import QUARTO_FORMAT

_NO_BRAND = "is not read of a brand"
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
        told = [item if isinstance(item, dict) else {"path": item} for item in entries]
        after = [item for item in told if item.get("at") == "post-render"]
        before = [item for item in told if item not in after]
        first, last = (
            [self.extension / item["path"] for item in some] for some in (before, after)
        )
        return first, last

    def _common(self, key: str, default: object) -> Any:
        return self.formats["common"].get(key, default)


def read_project(folder: Path) -> Project:
    """Read ``_quarto.yml`` and the extension ``vive``; refuse what is not supported."""
    extension = folder / "_extensions" / "vive"
    project = _read(folder / "_quarto.yml")
    contributed = _read(extension / "_extension.yml")
    brand = folder / "_brand.yml"
    colours = [_read(brand)] if brand.is_file() else []
    # All files at once, so that nobody mends one to meet the other.
    refuse(
        [
            *_unread(folder),
            *(one for told in colours for one in wrong_keys(told, BrandKeys, _NO_BRAND)),
            *wrong_keys(project, ProjectKeys, "is not a key of a project"),
            *wrong_keys(contributed, ExtensionKeys, "is not a key of an extension"),
        ]
    )
    contributes: Any = contributed.values.get("contributes", {})
    names = ("common", *QUARTO_FORMAT.values())
    formats: dict[str, dict[str, Any]] = {name: {} for name in names}
    formats |= contributes.get("formats", {})
    return Project(folder=folder, extension=extension, keys=project.values, formats=formats)


def _unread(folder: Path) -> Iterator[Refusal]:
    """Yield a refusal for every file of settings that Quarto would read and we do not."""
    profiles = [name.strip() for name in os.environ.get("QUARTO_PROFILE", "").split(",")]
    named = [folder / f"_quarto-{name}.yml" for name in profiles if name]
    for path in (*named, *folder.rglob("_metadata.yml")):
        if path.is_file():
            what = "settings beside those of _quarto.yml"
            yield Refusal(path, 1, what, "Put its keys there, or leave it out.")


def _read(path: Path) -> Settings:
    try:
        return read_settings(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError as error:
        raise RenderError(f"{path} is missing; reinstall the package.") from error
