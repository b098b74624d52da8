"""Every chapter that the report's file asks for is known, of both kinds of study."""

from __future__ import annotations

import re

from reports.document import COMPARED, ONE_GROUP
from reports.staging import PROJECT


def test_the_file_asks_for_every_chapter_and_for_no_other() -> None:
    text = (PROJECT / "main" / "main.qmd").read_text(encoding="utf-8")
    asked = re.findall(r'written\(report, "(\w+)"\)', text)
    # The file alone says in which order.
    assert sorted(asked) == sorted(COMPARED)
    assert set(ONE_GROUP) < set(COMPARED)
