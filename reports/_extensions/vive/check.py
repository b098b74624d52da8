"""Check a report's pieces, pins and references before Quarto runs it."""

from reports.prerender import main

main()
