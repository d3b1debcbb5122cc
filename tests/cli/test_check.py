"""`elistit check`: exit 0 when all passed, 1 when a check failed, 2 for what is no ZIP, one sentence each; no database."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.artwork.conftest import blob
from tests.cli.conftest import Run, one_sentence


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    path, image = tmp_path / "delivery.zip", io.BytesIO()
    Image.fromarray(blob(1, 120)).save(image, "PNG")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fox.png", image.getvalue())
    return path


def test_a_good_zip_passes_without_any_data_folder(elistit: Run, delivery: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = elistit("check", str(delivery), ELISTIT_DATA=str(data))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("All ")
    assert "ok      Every ZIP opens: 1 files" in done.stdout
    assert not data.exists() or not list(data.rglob("*.sqlite3"))


def test_a_fault_is_exit_1_and_the_json_names_file_and_check(elistit: Run, delivery: Path) -> None:
    with zipfile.ZipFile(delivery, "a") as archive:
        archive.writestr("CON.png", b"not an image")
    done = elistit("check", str(delivery), "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert not report["ok"]
    bad = {c["name"]: [p["file"] for p in c["problems"]] for c in report["checks"] if not c["ok"]}
    assert bad == {"zip.windows_names": ["CON.png"], "image.opens": ["CON.png"]}
    words = elistit("check", str(delivery))
    assert words.returncode == 1
    assert "CON.png: Windows reserves the name CON for a device." in words.stdout
    assert words.stdout.splitlines()[-1].endswith("checks failed.")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("page.zip", b"<html>hello</html>", "page.zip is not a ZIP file."),
        ("empty.zip", b"", "empty.zip is not a ZIP file."),
        ("missing.zip", None, "cannot be read (No such file or directory)."),
    ],
)
def test_what_is_no_zip_is_exit_2_and_one_sentence(
    elistit: Run, tmp_path: Path, name: str, data: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    done = elistit("check", str(path))
    assert done.returncode == 2
    assert words in one_sentence(done.stderr)
    assert json.loads(elistit("check", str(path), "--json").stdout)["error"]


def test_a_folder_and_no_file_at_all_are_refused(here: Run, tmp_path: Path) -> None:
    assert "is a folder, not a ZIP file." in one_sentence(here("check", str(tmp_path)).stderr)
    assert here("check").returncode == 2
