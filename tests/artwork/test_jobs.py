"""What the worker's subprocesses run: values in and out are plain, and the card says what the buyer really gets."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from elistit.artwork import jobs, package, packing_jobs
from tests.artwork.conftest import Draw

ABOUT = {
    "title": "Woodland Set", "base": "woodland-set", "licence": "Personal use.", "licences": "01.png: drawn here\n",
    "how_to": ["Unzip."], "facts": [("Images", "2 PNG files"), ("Size", "9999 px"), ("Color", "sRGB")],
}  # fmt: skip


def shown(pdf: Path) -> str:
    """The text of a PDF as the font maps it back to characters."""
    with pikepdf.open(pdf) as document:
        words = []
        for page in document.pages:
            maps = {}
            for name, font in page.Resources.Font.items():
                if "/ToUnicode" in font:
                    maps[name] = font.ToUnicode.read_bytes().decode("latin-1")
            font_map: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    font_map = _codes(maps.get(str(operands[0]), ""))
                elif str(operator) == "Tj":
                    words.append("".join(font_map.get(b, chr(b)) for b in bytes(operands[0])))
    return " ".join(words)


def _codes(text: str) -> dict[int, str]:
    import re

    found = {}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for start, _, row in re.findall(r"<(\w+)>\s*<(\w+)>\s*\[(.*?)\]", block, re.S):
            found |= {int(start, 16) + n: chr(int(h, 16)) for n, h in enumerate(re.findall(r"<(\w+)>", row))}
        for start, end, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            found |= {int(start, 16) + n: chr(int(to, 16) + n) for n in range(int(end, 16) - int(start, 16) + 1)}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        found |= {int(a, 16): chr(int(b, 16)) for a, b in re.findall(r"<(\w+)>\s*<(\w+)>", block)}
    return found


def pack(folder: Path, prints: list[Path], **more: object) -> list[list[str]]:
    folder.mkdir(exist_ok=True)
    made = packing_jobs.pack(str(folder), ABOUT, [str(p) for p in prints], [str(p) for p in prints], **more)  # type: ignore[arg-type]
    json.dumps(made)
    return made


def test_the_card_states_the_size_of_the_files_in_the_zip(draw: Draw, tmp_path: Path) -> None:
    made = pack(tmp_path / "out", [draw(1, px=500), draw(2, px=500)])
    assert [role for role, _ in made] == ["card", "licences", "zip"]
    text = shown(Path(made[0][1]))
    assert "500 × 500 px" in text
    assert "9999" not in text


def test_when_pictures_must_shrink_the_card_names_the_smaller_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    prints = []
    for n in range(2):
        Image.fromarray(rng.integers(0, 255, (700, 700, 4), np.uint8)).save(tmp_path / f"{n}.png")
        prints.append(tmp_path / f"{n}.png")
    monkeypatch.setattr(package, "SIZE_STEPS", (400,))
    tight = package.fit
    monkeypatch.setattr(package, "fit", lambda *a, **k: tight(*a, **k, part_max=400_000, parts_max=2))
    made = pack(tmp_path / "out", prints)
    assert "400 × 400 px" in shown(Path(made[0][1]))
    with zipfile.ZipFile(made[2][1]) as archive:
        assert Image.open(archive.open("0.png")).size == (400, 400)


def test_packing_twice_into_the_same_folder_gives_the_same_parts(draw: Draw, tmp_path: Path) -> None:
    prints = [draw(n, px=300) for n in range(3)]
    first = {p: Path(p).read_bytes() for _, p in pack(tmp_path / "out", prints)}
    assert {p: Path(p).read_bytes() for _, p in pack(tmp_path / "out", prints)} == first


def test_other_files_go_along_unchanged(draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "cut.svg").write_text("<svg/>")
    made = pack(tmp_path / "out", [draw(1, px=300)], others=[str(tmp_path / "cut.svg")])
    with zipfile.ZipFile(made[-1][1]) as archive:
        assert sorted(archive.namelist()) == ["1.png", "LICENSES-ART.txt", "cut.svg", "product-card.pdf"]
        assert archive.read("cut.svg") == b"<svg/>"


def test_print_files_of_wall_art_are_never_reduced_to_fit(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    for n in range(2):
        Image.fromarray(rng.integers(0, 255, (400, 400, 3), np.uint8)).save(tmp_path / f"{n}.jpg", quality=95)
    with pytest.raises(ValueError, match="do not fit"):
        package.fit([tmp_path / "0.jpg", tmp_path / "1.jpg"], tmp_path / "z", part_max=60_000, parts_max=2)


def test_every_answer_is_plain_values(draw: Draw, tmp_path: Path) -> None:
    src = str(draw(1, px=300))
    folder = tmp_path / "o"
    folder.mkdir()
    answers = [
        jobs.enlarge(src, str(folder / "big.png"), 2.0),
        jobs.cut_out(src, str(folder / "cut.png")),
        jobs.die_cut(src, str(folder / "s.png"), str(folder / "s.svg")),
        jobs.poster_print(src, str(folder / "p.jpg"), "1:1", [2, 2]),
        jobs.take_in(src, str(folder), "own"),
        jobs.examine(src, str(folder / "v.webp"), True, 300),
    ]
    assert json.loads(json.dumps(answers)) == answers


def test_the_workshop_starts_without_django() -> None:
    code = "import sys, elistit.artwork.jobs; print([m for m in ('django', 'httpx', 'dbos') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
