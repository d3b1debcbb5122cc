"""A small town of two sellers with one job of every fate, whose books are right: what the auditor is shown."""

from __future__ import annotations

import hashlib

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import ledger, prices, quotes
from elistit.credits.models import Plan
from elistit.payments.models import Payment, Subscription
from elistit.projects.models import Item, ItemRound, Job, Listing, Project, ProjectFile
from elistit.projects.request_models import AcceptedCharge, AcceptedRequest

Town = dict[str, Job]


def launch(owner: int, name: str, *, status: str = "SUCCEEDED", text: str = "written", count: int = 3) -> Job:
    """A project as the launch would have written it, with its items, charge, listing, one file and one provider call."""
    lines = prices.quote_lines("clipart", "builtin/watercolor", count)
    quote = quotes.freeze(owner, "clipart", "builtin/watercolor", count, lines)
    project = Project.objects.create(
        owner_id=owner, name=name, product="clipart", idea="foxes", ratio="1:1", count=count, model=quote.model, seed=1
    )
    job = Job.objects.create(
        project=project, quote=quote, idempotency_key=f"launch:{name}", request_digest="", status=status,
        ended_at=ports.now(), gate_reached_at=ports.now(),
    )  # fmt: skip
    for number in range(1, count + 1):
        Item.objects.create(job=job, number=number, state="made", price=1)
    Listing.objects.create(project=project, text=text)
    for number in range(1, count + 1):
        ProjectFile.objects.create(
            project=project, job=job, item=number, role="image", name=f"{number}.png", path=f"{name}/{number}.png", bytes=3,
            sha256=hashlib.sha256(b"one").hexdigest(),
        )  # fmt: skip
    ProviderCall.objects.create(
        key=f"call:{name}", job=job, provider="builtin", model=quote.model, state="answered", outcome="made",
        answered_at=ports.now(),
    )  # fmt: skip
    charge = ledger.spend(
        owner,
        quote.total,
        job=job.pk,
        project=project.pk,
        idempotency_key=f"spend:{name}",
        reason=f"{name}, {count} images",
    )
    accepted(job, f"key:{name}", "launch", charge)
    return job


def accepted(job: Job, key: str, act: str, charge: ledger.Posting) -> None:
    """The request a charge was accepted under."""
    request = AcceptedRequest.objects.create(
        owner_id=job.project.owner_id,
        key=key,
        act=act,
        digest="0" * 64,
        answer={"project": job.project_id, "job": job.pk},
    )
    AcceptedCharge.objects.create(request=request, posting=charge.id)


def give_back(job: Job, key: str, amount: int | None = None, item: int | None = None) -> None:
    owner = job.project.owner_id
    ledger.refund(
        owner, job=job.pk, project=job.project_id, idempotency_key=key, reason="Returned", amount=amount, item=item
    )


def drafted(job: Job, number: int = 1) -> None:
    """A try of the job made a draft, and the listing names it."""
    Attempt.objects.create(job=job, stage="drafting", number=number, outcome="made", ended_at=ports.now())
    Listing.objects.filter(project=job.project_id).update(draft="created", draft_id=f"1{number}", draft_url="https://e")


def booked(payment: Payment) -> None:
    ledger.grant(
        payment.owner_id, payment.credits, source="pack-100", idempotency_key=f"stripe:{payment.pk}", reason="Pack",
        type="PURCHASE_CREDIT",
    )  # fmt: skip


def build(owner: int, clock: ports.FixedClock) -> Town:
    """Two sellers and one job of every fate."""
    other = User.objects.create_user("other@example.com").pk
    ends = ports.now() + ports.dt.timedelta(days=10)
    ledger.grant(owner, 40, source="plan", idempotency_key="g1", reason="Allowance", expires_at=ends)
    ledger.grant(owner, 100, source="pack", idempotency_key="g2", reason="Pack", type="PURCHASE_CREDIT")
    ledger.grant(other, 30, source="trial", idempotency_key="g3", reason="Trial")
    jobs = {
        "good": launch(owner, "good"),
        "item lost": launch(owner, "item lost"),
        "failed": launch(owner, "failed", status="FAILED"),
        "cancelled": launch(owner, "cancelled", status="CANCELLED"),
        "no listing": launch(owner, "no listing", text="failed"),
        "running": launch(other, "running", status="RUNNING"),
    }
    for fate in ("failed", "cancelled"):
        Attempt.objects.create(job=jobs[fate], stage="generating", item=1, outcome="stopped", ended_at=ports.now())
    Attempt.objects.create(job=jobs["running"], stage="generating", item=1)
    Item.objects.filter(job=jobs["item lost"], number=2).update(state="blocked")
    give_back(jobs["item lost"], "lost-2", 1, item=2)
    Item.objects.filter(job=jobs["item lost"], number=3).update(round=1)
    remake = ledger.spend(
        owner, 1, job=jobs["item lost"].pk, project=jobs["item lost"].project_id, idempotency_key="remake", reason="Remake",
        item=3,
    )  # fmt: skip
    accepted(jobs["item lost"], "key:remake", "remake", remake)
    give_back(jobs["no listing"], "no-listing", 2)
    Item.objects.filter(job=jobs["no listing"], number=1).update(state="dropped", flags=[{"code": "halo"}])
    give_back(jobs["no listing"], "flagged", 1, item=1)
    Item.objects.filter(job=jobs["no listing"], number=2).update(state="dropped")
    for item in jobs["no listing"].items.all():
        ItemRound.objects.create(
            item=item, number=0, order=0, state="made", charged=1, flags=item.flags, returned=item.number == 1
        )
    drafted(jobs["item lost"])
    pack = Payment.objects.create(
        owner_id=owner, kind="top_up", code="pack-100", credits=100, price_cents=800, state="paid"
    )
    booked(pack)
    Plan.objects.create(owner_id=other, code="grow", renews_at=ports.now() + ports.dt.timedelta(30), paid_by="stripe")
    Subscription.objects.create(owner_id=other, subscription="sub_1", code="grow", told_at=ports.now())
    clock.advance(11 * 86400)
    give_back(jobs["failed"], "failed")  # Its grant has ended: comes back as a new one.
    ledger.expire_due()
    ledger.adjust(owner, -3, reason="Booked twice", actor="ann", idempotency_key="a")
    return jobs
