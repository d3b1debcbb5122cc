"""Words in 46 scripts at random: no crash, no name a computer refuses, no box. `bench/words_fuzz.py` runs as many as are asked for."""

from __future__ import annotations

from random import Random

import pytest

from elistit.artwork import typesetting
from elistit.artwork.typefaces import SERIF, SERIF_LIGHT

from . import words


@pytest.mark.parametrize("script", words.SCRIPTS)
def test_names_and_words_of_every_script(script: str) -> None:
    became = set()
    for seed in range(12):
        given, what, wrong = words.judged(Random(f"{script} {seed}"), script)
        assert wrong == [], (script, given)
        became.add(what)
    assert became <= {"set", "refused", "unseen"}


def test_a_plain_word_of_every_script_is_set_or_refused_as_a_whole() -> None:
    chance, is_set = Random(5), {}
    for script in words.SCRIPTS:
        letters, _ = words.alphabet(script)
        plain = "".join(chance.choice(letters[: max(40, len(letters) // 3)]) for _ in range(4))
        is_set[script] = not typesetting.cannot_set(plain)
    assert {"Latin", "Greek", "Cyrillic", "Hebrew", "Arabic", "Devanagari", "Thai", "Han", "Hangul"} <= {
        script for script, good in is_set.items() if good
    }
    assert not {"Cherokee", "Adlam", "Runic", "Javanese"} & {script for script, good in is_set.items() if good}


def test_the_judge_sees_a_box_a_circle_and_a_name_that_windows_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    run = typesetting.Run("生", SERIF, 0.0, 1.0, True, ((0, 0.0, 0.0),))
    found = words.boxes(typesetting.SetLine("生", False, (run,), 1.0, (0, 0, 1, 1)))
    assert [w.split(" ")[0] for w in found] == ["U+751F", "no"]
    circle = words._tables(SERIF_LIGHT)[2]
    run = typesetting.Run("a", SERIF_LIGHT, 0.0, 1.0, True, ((circle, 0.0, 0.0),))
    assert "a dotted circle" in words.boxes(typesetting.SetLine("a", False, (run,), 1.0, (0, 0, 1, 1)))[0]
    for name, fault in (("nul.txt", "Windows"), ("a\u202eb", "hidden"), ("..", "empty"), ("a:b", "Windows")):
        monkeypatch.setattr("elistit.names.shown_name", lambda given, name=name: name)
        assert any(fault in w for w in words.bad_names("x")), name
