"""The keys that the built-in engine knows: of a document, a cell, the project, the extension.

What other keys or values would do is Quarto's; the built-in engine refuses them by line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data_dictionary.schema import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of a .qmd file."""

    title: object = key("Title of the report.", None)
    subtitle: object = key("Subtitle.", None)
    author: object = key("Author, or a list of them.", None)
    date: object = key("Day of the report.", None)
    publisher: object = key("Who publishes it.", None)
    stamp: object = key("Text across every page, such as that the data are synthetic.", None)
    kolofon: object = key("Facts for the last page.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOptions:
    """The options of a cell, after `#|`."""

    label: object = key("Name; `fig-` and `tbl-` make it a float with a number.", None)
    fig_cap: object = key("Caption of a figure.", None, name="fig-cap")
    fig_alt: object = key(
        "What a figure shows, for those who do not see it.", None, name="fig-alt"
    )
    tbl_cap: object = key("Caption of a table.", None, name="tbl-cap")
    output: Literal["asis"] = key("The cell writes Markdown.", None)
    echo: Literal[False] = key("Code is never shown.", None)
    warning: Literal[False] = key("Warnings are never shown.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """What Quarto renders, and where to."""

    type: Literal["default"] = key("Kind of project.", None)
    output_dir: object = key("Folder of the reports.", None, name="output-dir")
    render: object = key("The documents.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute:
    """How cells are run."""

    echo: Literal[False] = key("Code is never shown.", None)
    warning: Literal[False] = key("Warnings are never shown.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossReferences:
    """What a reference is called."""

    fig_prefix: object = key("To a figure.", None, name="fig-prefix")
    tbl_prefix: object = key("To a table.", None, name="tbl-prefix")
    sec_prefix: object = key("To a section.", None, name="sec-prefix")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """The formats of the project."""

    vive_html: Literal["default"] = key("Web page.", None, name="vive-html")
    vive_typst: Literal["default"] = key("PDF by Typst.", None, name="vive-typst")
    vive_docx: Literal["default"] = key("Word file.", None, name="vive-docx")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectKeys:
    """``_quarto.yml``."""

    project: Folders = key("What is rendered.", None)
    lang: Literal["da-DK"] = key("Language.", None)
    number_sections: bool = key("Whether sections are numbered.", None, name="number-sections")
    toc: bool = key("Whether there is a table of contents.", None)
    toc_title: object = key("Its title.", None, name="toc-title")
    date_format: Literal["D. MMMM YYYY"] = key(
        "How dates are written.", None, name="date-format"
    )
    execute: Execute = key("How cells are run.", None)
    crossref: CrossReferences = key("What a reference is called.", None)
    format: Formats = key("The formats.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonKeys:
    """What all formats share."""

    fig_cap_location: Literal["top"] = key(
        "Where the caption of a figure stands.", None, name="fig-cap-location"
    )
    tbl_cap_location: Literal["top"] = key(
        "Where that of a table stands.", None, name="tbl-cap-location"
    )
    fig_width: object = key("Width of a figure in inches.", None, name="fig-width")
    fig_height: object = key("Height.", None, name="fig-height")
    filters: object = key("Lua filters, before and after figures are numbered.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlKeys:
    """The web page."""

    shift_heading_level_by: Literal[1] = key(
        "The title is the first heading.", None, name="shift-heading-level-by"
    )
    toc_depth: object = key("Levels of the table of contents.", None, name="toc-depth")
    theme: Literal["none"] = key("Own styles alone.", None)
    minimal: Literal[True] = key("No scripts of Quarto.", None)
    css: object = key("Own styles.", None)
    embed_resources: Literal[True] = key(
        "One file holds everything.", None, name="embed-resources"
    )
    html_math_method: Literal["mathml"] = key(
        "Formulas without a script.", None, name="html-math-method"
    )
    fig_format: Literal["svg"] = key("Format of pictures.", None, name="fig-format")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypstKeys:
    """The PDF."""

    toc_depth: object = key("Levels of the table of contents.", None, name="toc-depth")
    papersize: Literal["a4"] = key("Size of a page.", None)
    pdf_standard: object = key("Standard of archives.", None, name="pdf-standard")
    font_paths: object = key("Folders of fonts.", None, name="font-paths")
    template_partials: object = key(
        "Own parts of the template.", None, name="template-partials"
    )
    fig_format: Literal["svg"] = key("Format of pictures.", None, name="fig-format")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocxKeys:
    """The Word file."""

    toc_depth: object = key("Levels of the table of contents.", None, name="toc-depth")
    reference_doc: object = key("File with the styles.", None, name="reference-doc")
    fig_format: Literal["png"] = key("Format of pictures.", None, name="fig-format")
    fig_dpi: object = key("Dots per inch.", None, name="fig-dpi")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFormats:
    """The formats of the extension."""

    common: CommonKeys = key("What all share.", None)
    html: HtmlKeys = key("Web page.", None)
    typst: TypstKeys = key("PDF.", None)
    docx: DocxKeys = key("Word file.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributes:
    """What the extension brings."""

    formats: ExtensionFormats = key("Its formats.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionKeys:
    """``_extension.yml``."""

    title: object = key("Name of the extension.", None)
    author: object = key("Who made it.", None)
    version: object = key("Its version.", None)
    quarto_required: object = key("The Quarto that it needs.", None, name="quarto-required")
    contributes: Contributes = key("What it brings.", None)
