"""A person's traces in every table: leaving them, finding them, and letting an erasure pass over them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection

from elistit import ports
from elistit.accounts import links
from elistit.accounts.data_models import DataExport
from elistit.accounts.models import ApiKey, User
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.chain.models import Attempt, ProviderCall, ProviderPause
from elistit.credits.models import CreditTransaction
from elistit.delivery.models import DriveCopy, FilesAgain, PrintDraft
from elistit.listings.models import EtsyShop, SellerKeyword
from elistit.maintenance.own_data import ending
from elistit.projects import organizing
from elistit.projects.models import Job, Listing, Project, ProjectFile, Scene, Upload
from elistit.support import actions
from elistit.support.models import HelpRequest, MailPreference, SentMail
from tests.conformance.conftest import World

MAIL, NAME = "rosalind.quill@example.com", "Rosalind Quill"


DAY = dt.timedelta(days=1)


def leave_traces(world: World, project: Project) -> None:
    """Put the person's name and address wherever words can be."""
    owner, job = world.user, world.job(project)
    words = f"For {NAME} <{MAIL}>"
    Project.objects.filter(pk=project.pk).update(
        name=f"{NAME}’s foxes", idea=words, options={"mood": words}, words={"front": words}, brief={"title": words},
        trademarks=[{"name": NAME, "reason": words}], searchable_at=None,
    )  # fmt: skip
    PrintDraft.objects.create(
        reference=ports.new_id(), owner=owner, project=project.pk, file=1, file_name="x.jpg", product="x", size="x", dpi=150,
        destination={"city": words}, address={"email": MAIL, "last_name": NAME}, price="1", currency="USD", shipping=[],
        state="draft", order_id="x", sends=1, link_until=ports.now(), reason=words,
    )  # fmt: skip
    job.items.update(prompt=words, subject=NAME, reason=words, art={"remake_prompt": words, "made_round": 0})
    for item in job.items.all():
        item.rounds.update(prompt=words, subject=NAME, art={"caption": words})
    Job.objects.filter(pk=job.pk).update(failure_reason=words, idempotency_key=f"{MAIL}:{job.pk}")
    Attempt.objects.filter(job=job).update(reason=words, detail=words)
    facts = {"detail": words, "answer": {"prompt": words}, "news": {"a": words}, "state": "answered", "outcome": "made"}
    ProviderCall.objects.create(
        key=f"call-{job.pk}", job=job, provider="p", model="m", answered_at=ports.now(), **facts
    )
    said = {"title": words, "tags": [NAME], "description": words, "notes": [{"code": "x", "words": words}]}
    Listing.objects.update_or_create(project=project, defaults=said)
    ProjectFile.objects.filter(project=project).update(name=f"{NAME}.png")
    organizing.add_label(owner, [project.pk], NAME)
    Scene.objects.create(owner=owner, name=f"{NAME}’s wall", path="scenes/a", preview="scenes/b", width=9, height=9)
    image = {"kind": "png", "path": "uploads/a.png", "width": 9, "height": 9, "bytes": 1, "alpha": True}
    Upload.objects.create(owner=owner, name=f"{NAME}.png", preview="uploads/p.webp", **image)
    ApiKey.issue(owner, f"key of {NAME}")
    EtsyShop.objects.create(
        owner=owner, shop_id=1, shop_name=NAME, access_token=b"", refresh_token=b"", expires_at=ports.now()
    )
    SellerKeyword.objects.create(owner=owner, term=NAME, key=NAME.lower())
    DriveCopy.objects.create(project=project.pk, owner=owner, reason=words)
    FilesAgain.objects.create(project=project.pk, round=1, actor=MAIL, words=words, state="done")
    hook = WebhookEndpoint.objects.create(owner=owner, url=f"https://example.com/{MAIL}", secret="x")
    body = json.dumps({"name": words})
    WebhookDelivery.objects.create(endpoint=hook, event="x", occasion="o", project=project.pk, body=body)
    HelpRequest.objects.create(person=owner, project=project.pk, expected=words, facts=words, activity=words)
    SentMail.objects.create(key="done:1", kind="done", person=owner, project=project.pk, trouble=words)
    MailPreference.objects.create(person=owner, off=["done"])
    ProviderPause.objects.create(provider="p", reason="Paused", detail=f"{MAIL}: out of money")
    Authenticator.objects.create(user=owner, type="totp", data={"secret": "sealed"})
    DataExport.objects.create(owner=owner)
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    actions.goodwill(olga, owner, 5, reason=f"{NAME} wrote to us", key=ports.new_id(), project=project.pk)
    mail = Path(settings.DATA_DIR) / "mail"
    mail.mkdir(exist_ok=True)
    (mail / "one.log").write_text(f"To: {MAIL}\n\nHello")
    (mail / "two.log").write_text("To: somebody.else@example.com\n\nHello")
    links.make_link(owner)


def everywhere(*words: str) -> list[str]:
    """Where in the database any of the words is, in any case: every column of every table, the engine's too."""
    quote, found = connection.ops.quote_name, []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                for word in words:
                    cursor.execute(
                        f"SELECT COUNT(*) FROM {quote(table)} WHERE LOWER(CAST({quote(column.name)} AS TEXT)) LIKE %s",
                        [f"%{word.lower()}%"],
                    )
                    if cursor.fetchone()[0]:
                        found.append(f"{table}.{column.name}: {word}")
    return found


def books(owner: User) -> list[tuple[Any, ...]]:
    rows = CreditTransaction.objects.filter(account__owner=owner).order_by("seq")
    return list(
        rows.values_list("id", "seq", "type", "amount", "balance_after", "job", "project", "item", "created_at")
    )


def pass_on(world: World, days: float, passes: int = 4) -> None:
    world.clock.advance(days * 86_400)
    for _ in range(passes):
        ending.run_due()
        world.clock.advance(ending.SETTLE.total_seconds() + 1)
