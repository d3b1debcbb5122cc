"""What a language model is asked to write, and whether its text may be used: briefs for external models, and listings.

Used only where the operator configured a model (`providers/chat`); a failure follows rules §5, and the built-in writer
must never replace the model silently. Facts about the files are never left to the model: they are generated below its
opening paragraph.
"""

from __future__ import annotations

import re
from typing import Any

from elistit.chain.attempt_key import AttemptKey
from elistit.listings import currencies, product_facts, rules, truth, writer
from elistit.ports import Failure, Kind, Made, Outcome
from elistit.projects.models import Job, Project
from elistit.projects.products import OPTIONS, product_type
from elistit.providers.chat import client
from elistit.providers.chat.client import Chat, Question
from elistit.stages import asking

PROMPT_MAX, SUBJECT_MAX, TITLE_MAX, OPENING_MAX = 900, 60, 60, 900
BRIEF_RULES = (
    "You plan a set of images that an Etsy seller sells as digital files. Answer with exactly `count` items, each a "
    "different image of one consistent set. `prompt` describes one image completely for an image model that sees no "
    "other prompt: subject, pose or arrangement, medium, colors, light, in plain English, under 700 characters. No text, "
    "logos, brands, trademarked characters or living artists. `subject` is what it shows in one to five words. `title` "
    "names the set in at most six words, `theme` says what it is about in at most four. Follow the idea and every option."
)
LISTING_RULES = (
    "You write an Etsy listing for digital files. `title`: 100 to 140 characters, the plain name of the product first, no "
    "number but `count`, at most one of each of & % : +, no words all in capitals. `tags`: exactly 13 different ones, each "
    "at most 20 characters, letters, numbers, spaces, hyphens and apostrophes only, what buyers type into the search. "
    "`opening`: two to four friendly sentences about what is shown and what it is good for, without any number, without "
    "prices, licences, formats, sizes or promises: those are written beneath it. Name no brands. Prefer `search terms`, the first ones most, "
    "in title and tags."
)
WORDS_BY_RULE = "by rule, on this machine"


def words_of(code: str) -> str:
    """The code of a subject or a theme as people read it: `scene/boho-sun` is “boho sun”."""
    return code.rsplit("/", 1)[-1].replace("_", " ").replace("-", " ")


def words_by() -> str:
    """Who writes listings in this studio, in words for the pages."""
    chat = client.configured()
    return f"by the language model {chat.model}" if chat else WORDS_BY_RULE


def brief_writer(model: str) -> Chat | None:
    """The language model that writes the prompts for an image model; None if there is none or the image model is
    built-in. The built-in artist has its own writer, which knows what it can draw."""
    return None if model.startswith("builtin/") else client.configured()


def brief(chat: Chat, this: AttemptKey, job: Job) -> Outcome:
    """The brief and one distinct prompt per item, in the shape the briefing stage answers with."""
    project = job.project
    item = _object(subject={"type": "string"}, prompt={"type": "string"})
    question = Question(
        key=asking.question_key(this),
        rules=BRIEF_RULES,
        facts={
            "idea": project.idea, "count": project.count, "makes": product_type(project.product).name,
            "shape": project.ratio, "transparent background": product_type(project.product).transparent,
            "options": {OPTIONS.get(k, k): v for k, v in project.options.items() if v},
        },
        schema=_object(
            title={"type": "string"}, theme={"type": "string"}, items={"type": "array", "items": item},
        ),
    )  # fmt: skip
    return asking.ask(chat, question, this, job, lambda made: _usable_brief(made.data["said"], project, chat))


def _usable_brief(said: dict[str, Any], project: Project, chat: Chat) -> Outcome:
    items: list[dict[str, Any]] = [
        {"prompt": _text(i.get("prompt"), PROMPT_MAX), "subject": _text(i.get("subject"), SUBJECT_MAX), "art": {}}
        for i in (said["items"] if isinstance(said["items"], list) else [])
        if isinstance(i, dict)
    ]
    distinct = {i["prompt"].casefold() for i in items if i["prompt"] and i["subject"]}
    if len(items) != project.count or len(distinct) != project.count:
        return Failure(
            Kind.TRANSIENT, "The brief did not give one distinct prompt for each image.",
            detail=f"{len(distinct)} of {project.count} from {chat.model}",
        )  # fmt: skip
    return Made(
        {
            "brief": {
                "title": _text(said["title"], TITLE_MAX) or project.name,
                "theme": _text(said["theme"], TITLE_MAX),
                "used": [],
                "unused": [],
                "note": f"The prompts were written by the language model {chat.model}.",
            },
            "items": items,
        }
    )


def listing(
    chat: Chat, this: AttemptKey, job: Job, source: product_facts.WriterInput, facts: truth.Facts, idea: str
) -> writer.ListingText | Failure:
    """The listing text: title, tags and opening from the model, everything else generated by rule. Text that isn't true
    of the files is rejected."""
    question = Question(
        key=asking.question_key(this),
        rules=LISTING_RULES,
        facts={
            "product": product_type(source.product).name, "count": source.count, "idea": idea, "title": source.title,
            "theme": source.theme, "style": source.style, "shown": list(source.subjects[:60]),
            **_search_terms(source, facts),
        },
        schema=_object(
            title={"type": "string"}, tags={"type": "array", "items": {"type": "string"}}, opening={"type": "string"},
        ),
    )  # fmt: skip
    return asking.ask(chat, question, this, job, lambda made: _usable_listing(made.data["said"], source, facts, chat))


def _search_terms(source: product_facts.WriterInput, facts: truth.Facts) -> dict[str, list[str]]:
    """The seller's keywords that are true of the files, for the question; empty when there are none, so that the
    question is unchanged."""
    terms = [k.term for k in writer.true_keywords(source, facts)]
    return {"search terms": terms} if terms else {}


def _usable_listing(
    said: dict[str, Any], source: product_facts.WriterInput, facts: truth.Facts, chat: Chat
) -> writer.ListingText | Failure:
    tags = [_text(t, 100) for t in said["tags"]] if isinstance(said["tags"], list) else []
    opening = _text(said["opening"], OPENING_MAX)
    text = writer.ListingText(
        title=_text(said["title"], 200),
        tags=tags,
        description=f"{opening}\n\n{product_facts.facts(source, lambda said: truth.is_true(said, facts))}",
        price_cents=writer.suggested_price(source.product, source.count, source.currency),
        currency=currencies.get(source.currency).code,
    )
    price = text.price_cents or currencies.get(text.currency).minimum
    found = rules.check(text.title, text.tags, text.description, price, currency=text.currency)
    problems = [p.words for p in found]
    if len(tags) != rules.TAGS_MAX:
        problems.append(f"{len(tags)} tags")
    if not opening or re.search(r"\d", opening):
        problems.append("The opening is empty or states a number.")
    if set(re.findall(r"\d+", text.title)) - {str(source.count)}:
        problems.append("The title states another number than the count.")
    if writer.ends_small(text.title):
        problems.append("The title ends in a word without meaning.")
    problems += [f.words for f in truth.check(text.title, text.tags, text.description, facts)]
    if problems:
        return Failure(
            Kind.TRANSIENT, "The written listing breaks a rule of Etsy’s or of ours.",
            detail=f"{chat.model}: {' '.join(problems)}"[:500],
        )  # fmt: skip
    return text


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _text(said: object, most: int) -> str:
    """One printable line of the model's text, cut at a word to `most` characters; empty for anything that isn't text."""
    words = " ".join("".join(c if c.isprintable() else " " for c in said).split()) if isinstance(said, str) else ""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0]
