"""The keys that the built-in engine knows are those that the shipped files use."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from data_dictionary.schema import keys_of
from reports.engines.builtin.known_keys import ExtensionKeys, ProjectKeys
from reports.staging import PROJECT


def unused(section: Any, values: dict[str, Any]) -> list[str]:
    """Return the keys of a section, and of those below it, that values do not have."""
    found = [name for name in keys_of(section) if name not in values]
    for name, key in keys_of(section).items():
        if isinstance(values.get(name), dict) and hasattr(key.hint, "__dataclass_fields__"):
            found += unused(key.hint, values[name])
    return found


@pytest.mark.parametrize(
    ("section", "file"),
    [(ProjectKeys, "_quarto.yml"), (ExtensionKeys, "_extensions/vive/_extension.yml")],
)
def test_no_key_is_known_that_our_own_files_do_not_use(section: type, file: str) -> None:
    values = yaml.safe_load((PROJECT / file).read_text(encoding="utf-8"))
    assert unused(section, values) == []
