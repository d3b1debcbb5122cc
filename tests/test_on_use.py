"""Modules that are loaded on use behave as the modules they stand for."""

from __future__ import annotations

import json
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
