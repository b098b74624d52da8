"""``python -m reports`` is the same as ``enplan``."""

import sys

from reports.cli import main

if __name__ == "__main__":
    sys.exit(main())
