"""The approval gate: look at every image, keep, drop or remake it, and continue (rules §8).

Every action is a form that works without JavaScript and leads back to the image it was about; with htmx only that
image and the running totals are replaced. What an action costs or returns is decided in `projects.gate`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.accounts.kept import NOTICE, taken
from elistit.actions import commands, protected_names, queries
from elistit.credits import ledger
from elistit.projects import gate as gate_rules
from elistit.projects.errors import InvalidSpec
from elistit.projects.models import Item, Job, Project
from elistit.projects.products import IDEA_MAX
from elistit.projects.states import ItemState, Stage
from elistit.studio import showing, undo
from elistit.studio.views import access, batch_progress

EDITED = "\0"
"""Stands for any prompt but the one an item has."""


def is_open(project: Project, job: Job) -> bool:
    """Whether the seller may still judge: at the gate, or while a remake asked for at the gate is being made."""
    return project.stage == Stage.AWAITING_APPROVAL or (
        project.stage == Stage.GENERATING and job.gate_reached_at is not None
    )


def _totals(project: Project, job: Job) -> dict[str, Any]:
    states = list(job.items.values_list("state", flat=True))
    money = ledger.job_money(job.pk)
    back = gate_rules.refund_on_approval(job)
    return {
        "project": project,
        "job": job,
        "kept": states.count(ItemState.MADE),
        "dropped": states.count(ItemState.DROPPED),
        "lost": states.count(ItemState.BLOCKED) + states.count(ItemState.FAILED),
        "pending": states.count(ItemState.PENDING),
        "charged": money.charged,
        "refunded": money.refunded,
        "returning": back.total,
        "returning_flagged": list(back.flagged),
        "flagged": job.items.filter(state__in=(ItemState.MADE, ItemState.DROPPED)).exclude(flags=[]).count(),
        "returning_print": list(back.print_size),
        "print_size": sum(back.print_size.values()),
    }


def _entry(
    project: Project, plate: showing.Plate, versions: list[dict[str, Any]], error: str = "", prompt: str | None = None
) -> dict[str, Any]:
    return {
        "plate": plate,
        "versions": [{**v, "flags": showing.flag_words(v["flags"])} for v in versions],
        "remake_price": gate_rules.remake_price(project, plate.item),
        "edited_price": gate_rules.remake_price(project, plate.item, EDITED),
        "key": access.fresh_key(),
        "error": error,
        "open": bool(error) or prompt is not None,
        "prompt": plate.item.prompt if prompt is None else prompt,
        # Asked for with the prompt that was refused; another prompt with such a name is refused again.
        "trademarks": protected_names.of_remake(project, prompt),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET shows the images; POST approves the kept ones. Approving twice is the same as once."""
    project = access.standing_project(request, public_id)
    job = access.launch_job(project)
    if request.method == "POST":
        done = access.attempt(request, lambda: commands.approve(access.person(request), public_id))
        if done and (onward := batch_progress.after_review(project)):
            return redirect(onward)
        return redirect("project" if done else "gate", public_id)
    if not is_open(project, job):
        return redirect("project", public_id)
    if (back := taken(request)) is not None:
        # The prompt that was being edited for a remake; nothing of the form is acted on.
        number = next((n for n in range(1, project.count + 1) if reverse("remake", args=[public_id, n]) == back.to), 0)
        return _full_page(request, project, job, number, prompt=back.typed.get("prompt"), notice=NOTICE)
    return _full_page(request, project, job)


def _full_page(
    request: HttpRequest, project: Project, job: Job, number: int = 0, error: str = "", prompt: str | None = None,
    notice: str = "",
) -> HttpResponse:  # fmt: skip
    made = queries.versions(project)
    entries = [
        _entry(
            project, plate, made.get(plate.item.number, []), *((error, prompt) if plate.item.number == number else ())
        )
        for plate in showing.plates(project, job)
    ]
    context = {**_totals(project, job), "entries": entries, "prompt_max": IDEA_MAX, "notice": notice}
    context["stream"] = batch_progress.stream(project)
    return render(request, "studio/gate.html", context, status=422 if error else 200)


def _one(
    request: HttpRequest, project: Project, number: int, error: str = "", prompt: str | None = None
) -> HttpResponse:
    """One image and the totals, for htmx. When the gate has closed meanwhile, leads to the project's page."""
    job = access.launch_job(project)
    found = showing.plates(project, job, [number])
    if not found:
        raise Http404
    if not is_open(project, job):
        return _to_project(request, project)
    context = {
        **_totals(project, job),
        "entry": _entry(project, found[0], queries.versions(project).get(number, []), error, prompt),
        "prompt_max": IDEA_MAX,
        "swapped": True,
    }
    return render(request, "studio/_plate_swap.html", context)


@login_required
@require_safe
def plate(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One image of the gate, requested again while it is being remade."""
    project = access.standing_project(request, public_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("gate", public_id)
    return _one(request, project, number)


def _act(request: HttpRequest, public_id: str, number: int, action: Callable[[], object]) -> HttpResponse:
    project = access.standing_project(request, public_id)
    job = access.launch_job(project)
    if not job.items.filter(number=number).exists():
        raise Http404
    prompt = request.POST.get("prompt")
    error = access.refusal(action)
    project.refresh_from_db()
    if not is_open(project, job):
        if error:
            messages.error(request, error)
        return _to_project(request, project)
    if request.htmx:  # type: ignore[attr-defined]
        return _one(request, project, number, error, prompt if error else None)
    if error:
        return _full_page(request, project, job, number, error, prompt)
    return redirect(reverse("gate", args=[public_id]) + f"#plate-{number}")


def _states(project: Project, numbers: list[int]) -> dict[int, str]:
    """The states of these items that keeping and dropping goes between."""
    rows = gate_rules.items_of(project).filter(number__in=numbers, state__in=(ItemState.MADE, ItemState.DROPPED))
    return dict(rows.values_list("number", "state"))


def _judge(request: HttpRequest, project: Project, numbers: list[int], action: str) -> str:
    """Keep or drop these items, and offer to undo what changed. Why not, or an empty string."""
    before = _states(project, numbers)
    change = commands.keep if action == "keep" else commands.drop
    to = ItemState.MADE if action == "keep" else ItemState.DROPPED

    def judge() -> None:
        with transaction.atomic():
            for number in before:
                change(access.person(request), project.pk, number)

    if error := access.refusal(judge):
        return error
    changed = [(number, state) for number, state in before.items() if state != to]
    if changed:
        many = "1 image" if len(changed) == 1 else f"{len(changed)} images"
        undo.offer(
            request, f"{many} {'kept' if action == 'keep' else 'dropped'}.", "judge", [project.pk], items=changed
        )
    return ""


@login_required
@require_POST
def judge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep or drop every selected image (`act`, `numbers`); or lead to the page that remakes all flagged ones."""
    project = access.standing_project(request, public_id)
    action = request.POST.get("act", "")
    if action == "flagged":
        return redirect("remake-flagged", public_id)
    numbers = [int(n) for n in request.POST.getlist("numbers") if n.isascii() and n.isdecimal() and len(n) < 7]
    if action not in ("keep", "drop") or not numbers:
        messages.error(request, "Select one or more images first.")
    elif error := _judge(request, project, numbers, action):
        messages.error(request, error)
    return redirect("gate", public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remake_flagged(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET shows what remaking every flagged image costs, image by image; POST does it for exactly that.

    Each is its own remake, under a key made of the form's and its number: pressing twice remakes once."""
    project = access.standing_project(request, public_id)
    job = access.launch_job(project)
    owner, key = access.person(request), request.POST.get("key") or access.fresh_key()
    if not is_open(project, job):
        return redirect("project", public_id)
    rows = [i for i in job.items.filter(state__in=(ItemState.MADE, ItemState.DROPPED)) if i.flags]
    priced = [(item, gate_rules.remake_price(project, item)) for item in rows]
    total, notice = sum(price for _, price in priced), ""
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        confirmed = set(seen.split(","))
        if seen != _seen(priced) and gate_rules.remade(owner, _key(key, seen)) is None:
            notice = "Something changed since you opened this page. You haven't been charged. Check the price again."
        elif ledger.balance(owner.pk) < total:
            notice = f"This costs {total} credits, and you have {ledger.balance(owner.pk)}. Nothing was remade."
        else:
            # Pressed twice, only what is left of it is done.
            for item, price in ((i, p) for i, p in priced if _seen([(i, p)]) in confirmed):
                if reason := access.refusal(
                    lambda item=item, price=price: commands.remake(  # type: ignore[misc]
                        owner, public_id, item.number, idempotency_key=_key(key, str(item.number)), price=price
                    )
                ):
                    messages.error(request, f"Image {item.number}: {reason}")
            return redirect("gate", public_id)
    context = {
        "project": project,
        "priced": [{"item": i, "price": p, "flags": showing.flag_words(i.flags)} for i, p in priced],
        "free": sum(1 for _, price in priced if not price),
        "total": total,
        "balance": ledger.balance(owner.pk),
        "seen": _seen(priced),
        "key": access.fresh_key(),
        "notice": notice,
    }
    return render(request, "studio/gate_remake.html", context, status=409 if notice else 200)


def _key(key: str, number: str) -> str:
    return f"{key[:40]}:{number.partition(':')[0]}"


def _seen(priced: list[tuple[Item, int]]) -> str:
    """What a confirmation is held against: which images, each in which round, at which price."""
    return ",".join(f"{item.number}:{item.round}:{price}" for item, price in priced)


def _to_project(request: HttpRequest, project: Project) -> HttpResponse:
    address = reverse("project", args=[project.pk])
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(address)
    response = HttpResponse()
    response["HX-Redirect"] = address
    return response


@login_required
@require_POST
def keep(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    return _keep_or_drop(request, public_id, number, "keep")


@login_required
@require_POST
def drop(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    return _keep_or_drop(request, public_id, number, "drop")


def _keep_or_drop(request: HttpRequest, public_id: str, number: int, action: str) -> HttpResponse:
    """One image. A page that is loaded again offers to undo it; with htmx the page's own Undo does."""
    project = access.standing_project(request, public_id)
    before = _states(project, [number])
    change = commands.keep if action == "keep" else commands.drop
    answer = _act(request, public_id, number, lambda: change(access.person(request), public_id, number))
    after = _states(project, [number])
    if not request.htmx and before and after != before:  # type: ignore[attr-defined]
        words = f"Image {number} {'kept' if action == 'keep' else 'dropped'}."
        undo.offer(request, words, "judge", [public_id], items=list(before.items()))
    return answer


@login_required
@require_POST
def choose(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Keep another version of one image: the `round` the pressed button names."""
    given = request.POST.get("round", "")
    round_ = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else -1
    return _act(request, public_id, number, lambda: commands.choose(access.person(request), public_id, number, round_))


@login_required
@require_POST
def remake(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Remake one image, with the prompt as edited. The form's key makes two presses one charge.

    The price the seller saw is sent along; when it is no longer the price, nothing happens and the new one is shown.
    """
    project = access.standing_project(request, public_id)
    prompt = request.POST.get("prompt", "")
    key = request.POST.get("key") or access.fresh_key()

    def action() -> None:
        job = access.launch_job(project)
        item = job.items.filter(number=number).first()
        before = gate_rules.remade(access.person(request), key)
        # The first press may have made its edited words the item's own; the second must still say the same as the first.
        words = before["words"] if before else item.prompt if item else ""
        unedited = prompt.split() == words.split()
        edited = (before["prompt"] if before else None) if unedited else prompt
        price = queries.price_of_remake(project, number, edited)
        seen = request.POST.get("seen")
        if edited is not None:
            seen = request.POST.get("seen_edited", seen)
        if before is None and seen != str(price):
            raise InvalidSpec({"prompt": f"A remake of this image now costs {price} . Press Remake again to confirm."})
        commands.remake(
            access.person(request), public_id, number, prompt=edited, idempotency_key=key,
            confirm_trademarks=request.POST.get("confirm_trademarks") == "on",
        )  # fmt: skip

    return _act(request, public_id, number, action)
