"""Editing a listing's text, with Etsy's rules beside every field and the listing as a buyer will see it.

The rules are checked by the server on saving, and while typing where script runs. What was typed comes back when it breaks
one; nothing is saved then.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from elistit import names
from elistit.accounts.kept import NOTICE, taken
from elistit.actions import commands, listing_edits, pricing
from elistit.listings import rules
from elistit.listings.currencies import Currency
from elistit.listings.rejected_field import FIELDS
from elistit.projects import listing_text
from elistit.projects.errors import InvalidSpec, NotPossible
from elistit.projects.listing_text import Text
from elistit.projects.models import Listing, Project, ProjectFile
from elistit.stages import listing_notes
from elistit.studio import undo
from elistit.studio.views import access
from elistit.studio.views.projects import frame

DESCRIPTION_MAX = 20_000


def _typed(post: QueryDict) -> dict[str, str]:
    return {name: post.get(name, "")[:DESCRIPTION_MAX] for name in ("title", "tags", "description", "price")}


def _text(typed: dict[str, str], currency: Currency) -> Text:
    """What was typed as a listing's text. A price that is none becomes -1, which the rules refuse."""
    price = currency.parsed(typed["price"])
    cents = -1 if price is None else price
    tags = tuple(shown for tag in typed["tags"].split(",") if (shown := names.one_line(tag)))
    description = typed["description"].replace("\r\n", "\n").strip()
    return Text(names.one_line(typed["title"]), tags, description, cents, currency.code)


def _problems(typed: dict[str, str], currency: Currency) -> dict[str, str]:
    text = _text(typed, currency)
    found: dict[str, str] = {}
    for problem in rules.check(text.title, text.tags, text.description, text.price_cents, currency=currency.code):
        found[problem.field] = f"{found.get(problem.field, '')} {problem.words}".strip()
    if text.price_cents < 0:
        example = currency.plain(currency.suggested(450) or 45_000)
        found["price"] = f"Enter the price as a number, for example {example}."
    return found


def _shown(project: Project, typed: dict[str, str], errors: dict[str, str], currency: Currency) -> dict[str, Any]:
    """What the preview and the counters show."""
    text = _text(typed, currency)
    pictures = ProjectFile.objects.filter(project=project, role="mockup").order_by("name")
    notes = listing_notes.notes(project, text.title, text.tags, text.description)
    return {
        "typed": typed, "errors": errors, "text": text, "pictures": list(pictures[:4]), "title_max": rules.TITLE_MAX,
        "tags_max": rules.TAGS_MAX, "tag_max": rules.TAG_MAX, "public_id": project.pk, "notes": notes, "currency": currency,
        "price": currency.shown(text.price_cents) if text.price_cents > 0 else "–",
        "price_limits": (currency.shown(currency.minimum), currency.shown(currency.maximum)) if currency.maximum else None,
    }  # fmt: skip


def _rejected(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """For a listing whose draft failed: that it can be retried from here, and the field the address says Etsy rejected."""
    failed = listing.draft == Listing.Draft.FAILED
    fix = request.GET.get("fix", "")
    return {"may_retry": failed, "fix": fix if failed and fix in FIELDS else "", "reason": listing.draft_reason}


def _saved(request: HttpRequest, public_id: str, before: dict[str, Any]) -> HttpResponse:
    """Where a saved listing leads: to its page, with the draft being retried when that was pressed. Both are free. An edit that can
    still be undone, because no draft is being made, is offered to be."""
    done = "Listing saved. Retrying the Etsy draft with it. This is free."
    retried = request.POST.get("then") == "retry" and access.attempt(
        request, lambda: commands.retry_draft(access.person(request), public_id), done, working=True
    )
    if not retried:
        after, words = listing_edits.plain(Listing.objects.get(project=public_id)), "Listing saved."
        if request.POST.get("then") != "retry":
            words = "Listing saved. The next draft will use this text."
        if after == before:
            messages.success(request, words)
        else:
            undo.offer(request, words, "listing", [public_id], before=before, after=listing_edits.digest(after))
    return redirect("project-listing", public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET: the text in fields. POST: save it, when it meets the rules and no draft of it is on Etsy."""
    project = access.standing_project(request, public_id)
    listing = Listing.objects.filter(project=project).first()
    if listing is None or not listing_text.is_editable(project, listing):
        messages.error(request, listing_text.ON_ETSY if listing and listing.title else "This listing has no text yet.")
        return redirect("project-listing", public_id)
    currency = pricing.currency_to_edit(listing)
    if request.method != "POST":
        price = pricing.price_to_edit(listing)
        typed = {
            "title": listing.title,
            "tags": ", ".join(listing.tags),
            "description": listing.description,
            "price": currency.plain(price) if price else "",
        }
        notice = ""
        errors: dict[str, str] = {}
        if (back := taken(request)) is not None:
            typed, notice = _typed(back.typed), NOTICE
            errors = _problems(typed, currency)
        context = {
            **frame(project, "listing"),
            **_shown(project, typed, errors, currency),
            **_rejected(request, listing),
            "notice": notice,
        }
        return render(request, "studio/listing_edit.html", context)
    typed = _typed(request.POST)
    errors, before = _problems(typed, currency), listing_edits.plain(listing)
    if not errors:
        try:
            commands.edit_listing(access.person(request), public_id, _text(typed, currency))
        except InvalidSpec as invalid:
            errors = invalid.errors
        except NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("project-listing", public_id)
        else:
            return _saved(request, public_id, before)
    context = {
        **frame(project, "listing"),
        **_shown(project, typed, errors, currency),
        **_rejected(request, listing),
    }
    return render(request, "studio/listing_edit.html", context, status=422)


@login_required
@require_POST
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rules and the preview for what is typed so far, as a fragment. Saves nothing."""
    project = access.standing_project(request, public_id)
    typed = _typed(request.POST)
    currency = pricing.currency_to_edit(Listing.objects.get(project=project))
    shown = _shown(project, typed, _problems(typed, currency), currency)
    return render(request, "studio/_listing_check.html", shown)
