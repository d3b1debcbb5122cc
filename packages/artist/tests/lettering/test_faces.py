"""The faces: at least thirty, in eight moods, each with a licence that its own font states and every character it says."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from elistit_artist.lettering import faces, palettes
from elistit_artist.lettering.faces import FACES, CannotLetter, Mood, choose, unsettable

FONTS = Path(faces.__file__).parent / "fonts"
# What a font's own licence records say (name table, entries 0, 13 and 14), for each licence that is allowed.
SAYS = {
    "OFL-1.1": ("open font license", "scripts.sil.org/ofl", "openfontlicense.org"),
    "Apache-2.0": ("apache license", "apache.org/licenses/license-2.0"),
}
BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,!?&'“”‘’-–—:;() éèüöäñç"


def test_there_are_thirty_faces_in_eight_moods_and_three_in_each() -> None:
    offered = [f for f in FACES if f.mood != Mood.PLAIN]
    moods = {m: [f for f in offered if f.mood == m] for m in Mood if m != Mood.PLAIN}
    assert len(offered) >= 30 and len(moods) == 8
    assert all(len(found) >= 3 for found in moods.values())
    assert len({f.code for f in FACES}) == len({f.path for f in FACES}) == len(FACES)


@pytest.mark.parametrize("face", FACES, ids=lambda f: f.code)
def test_a_face_states_the_licence_it_is_listed_with(face: faces.Face) -> None:
    names = TTFont(face.path)["name"]
    said = " ".join(str(names.getDebugName(entry) or "") for entry in (0, 13, 14)).lower()
    if face.code == "yellowtail":
        # Its name table states none; the licence file of its package does.
        said = (face.path.parents[1] / "LICENSE").read_text().lower()
    assert any(words in said for words in SAYS[face.licence]), said[:300]


@pytest.mark.parametrize("face", FACES, ids=lambda f: f.code)
def test_a_face_covers_what_it_says_and_the_letters_of_western_languages(face: faces.Face) -> None:
    own = TTFont(face.path).getBestCmap()
    assert faces.characters(face) <= set(own)
    glyphs = TTFont(face.path)["glyf"]
    empty = [c for c in BASIC if c != " " and (not face.covers(c) or glyphs[own[ord(c)]].numberOfContours == 0)]
    assert not empty
    assert unsettable("a\u4e2d😀", face) == ["“中” (cjk unified ideograph-4e2d)", "“😀” (grinning face)"]


def test_bundled_fonts_are_the_files_of_their_packages() -> None:
    listed = json.loads((FONTS / "manifest.json").read_text())
    assert {entry["file"] for entry in listed} == {p.name for p in FONTS.glob("*.ttf")}
    for entry in listed:
        assert hashlib.sha256((FONTS / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (FONTS / f"{entry['package'].rpartition('/')[2]}.LICENSE.txt").stat().st_size > 1_000


def test_a_text_no_face_has_is_refused_with_each_character_by_name() -> None:
    with pytest.raises(CannotLetter) as refused:
        choose("日 or 👩🏽‍🚀?", Mood.SCRIPT)
    assert refused.value.characters[0] == "日" and "👩" in refused.value.characters
    assert all(unicodedata.name(c).lower() in str(refused.value) for c in refused.value.characters)


def test_a_text_its_mood_cannot_set_is_set_in_another_that_can() -> None:
    assert choose("Ж", Mood.BLACKLETTER).covers("Ж")


def test_every_ink_is_easy_to_read_on_its_paper() -> None:
    def light(color: str) -> float:
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for one in palettes.PALETTES:
        paper = light(one.ground)
        for color, least in ((one.ink, 7.0), (one.accent, 3.0)):
            high, low = max(paper, light(color)), min(paper, light(color))
            assert (high + 0.05) / (low + 0.05) >= least, (one.code, color)


def test_the_list_of_fonts_names_every_face_with_its_licence() -> None:
    listed = (FONTS.parent / "README.md").read_text()
    for face in FACES:
        [row] = [line for line in listed.splitlines() if line.startswith(f"| {face.name} |")]
        assert f"| {face.mood.value} | {face.licence} |" in row
