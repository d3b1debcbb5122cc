"""What is refused before anything happens: exit 2, one sentence, nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run, one_sentence

from elistit.cli import environment

LAUNCHES = {
    "unknown product type": (["--product", "hat", "--idea", "a fox"], "There is no product type “hat”"),
    "too few": (["--count", "3", "--idea", "a fox"], "choose between 15 and 100 images, not 3"),
    "too many": (["--count", "101", "--idea", "a fox"], "choose between 15 and 100 images, not 101"),
    "empty idea": (["--idea", "  "], "Describe your idea"),
    "no idea": ([], "Describe your idea"),
    "endless idea": (["--idea", "x" * 10_000], "10,000 characters long; at most 1,000 fit"),
    "unknown option": (["--idea", "a fox", "--option", "smell=fresh"], "no design option “smell”"),
    "option without value": (["--idea", "a fox", "--option", "mood"], "NAME=TEXT"),
    "unknown model": (["--idea", "a fox", "--model", "none/such"], "none/such"),
    "mode of another product": (["--mode", "design", "--idea", "a fox"], "Only a poster is made in design"),
    "unknown mode": (["--product", "poster", "--mode", "sketch", "--idea", "a lake"], "in production mode"),
    "words on no card": (["--words-front", "Hello", "--idea", "a fox"], "the front and the inside of a greeting card"),
    "ratio of another product": (["--product", "poster", "--ratio", "1:1", "--idea", "a lake"], "2:3 or 3:2, not 1:1"),
    "protected name": (["--idea", "a Pokémon party"], "Protected names: “Pokemon” (a video game, toy or anime)"),
    "an idea nobody can see": (["--idea", "\u200b\u200b\u2060"], "Describe your idea"),
    "words no typeface has": (
        ["--product", "greeting_card", "--idea", "sun", "--words-inside", "Hi \U00013000"],
        "can’t set “\U00013000”",
    ),
    "words that do not fit": (
        ["--product", "greeting_card", "--idea", "sun", "--words-inside", "x\n" * 100],
        "at a readable size",
    ),
    "count in words": (["--idea", "a fox", "--count", "many"], "'many' is not a valid integer"),
}


@pytest.mark.parametrize(("arguments", "words"), LAUNCHES.values(), ids=list(LAUNCHES))
def test_a_wrong_order_is_refused_in_one_sentence_and_writes_nothing(
    here: Run, data: Path, arguments: list[str], words: str
) -> None:
    done = here("launch", *arguments)
    assert done.returncode == 2, done.stderr
    assert words in one_sentence(done.stderr)
    assert not data.exists()


def test_a_refusal_in_json_names_the_field_and_writes_nothing(elistit: Run, data: Path) -> None:
    done = elistit("launch", "--count", "3", "a fox", "--json", ELISTIT_DATA=str(data))
    answer = json.loads(done.stdout)
    assert done.returncode == 2
    assert list(answer["errors"]) == ["count"]
    assert one_sentence(done.stderr) == answer["error"]
    assert not data.exists()


def test_a_protected_name_is_launched_when_the_seller_says_so(elistit: Run, data: Path) -> None:
    assert elistit("users", "add", "a@example.com", "--credits", "50", ELISTIT_DATA=str(data)).returncode == 0
    done = elistit("launch", "a Pokémon party", "--confirm-trademarks", "--json", ELISTIT_DATA=str(data))
    assert (done.returncode, json.loads(done.stdout)["stage"]) == (0, "queued")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lunch"], "Did you mean “launch”?"),
        (["credits", "histroy"], "Did you mean “history”?"),
        (["up", "--port", "99999"], "99999 is not in the range"),
        (["web", "--port", "eighty"], "'eighty' is not a valid integer"),
        (["users", "add", "nobody"], "“nobody” is not an e-mail address"),
        (["users", "add", "a@b.example", "--credits", "-1"], "-1 is not in the range"),
        (["credits", "plans", "--start", "galaxy"], "There is no plan “galaxy”"),
        (["verify", "/nowhere/statement.json"], "cannot be read"),
    ],
)
def test_a_wrong_command_line_is_refused_in_one_sentence(
    here: Run, data: Path, arguments: list[str], words: str
) -> None:
    done = here(*arguments)
    assert done.returncode == 2, done.stderr
    assert words in one_sentence(done.stderr)
    assert not data.exists()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"ELISTIT_ENV": "production"}, "Production needs ELISTIT_SECRET_KEY"),
        ({"ELISTIT_ENV": "production", "ELISTIT_SECRET_KEY": " "}, "Production needs ELISTIT_SECRET_KEY"),
        ({"ELISTIT_ENV": "production", "ELISTIT_SECRET_KEY": "k" * 49}, "at least 50 random characters"),
        ({"ELISTIT_ENV": "staging"}, "it can be local or production"),
        ({"DATABASE_URL": "mysql://db/shop"}, "DATABASE_URL should begin with postgresql://"),
        ({"DATABASE_URL": "postgresql://db:port/shop"}, "DATABASE_URL is not an address"),
        ({"ELISTIT_STORAGE_URL": "ftp://bucket"}, "ELISTIT_STORAGE_URL should begin with file://"),
        ({"ELISTIT_STORAGE_URL": "file://files"}, "must name an absolute folder"),
        ({"ELISTIT_STORAGE_URL": "s3://bucket"}, "so AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set"),
        ({"ELISTIT_KEEP_DAYS": "a week"}, "a whole number of days"),
        ({"ELISTIT_UPSCALE": "best"}, "auto, neural, fast, replicate/real-esrgan or replicate/clarity-upscaler"),
        ({"ELISTIT_CUTOUT": "replicate/background-remover"}, "ELISTIT_REPLICATE_TOKEN is not set"),
        ({"ELISTIT_COMFYUI_URL": "http://203.0.113.9:8188"}, "https address, or an http address in your own network"),
        ({"ELISTIT_COMFYUI_URL": "http://gpu:8188"}, "set ELISTIT_COMFYUI_WORKFLOW or ELISTIT_COMFYUI_CHECKPOINT"),
        ({"ELISTIT_ETSY_TOKEN_URL": "http://far.example/token"}, "ELISTIT_ETSY_TOKEN_URL must be an https address"),
        ({"ELISTIT_GOOGLE_API_URL": "http://far.example"}, "ELISTIT_GOOGLE_API_URL must be an https address"),
        ({"ELISTIT_STRIPE_API_URL": "http://10.1.1.1"}, "ELISTIT_STRIPE_API_URL must be an https address"),
        ({"ELISTIT_OPENAI_KEY": "sk-ключ"}, "ELISTIT_OPENAI_KEY holds a character that no key has"),
        ({"ELISTIT_ETSY_API_URL": "etsy.com"}, "ELISTIT_ETSY_API_URL should begin with http://"),
        ({"ELISTIT_DB_POOL": "lots"}, "ELISTIT_DB_POOL is “lots”"),
        ({"ELISTIT_CALLS_OPENAI": "0"}, "ELISTIT_CALLS_OPENAI is “0”"),
        ({"ELISTIT_CLOCK_SPEED": "0"}, "a number above 0"),
        ({"ELISTIT_LOG": "LOUD"}, "ELISTIT_LOG is “LOUD”"),
    ],
)
def test_each_wrong_name_in_the_environment_is_found(names: dict[str, str], words: str) -> None:
    found = environment.problems(names)
    assert len(found) == 1
    assert words in found[0].words
    assert found[0].words.endswith(".")


@pytest.mark.parametrize("text", ["generating=explode", "nowhere=kill", "a b c"])
def test_faults_that_cannot_be_read_are_found(text: str) -> None:
    assert environment.faults_problem({"ELISTIT_FAULTS": text}) is not None
    assert environment.faults_problem({"ELISTIT_FAULTS": "generating.3=blocked_prompt; drafting=rejected*all"}) is None


@pytest.mark.parametrize("names", [{"ELISTIT_ENV": "production"}, {"ELISTIT_FAULTS": "generating=explode"}])
def test_a_wrong_environment_is_refused_before_anything_is_written(
    elistit: Run, data: Path, names: dict[str, str]
) -> None:
    done = elistit("users", "add", "a@b.example", ELISTIT_DATA=str(data), **names)
    assert done.returncode == 2, done.stderr
    assert next(iter(names)).removesuffix("ENV") in one_sentence(done.stderr)
    assert not data.exists()


def test_a_data_folder_that_cannot_be_made_is_refused(elistit: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = elistit("users", "list", ELISTIT_DATA=str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert "Set ELISTIT_DATA to another folder" in one_sentence(done.stderr)


def test_a_data_folder_on_a_read_only_system_is_refused(elistit: Run) -> None:
    done = elistit("users", "add", "a@b.example", ELISTIT_DATA="/proc/elistit")
    assert done.returncode == 2
    assert "/proc/elistit" in one_sentence(done.stderr)


def test_a_demo_refuses_a_folder_with_other_things_in_it(elistit: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = elistit("demo", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "other files" in one_sentence(done.stderr)
    assert [f.name for f in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_demo_refuses_a_folder_it_cannot_write_to(elistit: Run) -> None:
    done = elistit("demo", "--out", "/proc/demo")
    assert done.returncode == 2
    assert "/proc/demo" in one_sentence(done.stderr)


def test_an_unknown_project_is_bad_input(elistit: Run, shop: Path) -> None:
    for act in ("approve", "print-ready"):
        done = elistit(act, "01ARZ3NDEKTSV4RRFFQ69G5FAV", ELISTIT_DATA=str(shop))
        assert done.returncode == 2
        assert "There is no project" in one_sentence(done.stderr)


def test_with_several_sellers_the_command_line_must_say_which(elistit: Run, shop: Path, data: Path) -> None:
    shutil.copytree(shop, data)
    assert elistit("users", "add", "b@shop.example", ELISTIT_DATA=str(data)).returncode == 0
    done = elistit("credits", "history", ELISTIT_DATA=str(data))
    assert done.returncode == 2
    assert "--user EMAIL" in one_sentence(done.stderr)
