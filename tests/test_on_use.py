"""Modules that are loaded on use behave as the modules they stand for."""

from __future__ import annotations

import importlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from elistit.on_use import OnUse


def test_what_is_set_and_set_back_is_set_in_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    there, before = OnUse("json"), json.dumps
    with monkeypatch.context() as patched:
        patched.setattr(there, "dumps", str)
        assert json.dumps is str
    assert json.dumps is before


def test_modules_that_load_each_other_are_whole_in_every_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mine, other in (("on_use_a", "on_use_b"), ("on_use_b", "on_use_a")):
        (tmp_path / f"{mine}.py").write_text(f"import time; time.sleep(0.05)\nimport {other}\nlast = {mine!r}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: OnUse(f"on_use_{'ab'[n % 2]}").last, range(8)))
    assert found == ["on_use_a", "on_use_b"] * 4


def test_what_is_called_before_loads_modules_one_thread_at_a_time_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "on_use_art"
    package.mkdir()
    (package / "__init__.py").write_text("import time; time.sleep(0.3)\nfrom on_use_art.names import NAMES\n")
    (package / "names.py").write_text("from on_use_art.styles import STYLES as NAMES\n")
    (package / "styles.py").write_text("from on_use_art import paint\nSTYLES = 1\n")
    for name in ("paint", "glyphs"):
        (package / f"{name}.py").write_text("LENT = 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    begun = threading.Event()

    def lend() -> None:
        begun.set()
        importlib.import_module("on_use_art.glyphs")

    with ThreadPoolExecutor(2) as pool:
        lent = pool.submit(lambda: OnUse("on_use_art.glyphs", before=lend).LENT)
        begun.wait(10)
        time.sleep(0.1)  # the package is half loaded now
        assert OnUse("on_use_art.styles").STYLES == 1
        assert lent.result(timeout=10) == 2
