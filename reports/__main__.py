"""``python -m reports`` is the same as ``enplan``."""

import sys

from reports.cli import main

sys.exit(main())
