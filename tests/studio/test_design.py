"""The design system keeps its promises: contrast, no color outside the tokens, nothing fetched from elsewhere."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from fontTools.ttLib import TTFont

import elistit.studio

ROOT = Path(__file__).resolve().parents[2]
STATIC = Path(elistit.studio.__file__).parent / "static" / "studio"
TEMPLATES = Path(elistit.studio.__file__).parent / "templates" / "studio"
ROWS = Path(elistit.studio.__file__).parent / "templatetags" / "rows.py"
"""What pages repeat in rows: templates, too."""
TEXT = 4.5
"""WCAG 2.2 AA for text; 3 for the outlines of controls and for the focus ring."""


def tokens(scheme: str) -> dict[str, str]:
    light, dark = (STATIC / "tokens.css").read_text().split("prefers-color-scheme: dark")
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", light))
    return found if scheme == "light" else {**found, **dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", dark))}


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "accent") for ground in ("paper", "sheet", "accent-soft", "mat-deep")],
        *[("ink-3", ground, TEXT) for ground in ("paper", "sheet")],
        *[("trouble", ground, TEXT) for ground in ("paper", "sheet", "trouble-soft")],
        *[(ink, "trouble-soft", TEXT) for ink in ("ink", "ink-2", "accent")],
        ("on-accent", "accent", TEXT),
        ("on-accent", "accent-strong", TEXT),
        ("paper", "ink", TEXT),
        ("on-alarm", "alarm", 7),
        *[(line, ground, 3) for line in ("rule-strong", "focus") for ground in ("paper", "sheet")],
    ],
)  # fmt: skip
def test_every_pair_of_ink_and_ground_is_readable(scheme: str, ink: str, ground: str, least: float) -> None:
    held = tokens(scheme)
    assert contrast(held[ink], held[ground]) >= least, (scheme, ink, ground, contrast(held[ink], held[ground]))


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *TEMPLATES.rglob("*.html")]:
        text = file.read_text()
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", text), file
        assert "@import" not in text and "url(http" not in text, file
        assert "@font-face" not in text or file.name == "fonts.css", file


def test_the_fonts_are_those_that_set_documents() -> None:
    """Cut down by the script from the packages the product card is set with, and found under the names `fonts.css` says."""
    made = subprocess.run(
        [sys.executable, "scripts/studio_fonts.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stdout + made.stderr
    rules = re.findall(r"@font-face \{.*?\}", (STATIC / "fonts.css").read_text(), re.S)
    assert len(rules) == 4
    for rule in rules:
        [address] = re.findall(r'url\("(.+?)"\)', rule)
        answer = Client().get(f"/static/studio/{address}")
        assert answer.headers["Cache-Control"].startswith("max-age=31536000, public, immutable"), address
        font = TTFont(io.BytesIO(b"".join(answer)))
        family = font["name"].getBestFamilyName()
        assert f'"{family}"' in rule and f'"{family}"' in (STATIC / "tokens.css").read_text()
        assert "Source" not in family, "a name reserved for unchanged fonts"
        assert "SIL Open Font License" in font["name"].getDebugName(13) and "Adobe" in font["name"].getDebugName(0)
        assert {ord(c) for c in "aÉßœłșő€–“”…−"} <= set(font.getBestCmap())


def test_motion_stops_for_those_who_ask_for_it() -> None:
    for name in ("tokens.css", "project.css"):
        assert "prefers-reduced-motion: reduce" in (STATIC / name).read_text()


WITHOUT_A_LARGER_LOOK = {
    "product_picture p.code": "a drawing on the button that chooses a product type",
    "{{ thumb }}": "a drawing on the button that chooses a style",
    "studio/art/": "the samples of an empty list",
    "scene.pk 'photo'": "the photo whose corners are set by pressing on it",
    "v.preview.pk": "the button that chooses a version; Compare versions shows them large, side by side",
    "{lazy}": "a card leads to its project, and has a button that opens its first image",
    "row.sketch": "a sketch, shown at the one size it has",
    "s.sketch": "a sketch, shown at the one size it has",
    "attrs.src": "the code an authenticator app reads",
    "totp_svg_data_uri": "the code an authenticator app reads",
}
"""Images that open no larger one, each with the reason."""


def test_every_image_opens_a_larger_look_or_says_why_not() -> None:
    support = TEMPLATES.parents[2] / "support" / "templates"
    found, used = [], set()
    for template in [*TEMPLATES.rglob("*.html"), *support.rglob("*.html"), ROWS]:
        text = template.read_text()
        starts = [match.start() for match in re.finditer(r"<img\b", text)]
        for before, start, after in zip([0, *starts], starts, [*starts[1:], len(text)], strict=False):
            # Around the image or right behind it: a link or a button that opens the large one.
            near = text[max(before + 4, start - 1_200) if before else max(0, start - 1_200) : min(after, start + 900)]
            reasons = {words for words in WITHOUT_A_LARGER_LOOK if words in text[start : start + 160]}
            used |= reasons
            if "data-zoom" not in near and "data-full" not in near and not reasons:
                found.append(f"{template.name}: {text[start : start + 100]}")
    assert not found, "\n".join(found)
    assert used == set(WITHOUT_A_LARGER_LOOK), "a reason without an image"


def test_every_field_of_every_form_has_a_label() -> None:
    for file in [*TEMPLATES.rglob("*.html"), ROWS]:
        text = file.read_text()
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
            if 'type="hidden"' in tag or 'type="radio"' in tag:
                continue
            name = re.search(r'\bid="([^"]+)"', tag)
            assert name and f'for="{name[1]}"' in text, (file.name, tag)
