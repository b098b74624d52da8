"""A Jupyter kernel that is certain to be this interpreter, for both engines."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from pathlib import Path

KERNEL_NAME = "python3"
"""What Quarto asks for; the first of this name on the Jupyter path runs the cells."""

_PACKAGES = Path(__file__).resolve().parent.parent


def write_kernelspec(scratch: Path) -> Path:
    """Describe this interpreter as kernel in `scratch`; return the folder of kernels."""
    kernels = scratch / "jupyter" / "kernels"
    folder = kernels / KERNEL_NAME
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "enplan",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    return kernels


def kernel_environment(results: Path, scratch: Path) -> dict[str, str]:
    """Return this process's environment with what the cells of a report need on top."""
    own = {
        "ENPLAN_RESULTS": str(results),
        "JUPYTER_PATH": str(scratch / "jupyter"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "QUARTO_PYTHON": sys.executable,
    }
    installed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    if str(_PACKAGES) not in {str(Path(path).resolve()) for path in installed}:
        # A checkout that was never installed; an installed package is found without help.
        paths = [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]
        own["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return os.environ | own
