"""The auditor finds each way the books can be wrong, and nothing on books that are right."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from corruptions import CORRUPTIONS
from django.db import connection
from town import Town, build, give_back

from elistit import ports
from elistit.accounts.models import User
from elistit.chain.models import ProviderCall
from elistit.credits import audit, audit_books, audit_drafts, audit_projects, audit_reading, audit_requests, ledger
from elistit.credits.audit_reading import HeldDraft
from elistit.credits.models import CreditTransaction
from elistit.projects.models import Item, Job, Project, ProjectFile

pytestmark = pytest.mark.django_db

FINDINGS = json.loads((Path(__file__).parent / "findings.json").read_text())


@pytest.fixture
def town(owner: int, clock: ports.FixedClock) -> Town:
    return build(owner, clock)


def failing(result: dict[str, Any]) -> set[str]:
    return {check["name"] for check in result["checks"] if not check["ok"]}


def test_books_that_are_right_have_nothing_to_find(town: Town) -> None:
    result = audit.run()
    assert [check for check in result["checks"] if not check["ok"]] == []
    assert result["ok"] is True
    assert all(check["checked"] > 0 for check in result["checks"] if "draft" not in check["name"])
    assert json.loads(json.dumps(result)) == result


def told(result: dict[str, Any], town: Town) -> dict[str, list[str]]:
    """What the auditor says, with names in the place of ids."""
    names = {job.pk: f"‹{name}›" for name, job in town.items()}
    names |= {job.project_id: f"‹{name}›" for name, job in town.items()}

    def plain(sentence: str) -> str:
        for known, name in names.items():
            sentence = sentence.replace(known, name)
        numbered = "|".join(
            rf"(?<=\b{thing} )\d+" for thing in ("account", "owner", "entry", "file", "request", "attempt")
        )
        return re.sub(rf"\b[0-9A-Z]{{26}}\b|{numbered}", "…", sentence)

    return {check["name"]: sorted(map(plain, check["violations"])) for check in result["checks"] if not check["ok"]}


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_auditor_says_what_is_wrong_and_nothing_else_when(town: Town, corruption: str) -> None:
    CORRUPTIONS[corruption](town)
    result = audit.run()
    assert not result["ok"]
    assert told(result, town) == FINDINGS[corruption]


def test_every_finding_is_of_a_corruption() -> None:
    assert set(FINDINGS) == set(CORRUPTIONS)


def test_a_job_that_lost_its_quote_is_found(town: Town) -> None:
    """Not a corruption of the list above: the database refuses to commit it."""
    job = town["good"]
    Job.objects.filter(pk=job.pk).update(quote_id="gone")
    assert told(audit.run(), town)["every job is charged its quote"] == ["job ‹good› has lost its quote"]
    Job.objects.filter(pk=job.pk).update(quote_id=job.quote_id)


def test_what_a_cheaper_model_that_was_allowed_cost_less_is_right(town: Town) -> None:
    job = town["good"]
    Project.objects.filter(pk=job.project_id).update(failover=True)
    for item in (1, 2):
        give_back(job, f"item:{job.pk}:{item}:0:failover", 1, item=item)
    Item.objects.filter(job=job, number=2).update(state="dropped")
    assert told(audit.run(), town) == {}


def test_an_account_that_is_spent_to_nothing_over_several_grants_is_right(town: Town) -> None:
    third = User.objects.create_user("third@example.com").pk
    for number in (1, 2):
        ledger.grant(third, 3, source="trial", idempotency_key=f"t{number}", reason="Trial")
    ledger.adjust(third, -6, reason="Given twice", actor="ann", idempotency_key="t3")
    assert told(audit.run(), town) == {}


def test_a_call_whose_end_nobody_knows_is_right_while_its_job_runs(town: Town) -> None:
    calls = ProviderCall.objects.filter(key="call:running")
    assert calls.update(state="sent", outcome="unknown", answered_at=None) == 1
    assert told(audit.run(), town) == {}


def test_what_is_wrong_is_counted_among_what_was_looked_at(town: Town) -> None:
    name = "every charge and refund has its job"

    def checked() -> int:
        return next(int(check["checked"]) for check in audit.run()["checks"] if check["name"] == name)

    before = checked()
    assert before == CreditTransaction.objects.exclude(job="").count()
    for number in (1, 2):
        ledger.spend(
            town["good"].project.owner_id, 0, job="ghost", project="p", idempotency_key=f"x{number}", reason="x"
        )
    assert checked() == before + 2


def test_a_stored_time_is_read_as_the_same_moment_whatever_zone_it_names() -> None:
    eight = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)
    for said in ("2026-01-01T08:00:00", "2026-01-01 10:00:00+02:00", eight, eight.replace(tzinfo=None)):
        assert audit_reading.moment(said) == eight
    assert audit_reading.moment(None) is None


def test_files_are_read_when_a_store_is_given(town: Town) -> None:
    seen: list[str] = []

    def store(path: str, digest: str) -> bool:
        seen.append(path)
        return path != "failed/1.png" and digest == hashlib.sha256(b"one").hexdigest()

    Project.objects.filter(pk=town["good"].project_id).update(stage="deleted")
    result = audit.run(store_check=store)
    (wrong,) = [check for check in result["checks"] if not check["ok"]]
    assert wrong == {
        "name": "the bytes of every file match its digest", "ok": False, "checked": 15,
        "violations": [f"file failed/1.png of project {town['failed'].project_id} is missing or changed"],
    }  # fmt: skip
    assert "good/1.png" not in seen and len(seen) == 15


def test_a_job_at_work_with_nothing_queued_is_found_once_it_has_been_silent(
    town: Town, clock: ports.FixedClock
) -> None:
    asked: list[str] = []

    def nothing(job: str) -> bool:
        asked.append(job)
        return False

    name = "every running job has its next attempt queued"
    clock.time = Job.objects.get(pk=town["running"].pk).created_at
    assert name not in failing(audit.run(work_check=nothing)), "silent for less than a minute"
    clock.advance(60)
    assert name not in failing(audit.run(work_check=nothing)), "silent for just a minute"
    clock.advance(1)
    assert name in failing(audit.run(work_check=nothing))
    assert asked == [town["running"].pk], "only what should be at work is asked about"
    assert name not in failing(audit.run(work_check=lambda job: True))


SHOPS = "each project has at most one draft in the Etsy shops"


def test_shops_that_hold_one_draft_of_a_project_or_a_strange_mark_are_right(town: Town) -> None:
    job = town["item lost"]
    held = [HeldDraft(job.project.owner_id, job.project_id, "11"), HeldDraft(job.project.owner_id, "01STRANGE", "12")]
    (check,) = [check for check in audit.run(held=held)["checks"] if check["name"] == SHOPS]
    assert check == {"name": SHOPS, "ok": True, "checked": 1, "violations": []}


HELD: dict[str, tuple[str, Callable[[Job], list[HeldDraft]]]] = {
    "two drafts of one project": (
        "has the drafts 11 and 12 on Etsy",
        lambda job: [HeldDraft(job.project.owner_id, job.project_id, draft) for draft in ("11", "12")],
    ),
    "a draft in another seller's shop": (
        "is in the shop of owner 0",
        lambda job: [HeldDraft(0, job.project_id, "11")],
    ),
    "another draft than our row names": (
        "names draft 11, and its shop holds 99",
        lambda job: [HeldDraft(job.project.owner_id, job.project_id, "99")],
    ),
    "a shop that does not answer": (
        "couldn't be queried: Etsy is down.",
        lambda job: [HeldDraft(job.project.owner_id, problem="Etsy is down.")],
    ),
}


@pytest.mark.parametrize("what", HELD)
def test_the_auditor_finds_in_a_shop(town: Town, what: str) -> None:
    words, held = HELD[what]
    result = audit.run(held=held(town["item lost"]))
    assert failing(result) == {SHOPS}
    (check,) = [check for check in result["checks"] if check["name"] == SHOPS]
    assert words in check["violations"][0]


def test_many_violations_are_counted_and_not_all_listed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_SHOWN", 2)
    ProjectFile.objects.update(sha256="")
    (check,) = [check for check in audit.run()["checks"] if check["name"] == "every file has its digest"]
    assert check["checked"] == 18
    assert check["violations"][2:] == ["and 16 more"]


def test_the_auditor_shares_no_code_with_the_ledger() -> None:
    for module in (audit, audit_books, audit_drafts, audit_projects, audit_reading, audit_requests):
        names = {getattr(value, "__module__", getattr(value, "__name__", "")) for value in vars(module).values()}
        assert not names & {"elistit.credits.ledger", "elistit.credits.posting", "elistit.credits.chain"}
        assert not {name for name in names if str(name).endswith(".models")}
        assert ".objects" not in Path(module.__file__ or "").read_text()


@pytest.mark.django_db(transaction=True)
def test_an_audit_outside_a_transaction_takes_one_snapshot_and_leaves_nothing_behind() -> None:
    owner = User.objects.create_user("solo@example.com").pk
    ledger.grant(owner, 5, source="x", idempotency_key="g", reason="x")
    assert audit.run()["ok"]
    assert not connection.in_atomic_block
    ledger.spend(owner, 0, job="j", project="p", idempotency_key="s", reason="x")
    assert failing(audit.run()) == {"every charge and refund has its job", "every charge has its accepted request"}
