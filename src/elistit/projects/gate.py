"""The approval gate: keep, drop, remake, approve (rules §8).

Keep and drop can be undone until the approval; money for dropped items moves only when the seller approves. A remake is
charged at once and given back if it fails. Nothing here calls a provider; `actions.commands` enqueues on commit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from elistit import names
from elistit.accounts.models import User
from elistit.credits import ledger, prices, quotes
from elistit.projects import changes, idempotency, rounds
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.idempotency import Action
from elistit.projects.models import Item, Job, JobKind, Project
from elistit.projects.products import IDEA_MAX
from elistit.projects.request_models import AcceptedRequest
from elistit.projects.states import ItemState, JobStatus, Stage

PRINT_PAID = "print_paid"
"""In an item's art: the print size a remake of a lost item was charged, which may differ from its quote's."""
OPEN = (Stage.AWAITING_APPROVAL, Stage.GENERATING)


def own_project(owner: User, public_id: str) -> Project:
    """The owner's project. Raises NotFound for another's, an unknown and a deleted one alike."""
    project = Project.objects.filter(pk=public_id, owner=owner).exclude(stage=Stage.DELETED).first()
    if project is None:
        raise NotFound("There is no such project.")
    return project


def launch_job(project: Project) -> Job:
    return project.jobs.get(kind=JobKind.LAUNCH)


def items_of(project: Project) -> QuerySet[Item]:
    """The items of a project. They belong to its launch; later jobs work on the same ones."""
    return Item.objects.filter(job__project=project, job__kind=JobKind.LAUNCH).order_by("number")


def model_of(project: Project, number: int) -> str:
    """The model that makes an item now: the project's, or the one that stepped in for it (rules §5.10)."""
    return items_of(project).values_list("model", flat=True).filter(number=number).first() or project.model


def maker_of(project: Project, item: Item) -> str:
    """The model that made the image that stands for an item."""
    return item.art.get("made_model") or project.model


def makers(project: Project) -> list[str]:
    """Every model that made an image of a project, the chosen one first."""
    made = {maker_of(project, i) for i in items_of(project).filter(state=ItemState.MADE)}
    return sorted(made, key=lambda code: (code != project.model, code)) or [project.model]


def _open_item(owner: User, public_id: str, number: int) -> tuple[Project, Job, Item]:
    """The item at the gate, its job held. Must run in a transaction."""
    project = own_project(owner, public_id)
    job = launch_job(project)
    held = changes.lock_job(job.pk, (JobStatus.WAITING, JobStatus.RUNNING))
    project.refresh_from_db()
    job.refresh_from_db()
    if not held or project.stage not in OPEN or job.gate_reached_at is None:
        raise NotPossible("This project isn't waiting for your approval.")
    item = job.items.filter(number=number).first()
    if item is None:
        raise NotFound("There is no such item.")
    return project, job, item


def keep(owner: User, public_id: str, number: int) -> None:
    """Keep an item, or take a drop back. Doing it twice changes nothing. Raises NotFound, NotPossible."""
    with transaction.atomic():
        _, job, item = _open_item(owner, public_id, number)
        if item.state == ItemState.MADE:
            return
        if not changes.move_item(job.pk, number, ItemState.MADE, [ItemState.DROPPED]):
            raise NotPossible(f"Item {number} has no image to keep.")


def drop(owner: User, public_id: str, number: int) -> None:
    """Leave an item out. What comes back for it comes at approval (see `refund_on_approval`). Undone by `keep`."""
    with transaction.atomic():
        _, job, item = _open_item(owner, public_id, number)
        if item.state == ItemState.DROPPED:
            return
        if not changes.move_item(job.pk, number, ItemState.DROPPED, [ItemState.MADE]):
            raise NotPossible(f"Item {number} has no image to drop.")


def remake_price(project: Project, item: Item, prompt: str | None = None) -> int:
    """Credits a remake of this item costs now, with its prompt unchanged or with `prompt`: 0 when our own check flagged it
    and a free remake is left (`rounds.is_free`); the whole item price when it was lost and refunded; else the generation
    alone (rules §7, §8)."""
    return 0 if rounds.is_free(item, prompt) else prices.item_price(_remake_lines(project, item))


def _remake_lines(project: Project, item: Item) -> list[prices.Line]:
    return prices.remake_lines(project.model, lost=item.state in (ItemState.BLOCKED, ItemState.FAILED))


def shows(item: Item) -> str:
    """What an item is taken to show while nothing says what was drawn: its brief's words, or after a remake with other words
    theirs, up to the first comma. The built-in artist's drawings say it themselves (`pipeline.settling`)."""
    text = item.art.get("remake_prompt")
    if not text or text == item.art.get("prompt_before"):
        return item.subject
    head = re.split(r"[,;.:(]", text, maxsplit=1)[0].strip()
    return names.cut(re.sub(r"^(an?|the) ", "", head, flags=re.IGNORECASE).strip(), 60) or item.subject


def remake(
    owner: User,
    public_id: str,
    number: int,
    *,
    prompt: str | None,
    idempotency_key: str,
    price: int | None = None,
    named: Sequence[dict[str, Any]] = (),
) -> tuple[int, bool]:
    """Remake an item, with the same or an edited prompt. The item's new round, and whether this call asked for it.

    It is made with the project's own model, no matter who made it before. Charged at once (see `remake_price`); with `price`, exactly
    that or not at all (InvalidSpec). `named` are protected names in the prompt that the seller confirmed; they are kept with the
    project. The same key again answers the round it asked for then, whatever came in between. The
    image made before is kept until the new one is there. Raises NotFound, NotPossible, InvalidSpec, InsufficientCredits, and
    IdempotencyConflict when the key came before with another item or prompt or for another action.
    """
    text = None if prompt is None else names.one_line(prompt)

    def ask(request: AcceptedRequest) -> dict[str, Any]:
        if text is not None and not 0 < len(text) <= IDEA_MAX:
            raise InvalidSpec({"prompt": f"A prompt has 1 to {IDEA_MAX:,} characters."})
        project, job, item = _open_item(owner, public_id, number)
        if price is not None and price != (costs := remake_price(project, item, text)):
            raise InvalidSpec({"price": f"This remake costs {costs} credits, not {price}."})
        if named:
            kept = [*(project.trademarks or []), *({**n, "item": number, "round": item.round + 1} for n in named)]
            Project.objects.filter(pk=project.pk).update(trademarks=kept)
        return _ask_again(owner, project, job, item, text, request)

    body = {"project": public_id, "item": number, "prompt": text, **({} if price is None else {"price": price})}
    accepted = idempotency.accept(
        owner.pk, idempotency_key, Action.REMAKE, body, ask,
        before=lambda key: _asked_before(owner, public_id, number, text, key),
    )  # fmt: skip
    return accepted.answer["round"], not accepted.replayed


def _ask_again(
    owner: User, project: Project, job: Job, item: Item, text: str | None, request: AcceptedRequest
) -> dict[str, Any]:
    """Charge and begin a remake of an item whose job is held. What the request answers: where, which round, which words."""
    if item.state == ItemState.PENDING:
        raise NotPossible(f"Item {item.number} is already being made.")
    charge, free, round_ = remake_price(project, item, text), rounds.is_free(item, text), item.round + 1
    if charge:
        posting = ledger.spend(
            owner.pk, charge, job=job.pk, project=project.pk, item=item.number,
            idempotency_key=f"item:{job.pk}:{item.number}:{round_}:charge",
            reason=f"Remake of item {item.number}", actor=owner.reference,
        )  # fmt: skip
        idempotency.charged(request, posting)
    art = {**item.art, "remake_key": request.key, "remake_prompt": text, "prompt_before": item.prompt}
    if charge and item.state in (ItemState.BLOCKED, ItemState.FAILED):
        art[PRINT_PAID] = prices.print_price(prices.remake_lines(project.model, lost=True))
    prints = 0 if free else prices.print_price(_remake_lines(project, item))
    rounds.ask(item, text, charged=charge, print_size=prints, free=free)
    Item.objects.filter(pk=item.pk).update(
        state=ItemState.PENDING, state_before=item.state, round=round_, price=item.price + charge, remake_price=charge,
        model="", prompt=text or item.prompt, reason="", art=art,
    )  # fmt: skip
    if project.stage == Stage.AWAITING_APPROVAL:
        changes.move_stage(project.pk, Stage.GENERATING)
        changes.move_job(job.pk, JobStatus.RUNNING)
    return {
        "project": project.pk, "job": job.pk, "item": item.number, "round": round_, "prompt": text,
        "words": text or item.prompt,
    }  # fmt: skip


def _asked_before(owner: User, public_id: str, number: int, text: str | None, key: str) -> dict[str, Any] | None:
    """The answer of a remake's key from before there were accepted requests, while it is the item's last one."""
    item = Item.objects.filter(
        job__project=public_id, job__project__owner=owner, job__kind=JobKind.LAUNCH, number=number
    ).first()
    if item is None or item.art.get("remake_key") != key:
        return None
    if item.art.get("remake_prompt") != text:
        raise ledger.IdempotencyConflict(key)
    return {"project": public_id, "job": item.job_id, "item": number, "round": item.round, "prompt": text}


def remade(owner: User, key: str) -> dict[str, Any] | None:
    """What a remake under this key was answered: its `prompt` as it was asked for (None: unchanged) and the `words` it was
    made with. None when the key stands for no remake."""
    row = idempotency.find(owner.pk, key)
    return dict(row.answer) if row is not None and row.act == Action.REMAKE else None


def choose(owner: User, public_id: str, number: int, round_: int) -> None:
    """Keep another version of an item: the image that round made, with its prompt and flags. A dropped item is kept then.

    Free, and open until the approval. Choosing the chosen one changes nothing. Raises NotFound; NotPossible while the item
    is being made, and for a round that made nothing or whose price came back.
    """
    with transaction.atomic():
        _, job, item = _open_item(owner, public_id, number)
        if item.state not in (ItemState.MADE, ItemState.DROPPED):
            raise NotPossible(f"Item {number} has no version to choose now.")
        if not rounds.choose(item, round_):
            raise NotPossible(f"Item {number} has no version {round_ + 1} to keep.")
        changes.move_item(job.pk, number, ItemState.MADE, [ItemState.DROPPED])
        Project.objects.filter(pk=public_id).update(
            searchable_at=None
        )  # its subject may be another (`projects.finding`)


@dataclass(frozen=True)
class Returning:
    """What comes back when a project is approved now, in credits by item number: the price of orders our own check flagged and
    of which nothing is kept, and the print size of dropped items. `orders` are the rounds that were paid for the former."""

    flagged: dict[int, int]
    print_size: dict[int, int]
    due: dict[int, rounds.Due]

    @property
    def total(self) -> int:
        return sum(self.flagged.values()) + sum(self.print_size.values())


def refund_on_approval(job: Job) -> Returning:
    """What comes back at approval (rules §5.5, §8): the flagged orders of which nothing is kept, and for dropped items the
    print size, since nothing of them is enlarged. Earlier good rounds stay paid."""
    items = list(job.items.filter(state__in=[ItemState.MADE, ItemState.DROPPED], price__gt=0))
    made = rounds.of_job(job, items)
    due = {i.number: d for i in items if (d := rounds.due_at_approval(i, made[i.number])).orders}
    quoted = prices.print_price(quotes.lines_of(job.quote))
    print_size: dict[int, int] = {}
    for item in items:
        flagged = due.get(item.number, rounds.NOTHING)
        left = min(item.price - flagged.credits, item.art.get(PRINT_PAID, quoted) - flagged.print_size)
        if item.state == ItemState.DROPPED and left > 0:
            print_size[item.number] = left
    return Returning({n: d.credits for n, d in due.items() if d.credits}, print_size, due)


def _return_unkept(owner: User, job: Job, back: Returning) -> None:
    """Post what comes back at approval: a row for each item with flagged orders, one row for the print size of all dropped."""
    items = {i.number: i for i in job.items.filter(number__in=list({**back.due, **back.print_size}))}
    for number, amount in back.flagged.items():
        ledger.refund(
            owner.pk, job=job.pk, project=job.project_id, item=number, amount=amount,
            idempotency_key=f"item:{job.pk}:{number}:dropped", reason=_flagged_reason(items[number], back.due[number]),
        )  # fmt: skip
    if back.print_size:
        ledger.refund(
            owner.pk, job=job.pk, project=job.project_id, amount=sum(back.print_size.values()),
            idempotency_key=f"job:{job.pk}:print-size", reason=_print_size_reason(list(back.print_size)),
        )  # fmt: skip
    for number, item in items.items():
        if number in back.due:
            rounds.give_back(item, back.due[number])
        returned = back.flagged.get(number, 0) + back.print_size.get(number, 0)
        Item.objects.filter(pk=item.pk).update(price=item.price - returned)


def _flagged_reason(item: Item, due: rounds.Due) -> str:
    if item.state == ItemState.DROPPED:
        return f"Item {item.number} was dropped after our own check had flagged it"
    count = len(due.orders)
    return f"Item {item.number}: {count} flagged remake{'' if count == 1 else 's'} not kept"


def _print_size_reason(numbers: list[int]) -> str:
    named = ", ".join(str(n) for n in numbers)
    if len(numbers) == 1:
        return f"Print size of 1 dropped image (item {named}): it isn't enlarged"
    return f"Print size of {len(numbers)} dropped images (items {named}): they aren't enlarged"


def approve(owner: User, public_id: str) -> tuple[Job, bool]:
    """Go on with the kept items. The job, and whether this call was the one that approved.

    Approving what is approved already changes nothing. What dropped items return (see `refund_on_approval`) is
    posted here. Raises NotFound; NotPossible while something is being made or when nothing is kept.
    """
    with transaction.atomic():
        project = own_project(owner, public_id)
        job = launch_job(project)
        if not changes.lock_job(job.pk, (JobStatus.WAITING,)):
            # Read again: the one that was faster has moved both since we looked.
            job.refresh_from_db()
            project.refresh_from_db()
            if job.gate_reached_at and project.stage in (
                Stage.PROCESSING,
                Stage.DELIVERING,
                Stage.LISTING,
                Stage.DRAFTING,
                Stage.COMPLETED,
            ):
                return job, False
            if project.stage == Stage.GENERATING and job.gate_reached_at:
                raise NotPossible("An image is still being remade. Approve when it is ready.")
            raise NotPossible("This project isn't waiting for your approval.")
        if not job.items.filter(state=ItemState.MADE).exists():
            raise NotPossible("Keep at least one image, or delete the project.")
        _return_unkept(owner, job, refund_on_approval(job))
        if not (
            changes.move_stage(project.pk, Stage.PROCESSING, [Stage.AWAITING_APPROVAL])
            and changes.move_job(job.pk, JobStatus.RUNNING)
        ):
            raise NotPossible("This project isn't waiting for your approval.")
        return job, True
