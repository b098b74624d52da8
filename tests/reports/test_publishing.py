"""Finished files are put in place all together, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.publishing import publish


def files(folder: Path, *names: str) -> dict[Path, Path]:
    made = {}
    for name in names:
        source = folder / "scratch" / name
        source.parent.mkdir(exist_ok=True)
        source.write_text(f"new {name}", encoding="utf-8")
        made[source] = folder / "out" / "sub" / name
    return made


def test_folder_is_made_and_nothing_else_is_left_there(tmp_path: Path) -> None:
    publish(files(tmp_path, "a.html", "a.pdf"))
    publish(files(tmp_path, "a.html", "a.pdf"))
    names = sorted(path.name for path in (tmp_path / "out" / "sub").iterdir())
    assert names == ["a.html", "a.pdf"]


def test_earlier_files_stay_when_a_later_one_cannot_be_replaced(tmp_path: Path) -> None:
    made = files(tmp_path, "a.html", "b.docx", "c.pdf")
    first, second, blocked = made.values()
    first.parent.mkdir(parents=True)
    for target in (first, second):
        target.write_text("old", encoding="utf-8")
    original = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target) == blocked:
            raise PermissionError(13, "held open by another program", str(target))
        return original(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(PermissionError):
            publish(made)
    assert first.read_text(encoding="utf-8") == "old"
    assert second.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in first.parent.iterdir()) == ["a.html", "b.docx"]


def test_unwritable_folder_is_an_os_error_and_changes_nothing(tmp_path: Path) -> None:
    made = files(tmp_path, "a.html")
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OSError, match="out"):
        publish(made)
    assert (tmp_path / "out").read_text(encoding="utf-8").startswith("a file")
