"""House words stay out of pages, messages, documents, docstrings and comments (docs/glossary.md, scripts/house_words.py)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG = """
[tool.house_words]
paths = ["src/*"]
[tool.house_words.words]
"pictures?" = "image"
"let go" = "delete"
[[tool.house_words.exceptions]]
file = "src/stored.py"
word = "picture"
line = "a stored picture"
reason = "Stored under this name."
"""


@pytest.fixture(scope="module")
def house_words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_words", ROOT / "scripts/house_words.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def found(house_words: ModuleType, name: str, text: str) -> list[tuple[int, str]]:
    return [(hit.line, hit.word) for hit in house_words.hits(name, text, house_words.rules(CONFIG))]


@pytest.fixture(scope="module")
def everything(house_words: ModuleType) -> tuple[list[Any], set[Any]]:
    """What is left and which exceptions are used, read once: it takes 20 seconds."""
    found_here: tuple[list[Any], set[Any]] = house_words.everything()
    return found_here


def test_no_house_word_is_left(everything: tuple[list[Any], set[Any]]) -> None:
    left, _ = everything
    assert not left, "\n".join(str(hit) for hit in left)


def test_the_words_of_the_dictionary_are_looked_for(house_words: ModuleType) -> None:
    rules = house_words.rules((ROOT / "pyproject.toml").read_text())
    text = "# a picture, told anew, was let go by whoever tried a try and stayed in trouble: a dossier of chores\n"
    words = {hit.word for hit in house_words.hits("src/elistit/new.py", text, rules)}
    assert {"picture", "told", "anew", "let go", "whoever", "a try", "in trouble", "dossier", "chores"} <= words
    assert len(house_words.files(rules)) > 600


@pytest.mark.parametrize(
    ("name", "text", "hits"),
    [
        ("src/a.py", "x = 1  # every Picture of it\n", [(1, "Picture")]),
        ("src/a.py", '"""One line.\n\nAll pictures were let go.\n"""\n', [(3, "pictures"), (3, "let go")]),
        ("src/a.py", 'raise Failed("No picture was made.")\n', [(1, "picture")]),
        ("src/a.py", 'say = f"{picture} has no picture yet"\n', [(1, "picture")]),
        ("src/a.py", 'picture = row["picture"]\nuse(picture.pictures)\n', []),
        ("src/a.py", '"""What `picture` holds, and a picture_name."""\n', []),
        ("src/a.html", '<p class="picture">{{ picture.pk }}</p>\n{% picture x %}\n', []),
        ("src/a.html", '<img alt="A picture of {{ picture }}">\n<b>1 picture{{ n|pluralize }}</b>', [(1, "picture"), (2, "picture")]),
        ("src/a.txt", "{# picture #}{{ n }} pictures\n", [(1, "pictures")]),
        ("src/a.md", "A `picture`.\n```\npicture\n```\n[link](picture.md) to a picture\n", [(5, "picture")]),
        ("src/a.css", ".picture { color: red } /* the picture */\n", [(1, "picture")]),
        ("src/a.toml", '# a picture\npicture = "picture"\nnote = "One picture."\n', [(1, "picture"), (3, "picture")]),
        ("src/a.js", "const picture = 1; // a picture\n/* pictures */ go('https://x/picture')\n", [(1, "picture"), (2, "pictures")]),
    ],
)  # fmt: skip
def test_only_prose_is_read(house_words: ModuleType, name: str, text: str, hits: list[tuple[int, str]]) -> None:
    assert found(house_words, name, text) == hits


def test_words_of_documents_are_looked_for_in_those_only(house_words: ModuleType) -> None:
    config = (
        CONFIG
        + '[tool.house_words.documents]\npaths = ["docs/*"]\n[tool.house_words.documents.words]\n"as ever" = "as usual"\n'
    )
    rules = house_words.rules(config)
    text = "A picture, as ever.\n"
    assert [hit.word for hit in house_words.hits("docs/a.md", text, rules)] == ["picture", "as ever"]
    assert [hit.word for hit in house_words.hits("src/a.md", text, rules)] == ["picture"]


def test_an_exception_holds_for_its_file_word_and_line_only(house_words: ModuleType) -> None:
    text = "# a stored picture\n# another picture\n# a stored picture, let go\n"
    assert found(house_words, "src/stored.py", text) == [(2, "picture"), (3, "let go")]
    assert len(found(house_words, "src/other.py", text)) == 4


def test_an_exception_needs_a_reason(house_words: ModuleType) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        house_words.rules(CONFIG.replace("Stored under this name.", "Because."))


def test_every_exception_still_excuses_something(
    house_words: ModuleType, everything: tuple[list[Any], set[Any]]
) -> None:
    _, used = everything
    unused = set(house_words.rules((ROOT / "pyproject.toml").read_text()).exempt) - used
    moving = {e for e in unused if not any((ROOT / e.file.split("*")[0]).parent.glob("*"))}
    assert not unused - moving, [f"{e.file}: {e.reason}" for e in unused - moving]
