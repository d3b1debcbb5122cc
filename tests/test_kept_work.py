"""Image work that is kept for the tests of a process is answered from memory only where it would come out the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import kept_work


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was really done: names in capitals, each into its own file."""
    found: list[str] = []

    def capitals(source: str, out: str, mark: str = "") -> dict[str, Any]:
        found.append(Path(source).read_text() + mark)
        Path(out).write_text(Path(source).read_text().upper() + mark)
        return {"path": out, "marks": [mark]}

    monkeypatch.setattr(kept_work, "PURE", frozenset({capitals}))
    monkeypatch.setattr(kept_work, "_kept", {})
    monkeypatch.setattr(kept_work, "capitals", capitals, raising=False)
    return found


def ask(folder: Path, words: str, mark: str = "") -> str:
    """What is written for these words in its own folder."""
    (folder / "store").mkdir(parents=True)
    (folder / "work").mkdir()
    (folder / "store/name.txt").write_text(words)
    out = folder / "work/out.txt"
    answer = kept_work.here(kept_work.capitals, str(folder / "store/name.txt"), str(out), mark, timeout=9)  # type: ignore[attr-defined]
    assert answer == {"path": str(out), "marks": [mark]}
    assert {path.name for path in folder.rglob("*.txt")} == {"name.txt", "out.txt"}
    return out.read_text()


def test_the_same_work_is_done_once_and_written_where_it_is_asked_for(done: list[str], tmp_path: Path) -> None:
    assert [ask(tmp_path / "one", "fox"), ask(tmp_path / "two", "fox")] == ["FOX", "FOX"]
    assert done == ["fox"]


def test_another_file_or_argument_is_other_work(done: list[str], tmp_path: Path) -> None:
    assert [ask(tmp_path / "one", "fox"), ask(tmp_path / "two", "owl"), ask(tmp_path / "three", "fox", "!")] == [
        "FOX",
        "OWL",
        "FOX!",
    ]
    assert done == ["fox", "owl", "fox!"]


def test_what_is_not_listed_is_never_kept(done: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_work, "PURE", frozenset())
    assert [ask(tmp_path / "one", "fox"), ask(tmp_path / "two", "fox")] == ["FOX", "FOX"]
    assert done == ["fox", "fox"]
