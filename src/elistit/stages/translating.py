"""Translation of a listing by the language model: one request per text, used only if it passes `listings.translations` (rules §4).

Needs a configured language model. Text that can't be translated stays untranslated, and the page says so.
"""

from __future__ import annotations

from elistit.chain.attempt_key import AttemptKey
from elistit.listings import rules
from elistit.listings.translations import LANGUAGES, Words, problems
from elistit.ports import Failure, Kind, Made
from elistit.projects.models import Job
from elistit.providers.chat.client import Chat, Question
from elistit.stages import asking

TRANSLATION_RULES = (
    "You translate an Etsy listing for digital files into `language`, as a native seller would write it. Keep every number as the "
    "same digits, never spelled out or converted, and keep the names of formats and units (PNG, SVG, PDF, JPG, DPI, px). Add no claim and "
    "leave none out. `title`: at most 140 characters, each of & % : + at most once. `tags`: as many as given, all different, at most 20 "
    "characters each, letters, numbers, spaces, hyphens and apostrophes only, what buyers of that language search for. `description`: "
    "the same paragraphs in the same order, with the statement of how the images were made."
)
_TEXT_MAX = 20_000


def translate(chat: Chat, job: Job, language: str, source: Words, number: int, wait: int) -> Words | Failure:
    """The translation of a text. `number` and `wait` identify the attempt: a known answer isn't requested again."""
    this = AttemptKey(job.pk, f"tr-{language}-{source.digest[:10]}", 0, 0, number, wait)
    schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}},
            "description": {"type": "string"},
        },
        "required": ["title", "tags", "description"], "additionalProperties": False,
    }  # fmt: skip
    question = Question(
        key=asking.question_key(this),
        rules=TRANSLATION_RULES,
        facts={
            "language": LANGUAGES[language], "title": source.title, "tags": list(source.tags),
            "description": source.description,
        },
        schema=schema,
    )  # fmt: skip
    return asking.ask(chat, question, this, job, lambda made: _usable(made, source, chat))


def _usable(made: Made, source: Words, chat: Chat) -> Words | Failure:
    said = made.data["said"]
    tags = said["tags"] if isinstance(said["tags"], list) else []
    description = said["description"] if isinstance(said["description"], str) else ""
    words = Words(
        _line(said["title"]), tuple(_line(t) for t in tags), description.replace("\r\n", "\n").strip()[:_TEXT_MAX]
    )
    if found := problems(source, words):
        return Failure(
            Kind.TRANSIENT, f"The translation doesn't say the same as the text. {found[0]}"[:400],
            detail=f"{chat.model}: {' '.join(found)}"[:500],
        )  # fmt: skip
    return words


def _line(said: object) -> str:
    """One printable line; empty for anything that isn't text. A title that is too long stays so and is refused."""
    text = said if isinstance(said, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[: rules.TITLE_MAX + 60]
