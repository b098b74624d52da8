"""The front door: ``enplan``, one command per step from data to report.

Everything heavy is imported inside the commands, so that ``enplan --help`` is quick.  A command
that fails leaves a message, never a traceback, and an exit status: 1 data, design or study file
refused; 2 wrong command line; 3 environment (cannot write, no renderer); 130 interrupted.  What
looks like a CPR number is never repeated, wherever it stood.
"""

from reports.cli import dictionaries, releases, report, starting, studies, upkeep
from reports.cli.door import app, main

__all__ = ["app", "dictionaries", "main", "releases", "report", "starting", "studies", "upkeep"]
