"""The approval gate: keep, drop, remake, approve (rules §8).

Keep and drop can be undone until the approval; money for dropped items moves only when the seller approves. A remake is
charged at once and given back if it fails. Nothing here calls a provider; `actions.commands` enqueues on commit.
"""

from __future__ import annotations

import dataclasses
import re

from django.db import transaction
from django.db.models import QuerySet

from elistit.accounts.models import User
from elistit.credits import ledger, prices
from elistit.projects import changes, rounds
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Item, Job, JobKind, Project
from elistit.projects.products import IDEA_MAX
from elistit.projects.states import ItemState, JobStatus, Stage

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
    """The model that made the picture that stands for an item."""
    return item.art.get("made_model") or project.model


def makers(project: Project) -> list[str]:
    """Every model that made a picture of a project, the chosen one first."""
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
        raise NotPossible("This project is not waiting for your approval.")
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
            raise NotPossible(f"Item {number} has no picture to keep.")


def drop(owner: User, public_id: str, number: int) -> None:
    """Leave an item out. Refunded at approval only when our own check flagged it (rules §8). Undone by `keep`."""
    with transaction.atomic():
        _, job, item = _open_item(owner, public_id, number)
        if item.state == ItemState.DROPPED:
            return
        if not changes.move_item(job.pk, number, ItemState.DROPPED, [ItemState.MADE]):
            raise NotPossible(f"Item {number} has no picture to drop.")


def remake_price(project: Project, item: Item, prompt: str | None = None) -> int:
    """Credits a remake of this item costs now, with its prompt unchanged or with `prompt`: 0 when our own check flagged it
    and a free remake is left (`rounds.is_free`); the whole item price when it was lost and refunded; else the generation
    alone (rules §7, §8)."""
    return 0 if rounds.is_free(item, prompt) else prices.item_price(_remake_lines(project, item))


def _remake_lines(project: Project, item: Item) -> list[prices.Line]:
    return prices.remake_lines(project.model, lost=item.state in (ItemState.BLOCKED, ItemState.FAILED))


def shows(item: Item) -> str:
    """What an item shows, in a few words: its brief's, or after a remake with other words theirs, up to the first comma."""
    text = item.art.get("remake_prompt")
    if not text or text == item.art.get("prompt_before"):
        return item.subject
    head = re.split(r"[,;.:(]", text, maxsplit=1)[0].strip()
    return re.sub(r"^(an?|the) ", "", head, flags=re.IGNORECASE)[:60].strip() or item.subject


def remake(owner: User, public_id: str, number: int, *, prompt: str | None, idempotency_key: str) -> int:
    """Have an item made again, with the same or an edited prompt. Answers the item's new round.

    It is made with the project's own model, whoever made it before. Charged at once (see `remake_price`) with the seller's
    key: the same key again changes nothing. The picture made before is kept until the new one is there. Raises NotFound,
    NotPossible, InvalidSpec, InsufficientCredits, and IdempotencyConflict when the key came before with another prompt.
    """
    text = None if prompt is None else " ".join(prompt.split())
    if text is not None and not 0 < len(text) <= IDEA_MAX:
        raise InvalidSpec({"prompt": f"A prompt has 1 to {IDEA_MAX:,} characters."})
    if not 0 < len(idempotency_key.strip()) <= 60:
        raise InvalidSpec({"idempotency_key": "An idempotency key has 1 to 60 characters."})
    with transaction.atomic():
        project, job, item = _open_item(owner, public_id, number)
        if item.art.get("remake_key") == idempotency_key:
            if item.art.get("remake_prompt") != text:
                raise ledger.IdempotencyConflict(idempotency_key)
            return item.round
        if item.state == ItemState.PENDING:
            raise NotPossible(f"Item {number} is being made already.")
        charge, free = remake_price(project, item, text), rounds.is_free(item, text)
        if charge:
            ledger.spend(
                owner.pk, charge, job=job.pk, project=project.pk, item=number, idempotency_key=f"item:{job.pk}:{number}:{item.round + 1}:charge",
                reason=f"Remake of item {number} of “{project.name}”", actor=owner.email,
            )  # fmt: skip
        lines = [] if free else [dataclasses.asdict(line) for line in _remake_lines(project, item)]
        rounds.ask(item, text, charged=charge, print_size=prices.print_size(lines), free=free)
        Item.objects.filter(pk=item.pk).update(
            state=ItemState.PENDING,
            state_before=item.state,
            round=item.round + 1,
            price=item.price + charge,
            remake_price=charge,
            model="",
            prompt=text or item.prompt,
            reason="",
            art={
                **item.art,
                "remake_key": idempotency_key,
                "remake_prompt": text,
                "prompt_before": item.prompt,
            },
        )
        if project.stage == Stage.AWAITING_APPROVAL:
            changes.move_stage(project.pk, Stage.GENERATING)
            changes.move_job(job.pk, JobStatus.RUNNING)
        return item.round + 1


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


def refund_on_approval(job: Job) -> dict[int, rounds.Due]:
    """What comes back at approval by item number: the orders our own check flagged of which nothing is kept (rules §8)."""
    items = list(job.items.filter(state__in=[ItemState.MADE, ItemState.DROPPED]))
    made = rounds.of_job(job, items)
    found = {item.number: rounds.due_at_approval(item, made[item.number]) for item in items}
    return {number: due for number, due in found.items() if due.orders}


def _return_flagged(owner: User, project: Project, job: Job) -> None:
    due = refund_on_approval(job)
    for item in job.items.filter(number__in=list(due)):
        back = due[item.number]
        if back.credits:
            ledger.refund(
                owner.pk, job=job.pk, project=project.pk, item=item.number, amount=back.credits,
                idempotency_key=f"item:{job.pk}:{item.number}:dropped", reason=_returned(item, back),
            )  # fmt: skip
        rounds.give_back(item, back)
        Item.objects.filter(pk=item.pk).update(price=item.price - back.credits)


def _returned(item: Item, back: rounds.Due) -> str:
    if item.state == ItemState.DROPPED:
        return f"Item {item.number} was dropped after our own check had flagged it"
    count = len(back.orders)
    return f"Item {item.number}: {count} flagged remake{'' if count == 1 else 's'} not kept"


def approve(owner: User, public_id: str) -> tuple[Job, bool]:
    """Go on with the kept items. The job, and whether this call was the one that approved.

    Approving what is approved already changes nothing. Dropped items our check flagged are refunded here, each with its
    own row. Raises NotFound; NotPossible while something is being made or when nothing is kept.
    """
    with transaction.atomic():
        project = own_project(owner, public_id)
        job = launch_job(project)
        if not changes.lock_job(job.pk, (JobStatus.WAITING,)):
            # Read again: whoever was faster has moved both since we looked.
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
                raise NotPossible("An item is still being remade. Approve when it is there.")
            raise NotPossible("This project is not waiting for your approval.")
        if not job.items.filter(state=ItemState.MADE).exists():
            raise NotPossible("Keep at least one item, or delete the project.")
        _return_flagged(owner, project, job)
        if not (
            changes.move_stage(project.pk, Stage.PROCESSING, [Stage.AWAITING_APPROVAL])
            and changes.move_job(job.pk, JobStatus.RUNNING)
        ):
            raise NotPossible("This project is not waiting for your approval.")
        return job, True
