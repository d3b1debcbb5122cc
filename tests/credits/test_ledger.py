"""The ledger: grants, charges, expiry, corrections, the rows they write and the history (rules §7)."""

from __future__ import annotations

import datetime as dt
import importlib
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.credits.models import CreditAccount, CreditEntry, CreditGrant, CreditTransaction
from tests.credits.postings import DAY, Key, charge, days, give, give_back, held

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


def test_an_account_opens_once_and_at_zero(owner: int) -> None:
    first, second = ledger.open_account(owner), ledger.open_account(owner)
    assert first.pk == second.pk
    assert (second.balance, second.seq, second.head_hash) == (0, 0, "")


def test_a_grant_brings_credits_and_a_row(owner: int, key: Key) -> None:
    made = give(owner, 30, key())
    assert (made.type, made.amount, made.balance_after, made.replayed) == ("GRANT_CREDIT", 30, 30, False)
    row = CreditTransaction.objects.get(pk=made.id)
    assert (row.seq, row.contra, row.amount) == (1, "promo", 30)
    assert ledger.balance(owner) == 30


def test_a_purchase_is_booked_against_cash(owner: int, key: Key) -> None:
    made = ledger.grant(owner, 100, source="pack", idempotency_key=key(), reason="Bought", type="PURCHASE_CREDIT")
    assert CreditTransaction.objects.get(pk=made.id).contra == "cash"


def test_credits_are_used_soonest_to_expire_first_and_those_without_end_last(owner: int, key: Key) -> None:
    give(owner, 10, key(), source="forever")
    give(owner, 10, key(), days_left=20, source="late")
    give(owner, 10, key(), days_left=5, source="soon")
    assert held(owner) == [("soon", 10), ("late", 10), ("forever", 10)]
    charge(owner, 13, key())
    assert held(owner) == [("late", 7), ("forever", 10)]
    charge(owner, 8, key(), job="job-2")
    assert held(owner) == [("forever", 9)]


def test_a_spend_that_is_too_large_writes_nothing_and_says_the_shortfall(owner: int, key: Key) -> None:
    give(owner, 10, key())
    with pytest.raises(ledger.InsufficientCredits) as caught:
        charge(owner, 17, key())
    assert (caught.value.needed, caught.value.balance, caught.value.shortfall) == (17, 10, 7)
    assert str(caught.value) == "This needs 17 credits and you have 10: 7 more to go."
    assert CreditTransaction.objects.count() == 1
    assert ledger.balance(owner) == 10


def test_a_seller_without_an_account_has_nothing_to_spend(owner: int, key: Key) -> None:
    with pytest.raises(ledger.InsufficientCredits) as caught:
        charge(owner, 1, key())
    assert caught.value.balance == 0
    assert ledger.balance(owner) == 0


def test_a_free_job_has_its_row_too(owner: int, key: Key) -> None:
    made = charge(owner, 0, key())
    assert (made.amount, made.balance_after) == (0, 0)
    assert ledger.job_money("job-1") == ledger.JobMoney(0, 0)
    assert give_back(owner, key()).amount == 0


def test_the_same_key_and_request_gets_the_same_answer(owner: int, key: Key) -> None:
    give(owner, 30, "g")
    assert give(owner, 30, "g").replayed
    first, again = charge(owner, 17, "s"), charge(owner, 17, "s")
    assert (again.id, again.balance_after, again.replayed) == (first.id, first.balance_after, True)
    back, back_again = give_back(owner, "r"), give_back(owner, "r")
    assert (back_again.id, back_again.amount, back_again.replayed) == (back.id, 17, True)
    assert CreditTransaction.objects.count() == 3


def test_a_replay_is_answered_even_when_the_balance_would_no_longer_do(owner: int, key: Key) -> None:
    give(owner, 17, key())
    first = charge(owner, 17, "s")
    assert charge(owner, 17, "s").id == first.id


def test_a_retry_that_words_itself_differently_is_the_same_request(owner: int, key: Key) -> None:
    give(owner, 30, key())
    ledger.spend(owner, 5, job="j", project="p", idempotency_key="s", reason="one")
    assert ledger.spend(owner, 5, job="j", project="p", idempotency_key="s", reason="two").replayed


def test_one_account_that_cannot_be_swept_keeps_no_other_waiting(
    owner: int, key: Key, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [User.objects.create_user(f"o{n}@example.com").pk for n in range(2)]
    for seller in (others[0], owner, others[1]):
        give(seller, 5, key(), days_left=1)
    clock.advance(DAY)
    sweep, failed = ledger._sweep_owner, list[tuple[str, str]]()

    def sweep_owner(seller: int, now: dt.datetime) -> int:
        if seller == owner:
            raise RuntimeError("broken row")
        return sweep(seller, now)

    monkeypatch.setattr(ledger, "_sweep_owner", sweep_owner)
    assert ledger.expire_due(report=lambda row, error: failed.append((row, str(error)))) == 2
    assert failed == [(f"credits of seller {owner}", "broken row")]
    assert ledger.expire_due() == 0, "and without a caller who wants to know it is logged"
    with pytest.raises(RuntimeError):
        ledger.expire_due(owner)


def test_expired_credits_cannot_be_spent_even_before_they_are_swept(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    give(owner, 10, key(), days_left=1)
    give(owner, 5, key(), source="forever")
    clock.advance(DAY)
    assert ledger.balance(owner) == 5
    assert held(owner) == [("forever", 5)]
    with pytest.raises(ledger.InsufficientCredits) as caught:
        charge(owner, 6, key())
    assert caught.value.balance == 5
    charge(owner, 5, key())
    assert [row.type for row in ledger.history(owner)] == [
        "SPEND_CREDIT",
        "EXPIRE_CREDIT",
        "GRANT_CREDIT",
        "GRANT_CREDIT",
    ]


def test_the_first_grants_are_those_used_next_and_the_page_says_the_rest(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    for number in range(15):
        give(owner, 2, key(), days_left=number + 1)
    assert [grant.remaining for grant in ledger.grants(owner, most=4)] == [2] * 4
    assert ledger.grants(owner, most=4) == ledger.grants(owner)[:4]
    seller = Client()
    seller.force_login(User.objects.get(pk=owner))
    shown = seller.get("/settings/billing/").content.decode()
    assert shown.count("<strong>2</strong> of 2") == 12 and "After these: 6 credits." in shown
    clock.advance(13.5 * DAY)
    assert len(ledger.grants(owner, most=4)) == 2, "expired ones, swept or not, take no place"
    assert "After these" not in seller.get("/settings/billing/").content.decode()


def test_sweeping_writes_one_row_for_each_grant_and_is_idempotent(
    owner: int, key: Key, clock: ports.FixedClock
) -> None:
    other = User.objects.create_user("other@example.com").pk
    give(owner, 10, key(), days_left=1)
    give(owner, 10, key(), days_left=2)
    give(other, 10, key(), days_left=1)
    give(other, 10, key())
    clock.advance(DAY - 1)
    assert ledger.expire_due() == 0
    clock.advance(DAY + 1)
    assert ledger.expire_due(other) == 1
    give(User.objects.create_user("third@example.com").pk, 5, key(), days_left=0.5)
    clock.advance(DAY)
    assert ledger.expire_due() == 3, "two grants of one seller and one of another"
    assert ledger.expire_due() == 0
    assert (ledger.balance(owner), ledger.balance(other)) == (0, 10)


def test_rows_are_chained_and_numbered_without_gaps(owner: int, key: Key) -> None:
    give(owner, 30, key())
    charge(owner, 10, key())
    give_back(owner, key())
    rows = ledger.history(owner)[::-1]
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
    assert CreditAccount.objects.get(owner_id=owner).head_hash == rows[2].hash


def test_words_of_any_kind_survive_and_hash_alike_on_both_databases(owner: int, key: Key) -> None:
    give(owner, 30, key())
    reason = 'Quote " backslash \\ tab \t newline \n bell \x07 del \x7f accent é emoji 🦊 / slash </script>'
    made = ledger.spend(owner, 1, job='j"', project="p", idempotency_key='k"\\', reason=reason, actor="Zoë\r", item=0)
    assert CreditTransaction.objects.get(pk=made.id).reason == reason


def test_a_long_reason_is_shortened_rather_than_refused(owner: int) -> None:
    made = ledger.grant(owner, 1, source="x", idempotency_key="g", reason="w" * 400)
    assert len(CreditTransaction.objects.get(pk=made.id).reason) == 300


def test_history_filters_and_pages_newest_first(owner: int, key: Key) -> None:
    give(owner, 30, key())
    for number in range(4):
        ledger.spend(owner, 1, job=f"j{number}", project=f"p{number % 2}", idempotency_key=key(), reason="x")
    assert [row.seq for row in ledger.history(owner, limit=2)] == [5, 4]
    assert [row.seq for row in ledger.history(owner, before_seq=4, limit=2)] == [3, 2]
    assert [row.seq for row in ledger.history(owner, project="p1")] == [5, 3]
    assert [row.seq for row in ledger.history(owner, type="GRANT_CREDIT")] == [1]


def test_the_money_of_many_jobs_is_read_at_once(owner: int, key: Key, django_assert_num_queries) -> None:
    give(owner, 30, key())
    charge(owner, 10, key(), job="a")
    charge(owner, 5, key(), job="b")
    give_back(owner, key(), 2, job="b")
    with django_assert_num_queries(1):
        assert ledger.jobs_money(["a", "b", "c"]) == {
            "a": ledger.JobMoney(10, 0),
            "b": ledger.JobMoney(5, 2),
            "c": ledger.JobMoney(0, 0),
        }


def test_entries_name_what_they_moved(owner: int, key: Key) -> None:
    give(owner, 4, key(), days_left=2)
    give(owner, 10, key())
    made = charge(owner, 9, key())
    assert list(CreditEntry.objects.filter(transaction_id=made.id).order_by("id").values_list("amount", flat=True)) == [
        -4,
        -5,
    ]
    assert CreditGrant.objects.filter(remaining=0).count() == 1


def test_a_row_says_who_what_and_where(owner: int, key: Key) -> None:
    ends = days(3)
    ledger.grant(owner, 30, source="plan:launch", idempotency_key="g", reason=" Given ", actor=" ann ", expires_at=ends)
    ledger.spend(owner, 17, job="j", project="p", idempotency_key="s", reason="Charged", item=3, actor="bob")
    ledger.refund(owner, job="j", project="p", idempotency_key="r", reason="Returned", amount=2, item=3, actor="eve")
    ledger.adjust(owner, -1, reason="Wrong", actor="ann", idempotency_key="a")
    ledger.adjust(owner, 2, reason="Right", actor="ann", idempotency_key="b")
    said = CreditTransaction.objects.order_by("seq").values_list(
        "type", "contra", "amount", "job", "project", "item", "reason", "actor", "idempotency_key"
    )
    assert list(said) == [
        ("GRANT_CREDIT", "promo", 30, "", "", None, "Given", "ann", "g"),
        ("SPEND_CREDIT", "revenue", -17, "j", "p", 3, "Charged", "bob", "s"),
        ("REFUND_CREDIT", "revenue", 2, "j", "p", 3, "Returned", "eve", "r"),
        ("ADJUST_CREDIT", "correction", -1, "", "", None, "Wrong", "ann", "a"),
        ("ADJUST_CREDIT", "correction", 2, "", "", None, "Right", "ann", "b"),
    ]
    grants = CreditGrant.objects.order_by("id").values_list("source", "amount", "remaining", "expires_at", "created_at")
    assert list(grants) == [
        ("plan:launch", 30, 14, ends, ports.now()), ("correction", 2, 2, None, ports.now()),
    ]  # fmt: skip
    assert set(CreditTransaction.objects.values_list("created_at", flat=True)) == {ports.now()}


def test_an_expiry_names_the_grant_it_ends(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 9, key(), days_left=1, source="plan:launch")
    clock.advance(DAY)
    ledger.expire_due()
    row = CreditTransaction.objects.get(type="EXPIRE_CREDIT")
    grant = CreditGrant.objects.get()
    assert (row.amount, row.contra, row.actor) == (-9, "breakage", "")
    assert row.reason == "Unused credits expired (plan:launch)"
    assert row.idempotency_key == f"expire:{grant.pk}:2"


def test_a_reason_as_long_as_it_may_be_is_kept_and_a_longer_one_ends_in_dots(owner: int) -> None:
    whole = ledger.grant(owner, 1, source="x", idempotency_key="g1", reason="w" * 300, actor="a" * 200)
    cut = ledger.grant(owner, 1, source="x", idempotency_key="g2", reason="w" * 301)
    assert CreditTransaction.objects.get(pk=whole.id).reason == "w" * 300
    assert CreditTransaction.objects.get(pk=whole.id).actor == "a" * 120
    assert CreditTransaction.objects.get(pk=cut.id).reason == "w" * 299 + "…"


def test_each_row_of_the_books_reads_as_one_line(owner: int, key: Key) -> None:
    from elistit.credits import plans, prices, quotes

    give(owner, 30, key())
    charge(owner, 17, key())
    account, grant = CreditAccount.objects.get(), CreditGrant.objects.get()
    lines = prices.quote_lines("clipart", "builtin/watercolor", 15)
    assert [str(row) for row in CreditTransaction.objects.order_by("seq")] == [
        "GRANT_CREDIT +30 → 30",
        "SPEND_CREDIT -17 → 13",
    ]
    assert str(account) == f"account {account.pk}: 13"
    assert str(grant) == "13 of 30 (trial)"
    assert [str(entry) for entry in CreditEntry.objects.order_by("id")] == [f"+30 on {grant.pk}", f"-17 on {grant.pk}"]
    assert str(quotes.freeze(owner, "clipart", "builtin/watercolor", 15, lines)) == "17 credits for 15 clipart"
    assert str(plans.start(owner, "launch")) == "launch of seller@example.com"


def test_a_balance_that_is_just_enough_is_enough(owner: int, key: Key) -> None:
    give(owner, 10, key())
    assert charge(owner, 10, key()).balance_after == 0
    give(owner, 4, key())
    assert ledger.adjust(owner, -4, reason="x", actor="ann", idempotency_key=key()).balance_after == 0


def test_a_grant_ends_at_its_instant_and_not_before(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 10, key(), days_left=1)
    charge(owner, 4, key())
    clock.advance(DAY - 0.001)
    assert ledger.balance(owner) == 6 and held(owner) == [("trial", 6)] and ledger.expire_due() == 0
    give_back(owner, key(), 1)
    assert held(owner) == [("trial", 7)], "still its own grant"
    clock.advance(0.001)
    assert ledger.balance(owner) == 0 and held(owner) == []
    give_back(owner, key())
    assert [(g.source, g.remaining, g.expires_at) for g in ledger.grants(owner)] == [("returned", 3, days(7))]


def test_a_correction_down_cannot_use_credits_that_have_ended(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 10, key(), days_left=1)
    give(owner, 3, key(), source="forever")
    clock.advance(DAY)
    with pytest.raises(ledger.InsufficientCredits) as refused:
        ledger.adjust(owner, -4, reason="x", actor="ann", idempotency_key=key())
    assert (refused.value.needed, refused.value.balance) == (4, 3)


def test_sweeping_a_seller_without_an_account_finds_nothing(owner: int) -> None:
    assert ledger.expire_due(owner) == 0
    assert not CreditAccount.objects.exists()


def test_a_sweep_takes_the_soonest_end_first_and_numbers_on(owner: int, key: Key, clock: ports.FixedClock) -> None:
    give(owner, 2, key(), days_left=2, source="second")
    give(owner, 1, key(), days_left=1, source="first")
    clock.advance(3 * DAY)
    assert ledger.expire_due(owner) == 2
    rows = (
        CreditTransaction.objects.filter(type="EXPIRE_CREDIT")
        .order_by("seq")
        .values_list("seq", "amount", "balance_after")
    )
    assert list(rows) == [(3, -1, 2), (4, -2, 0)]


def test_grants_are_shown_to_their_owner_alone(owner: int, key: Key) -> None:
    other = User.objects.create_user("other@example.com").pk
    give(owner, 5, key(), source="mine")
    give(other, 7, key(), source="theirs")
    assert (held(owner), held(other)) == ([("mine", 5)], [("theirs", 7)])


@pytest.mark.parametrize("amount", [1, -1])
def test_a_correction_by_one_credit_moves_one_credit(owner: int, key: Key, amount: int) -> None:
    give(owner, 5, key())
    ledger.adjust(owner, amount, reason="Miscounted", actor="ann", idempotency_key=key())
    assert ledger.balance(owner) == 5 + amount


def test_history_shows_fifty_rows_unless_told(owner: int, key: Key) -> None:
    for _ in range(51):
        charge(owner, 0, key(), job=key())
    assert len(ledger.history(owner)) == 50
    assert [row.seq for row in ledger.history(owner, before_seq=2)] == [1]


def test_the_money_of_no_job_is_none(owner: int, key: Key) -> None:
    give(owner, 5, key())
    assert ledger.jobs_money(["", "a"]) == {"": ledger.JobMoney(), "a": ledger.JobMoney()}
    assert ledger.JobMoney().net == 0


def test_the_guards_of_the_books_may_be_installed_again(owner: int, key: Key) -> None:
    migration = importlib.import_module("elistit.credits.migrations.0002_the_database_refuses")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=lambda sql, params=None: cursor.execute(sql))
        migration.guard(None, editor)
        migration.leaner(None, editor)
        give(owner, 5, key())
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM credits_credittransaction")
    assert ledger.balance(owner) == 5
