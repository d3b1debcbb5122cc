"""An erased account: nothing in any table names the person, the books are whole, and nobody else loses anything."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import Error, connection, transaction
from django.test import Client

from elistit import ports
from elistit.accounts import links
from elistit.accounts.data_models import DataExport, Erasure
from elistit.accounts.models import ApiKey, User
from elistit.actions import commands
from elistit.api.models import WebhookDelivery, WebhookEndpoint
from elistit.chain.models import Attempt, ProviderCall, ProviderPause
from elistit.credits import audit, erasing, ledger, plans, statement
from elistit.credits.models import CreditTransaction, Plan
from elistit.delivery.models import DriveCopy, FilesAgain, PrintDraft
from elistit.delivery.store import open_store
from elistit.listings.models import EtsyShop, SellerKeyword
from elistit.maintenance.own_data import asking, ending, register
from elistit.ports import FixedClock, Kind
from elistit.projects import organizing
from elistit.projects.errors import NotPossible
from elistit.projects.models import Job, Listing, Project, ProjectFile, Scene, Upload
from elistit.projects.states import JobStatus, Stage
from elistit.runtime import engine
from elistit.support import acts, trials
from elistit.support.models import HelpRequest, MailPreference, SentMail
from tests.conformance.conftest import World

pytestmark = pytest.mark.django_db

MAIL, NAME = "rosalind.quill@example.com", "Rosalind Quill"
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    clock = FixedClock()
    with ports.use_clock(clock):
        yield clock


@pytest.fixture
def world(transactional_db: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock)
    monkeypatch.setattr(engine, "queue", world.engine)
    return world


@pytest.fixture
def rosalind(world: World) -> Iterator[User]:
    """A seller with something of theirs in every place a person can leave something."""
    world.user.email = MAIL
    world.user.save()
    EmailAddress.objects.filter(user=world.user).update(email=MAIL)
    return world.user


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
    acts.goodwill(olga, owner, 5, reason=f"{NAME} wrote to us", key=ports.new_id(), project=project.pk)
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


def test_nothing_names_an_erased_person_and_the_books_are_whole(world: World, rosalind: User) -> None:
    plans.start_trial(rosalind)
    project = world.to_end()
    leave_traces(world, project)
    # A row as the version before wrote it: an address and a name in the books.
    ledger.grant(rosalind.pk, 3, source="operator", idempotency_key="old-grant", reason=f"For “{NAME}”", actor=MAIL)
    assert audit.run()["ok"], [c for c in audit.run()["checks"] if not c["ok"]]
    before, balance = books(rosalind), ledger.balance(rosalind.pk)
    assert everywhere(MAIL, NAME)
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    erasure = Erasure.objects.get()
    assert erasure.ended_at is not None and erasure.waits_for == ""
    assert everywhere(MAIL, NAME, "rosalind") == []
    assert books(rosalind) == before and ledger.balance(rosalind.pk) == balance
    found = audit.run()
    assert found["ok"], [c for c in found["checks"] if not c["ok"]]
    assert statement.verify(statement.export(rosalind.pk)) == []
    names = {path.name for path in (Path(settings.DATA_DIR) / "mail").glob("*.log")}
    assert names & {"one.log", "two.log"} == {"two.log"}
    person = User.objects.get(pk=rosalind.pk)
    assert not person.is_active and person.email.endswith("@erased.invalid") and not person.has_usable_password()
    assert Project.objects.get(pk=project.pk).stage == Stage.DELETED and not ApiKey.objects.filter(user=person).exists()


def test_rows_that_name_nobody_keep_their_hashes(world: World, rosalind: User) -> None:
    project = world.to_end()
    rows = CreditTransaction.objects.filter(account__owner=rosalind).order_by("seq")
    hashes = list(rows.values_list("hash", flat=True))
    assert not any("@" in row.actor or project.name in row.reason for row in rows)
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    assert Erasure.objects.get().ended_at and list(rows.values_list("hash", flat=True)) == hashes


def test_rows_after_one_whose_words_go_get_the_hash_of_what_comes_before_them(world: World, rosalind: User) -> None:
    ledger.grant(rosalind.pk, 3, source="operator", idempotency_key="typed", reason="A gift", actor=MAIL)
    ledger.grant(rosalind.pk, 2, source="trial", idempotency_key="plain", reason="Credits granted")
    rows = CreditTransaction.objects.filter(account__owner=rosalind).order_by("seq")
    last = rows.last()
    assert last is not None
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    after = rows.get(pk=last.pk)
    assert (after.reason, after.hash != last.hash) == (last.reason, True)
    assert statement.verify(statement.export(rosalind.pk)) == []


def test_a_person_without_an_account_has_no_words_in_the_books(db: None) -> None:
    nobody = User.objects.create_user("nobody@example.com")
    assert erasing.forget_words(nobody.pk, lambda text: True) == 0


def test_an_erased_person_gets_no_second_trial(world: World, rosalind: User) -> None:
    had = trials.start(rosalind)
    assert had
    EmailAddress.objects.create(user=rosalind, email="second.address@example.com", verified=True)
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    assert everywhere("second.address") == []
    for address in (MAIL, "Rosalind.Quill+again@example.com", "second.address@example.com"):
        again = User.objects.create_user(address)
        assert not trials.start(again) and ledger.balance(again.pk) == 0


def test_it_can_be_withdrawn_until_it_begins_and_not_after(world: World, rosalind: User) -> None:
    asked = asking.request_erasure(rosalind)
    assert asking.request_erasure(rosalind).pk == asked.pk and asked.due_at == ports.now() + 7 * DAY
    pass_on(world, 6.9, passes=1)
    rosalind.refresh_from_db()
    assert rosalind.is_active and asking.withdraw_erasure(rosalind) and not asking.withdraw_erasure(rosalind)
    pass_on(world, 30)
    assert User.objects.get(pk=rosalind.pk).email == MAIL
    asking.request_erasure(rosalind)
    pass_on(world, 7.01, passes=1)
    with pytest.raises(NotPossible):
        asking.withdraw_erasure(rosalind)


def test_running_work_ends_first_and_what_fails_is_refunded(world: World, rosalind: User) -> None:
    world.fails("generating", 0, Kind.REJECTED)
    for number in range(1, 16):
        world.fails("generating", number, Kind.REJECTED)
    project = world.launch()
    asking.request_erasure(rosalind)
    pass_on(world, 7.01, passes=2)
    erasure = Erasure.objects.get()
    assert erasure.waits_for == ending.RUNS and erasure.stopped_at is None
    assert not User.objects.get(pk=rosalind.pk).is_active and Project.objects.get(pk=project.pk).stage == Stage.QUEUED
    world.engine.run()
    assert world.job(project).status == JobStatus.FAILED and world.balance() == 100
    pass_on(world, 0)
    assert Erasure.objects.get().ended_at and audit.run()["ok"] and world.balance() == 100


def test_a_project_that_waits_for_its_seller_ends_as_if_they_had_deleted_it(world: World, rosalind: User) -> None:
    project = world.to_gate()
    loss = asking.Loss(rosalind)
    assert (loss.projects, loss.waiting, loss.balance) == (1, 17, 83)
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    assert world.job(project).status == JobStatus.CANCELLED and world.balance() == 83
    assert Erasure.objects.get().ended_at and audit.run()["ok"]


def test_the_person_is_signed_out_and_shut_out_when_it_begins(world: World, rosalind: User) -> None:
    browser, secret = Client(), ApiKey.issue(rosalind, "mine")
    browser.force_login(rosalind)
    asking.request_erasure(rosalind)
    ending.run_due()
    assert browser.get("/settings/billing/").status_code == 200
    assert Client().get("/api/v1/credits", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    pass_on(world, 7.01, passes=1)
    assert browser.get("/settings/billing/").status_code == 302
    assert Client().get("/api/v1/credits", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    pass_on(world, 0)
    assert not [s for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") == str(rosalind.pk)]


def test_a_plan_of_the_operators_renews_no_more_from_the_day_of_the_request(world: World, rosalind: User) -> None:
    plans.start(rosalind, "launch")
    asking.request_erasure(rosalind)
    ending.run_due()
    assert Plan.objects.get(owner=rosalind).cancelled_at is not None
    pass_on(world, 60)
    assert plans.renew_due() == 0 and audit.run()["ok"]


def test_an_operator_is_not_erased(world: World, rosalind: User) -> None:
    asking.request_erasure(rosalind)
    User.objects.filter(pk=rosalind.pk).update(is_staff=True)
    pass_on(world, 8)
    assert User.objects.get(pk=rosalind.pk).email == MAIL and "owner" in Erasure.objects.get().waits_for
    rosalind.refresh_from_db()
    with pytest.raises(NotPossible):
        asking.request_erasure(rosalind)


def test_nobody_else_loses_anything(world: World, rosalind: User) -> None:
    bob = User.objects.create_user("bob@example.com")
    ledger.grant(bob.pk, 50, source="test", idempotency_key="bob", reason="For the test")
    spec = commands.LaunchSpec(product="clipart", idea="foxes", count=15)
    theirs = commands.launch(bob, spec, idempotency_key="k")
    world.engine.run()
    tables = [t for t in register.TABLES if t.model != "accounts.Erasure"]
    before = {t.model: list(t.rows(bob.pk).values()) for t in tables}
    assert before["projects.Item"] and before["projects.AcceptedRequest"]
    leave_traces(world, world.to_gate())
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    assert Erasure.objects.get().ended_at
    assert {t.model: list(t.rows(bob.pk).values()) for t in tables} == before
    assert Project.objects.get(pk=theirs.pk).stage == Stage.AWAITING_APPROVAL


def test_the_files_are_deleted(world: World, rosalind: User, tmp_path: Path) -> None:
    project, store = world.to_end(), open_store(settings.STORAGE_URL)
    image = tmp_path / "image.png"
    image.write_bytes(b"image")
    store.put(image, f"projects/{project.pk}/1.png")
    store.put(image, "projects/01ANOTHERSELLERSPROJECT0000/1.png")
    asking.request_erasure(rosalind)
    pass_on(world, 7.01)
    assert not list(store.listed(f"projects/{project.pk}"))
    assert len(list(store.listed("projects/01ANOTHERSELLERSPROJECT0000"))) == 1


def test_a_pass_that_breaks_anywhere_is_finished_by_the_next(
    world: World,
    rosalind: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave_traces(world, world.to_end())
    asking.request_erasure(rosalind)
    steps = ["_end_plan", "_let_nobody_in", "_stop", "_disconnect", "_delete_files", "_forget_rows"]
    broken: list[str] = []
    for name in steps:
        whole = getattr(ending, name)

        def breaks(*given: Any, name: str = name, whole: Any = whole) -> Any:
            if name not in broken:
                broken.append(name)
                raise RuntimeError(f"{name} broke")
            return whole(*given)

        monkeypatch.setattr(ending, name, breaks)
    world.clock.advance(7.01 * 86_400)
    for _ in range(12):
        ending.run_due()
        world.clock.advance(ending.SETTLE.total_seconds() + 1)
    assert broken == steps and Erasure.objects.get().ended_at and everywhere(MAIL, NAME) == [] and audit.run()["ok"]


DOORS = {
    "an amount": "UPDATE credits_credittransaction SET amount = amount + 1 WHERE seq = 1",
    "a type": "UPDATE credits_credittransaction SET type = 'ADJUST_CREDIT' WHERE seq = 1",
    "a moment": "UPDATE credits_credittransaction SET created_at = '2020-01-01T00:00:00Z' WHERE seq = 1",
    "a job": "UPDATE credits_credittransaction SET job = 'x' WHERE seq = 1",
    "a row": "DELETE FROM credits_credittransaction WHERE seq = 1",
    "a head that is no row's": "UPDATE credits_creditaccount SET head_hash = 'x'",
    "a balance": "UPDATE credits_creditaccount SET balance = balance + 1",
    "who acted": "UPDATE support_operatoract SET act = 'recover'",
    "an act": "DELETE FROM support_operatoract",
}
WORDS = (
    "UPDATE credits_credittransaction SET reason = 'other' WHERE seq = 1",
    "UPDATE support_operatoract SET reason = 'some other reason'",
)


def _sql(text: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text)


def test_the_database_lets_words_change_only_while_the_erasure_is_under_way(world: World, rosalind: User) -> None:
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    acts.goodwill(olga, rosalind, 5, reason="They wrote to us", key=ports.new_id())
    erasure = asking.request_erasure(rosalind)
    for text in (*WORDS, *DOORS.values()):
        with pytest.raises(Error):
            _sql(text)
    Erasure.objects.filter(pk=erasure.pk).update(started_at=ports.now())
    for text in DOORS.values():
        with pytest.raises(Error):
            _sql(text)
    for text in WORDS:
        _sql(text)
    Erasure.objects.filter(pk=erasure.pk).update(ended_at=ports.now())
    for text in (*WORDS, *DOORS.values()):
        with pytest.raises(Error):
            _sql(text)


def test_the_register_knows_every_table() -> None:
    known = {t.model for t in register.TABLES} | set(register.ABOUT_NOBODY)
    there = {m._meta.label for m in apps.get_models(include_auto_created=True)}
    assert there - known == set() and known - there == set()
    assert len({t.model for t in register.TABLES}) == len(register.TABLES)
    assert not {t.model for t in register.TABLES} & set(register.ABOUT_NOBODY)


def test_every_row_that_stays_without_words_loses_all_that_people_type() -> None:
    """Text and JSON fields of rows that stay are replaced, or are listed here as the studio's own words."""
    own = {
        "projects.Project": {"public_id", "product", "ratio", "model", "mode", "stage"},
        "projects.Job": {"public_id", "kind", "status", "request_digest", "failure_stage", "failure_kind"},
        "projects.Item": {"state", "model", "state_before", "flags"},
        "projects.ItemRound": {"why", "state", "flags"},
        "projects.AcceptedRequest": {"act", "digest"},
        "projects.Listing": {"text", "currency", "draft", "draft_id"},
        "pipeline.Attempt": {"stage", "worker", "outcome"},
        "pipeline.ProviderCall": {"key", "provider", "model", "provider_id", "state", "outcome", "holder"},
        "payments.Payment": {"id", "kind", "code", "state", "session", "invoice", "payment_intent", "disputes"},
        "support.OperatorAct": {"id", "act", "project"},
        "credits.CreditTransaction": {
            "id", "type", "contra", "job", "project", "idempotency_key", "request_digest", "reason", "actor",
            "previous_hash", "hash",
        },
        "accounts.User": set(),
    }  # fmt: skip
    words = ("CharField", "TextField", "JSONField", "EmailField")
    for table in register.TABLES:
        if table.fate is register.Fate.BLANKED:
            fields = {
                f.name for f in apps.get_model(table.model)._meta.concrete_fields if f.get_internal_type() in words
            }
            assert fields - set(table.blank) == own[table.model], table.model
