"""Render a .qmd with what a package index delivers: Jupyter client, Pandoc, Typst.

It does what the reports here use of Quarto, and refuses the rest by name, file and line.
"""

from reports.engines.builtin.render import render_document

__all__ = ["render_document"]
