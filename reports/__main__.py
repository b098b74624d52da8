"""The script ``enplan``, and ``python -m reports``: loads the command line so that it can stop.

Nothing heavy is imported here or in the package around it, so that a Ctrl-C while the libraries
load ends with a message too.
"""

from __future__ import annotations

import gc
import sys

from reports.interrupts import INTERRUPTED, UNTOUCHED, stoppable, was_interrupted


def main() -> int:
    """Run the command line with the arguments of the process and return its exit status."""
    # Libraries and data make millions of objects and hardly a circle among them: looking for
    # circles as often as Python does took a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    try:
        with stoppable():
            from reports.cli import main as command_line

            return command_line()
    except BaseException as error:
        if not was_interrupted(error):
            raise
        sys.stderr.write(f"enplan: {UNTOUCHED}\n")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
