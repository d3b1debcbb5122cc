"""A seller's statement: complete, hash-chained, and checked offline against every way of tampering we can think of."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from elistit import ports
from elistit.accounts.models import User
from elistit.credits import chain, ledger, statement

pytestmark = pytest.mark.django_db
Document = dict[str, Any]


@pytest.fixture
def document(owner: int, clock: ports.FixedClock) -> Document:
    ends = ports.now() + ports.dt.timedelta(days=3)
    ledger.grant(owner, 10, source="plan", idempotency_key="g1", reason="Allowance", expires_at=ends)
    ledger.grant(owner, 30, source="trial", idempotency_key="g2", reason="Trial, “as promised”")
    ledger.spend(owner, 17, job="j", project="p", idempotency_key="s", reason="=Clipart, 15 images")
    clock.advance(5 * 86400)
    ledger.refund(owner, job="j", project="p", idempotency_key="r", reason="Failed")
    clock.advance(40 * 86400)
    ledger.expire_due()
    return json.loads(statement.to_json(statement.export(owner)))  # type: ignore[no-any-return]


def test_an_exported_statement_holds(document: Document) -> None:
    assert statement.verify(document) == []
    assert (document["seq"], document["balance"]) == (5, 30)
    assert [row["type"] for row in document["transactions"]][-1] == "EXPIRE_CREDIT"


def test_a_seller_without_an_account_has_an_empty_statement_that_holds(owner: int) -> None:
    assert statement.verify(statement.export(owner)) == []


def rehash(document: Document) -> None:
    """What a careful forger would do: make every hash after the change right again."""
    head = ""
    for row in document["transactions"]:
        row["previous_hash"] = head
        head = row["hash"] = chain.row_hash(row)


def at(row: int, field: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document["transactions"][row].__setitem__(field, value)


TAMPERINGS: dict[str, Callable[[Document], Any]] = {
    "an amount": at(1, "amount", 31),
    "a balance": at(2, "balance_after", 24),
    "a reason": at(2, "reason", "Something else"),
    "a time": at(2, "created_at", "2026-11-23T09:00:00.000000Z"),
    "a project": at(2, "project", "q"),
    "a type": at(1, "type", "PURCHASE_CREDIT"),
    "a key": at(2, "idempotency_key", "other"),
    "an entry": lambda d: d["transactions"][2]["entries"][0].__setitem__(1, -9),
    "a hash": at(3, "hash", "0" * 64),
    "a row taken out": lambda d: d["transactions"].pop(2),
    "the last row cut off": lambda d: d["transactions"].pop(),
    "the first row cut off": lambda d: d["transactions"].pop(0),
    "two rows swapped": lambda d: d["transactions"].insert(1, d["transactions"].pop(2)),
    "a row twice": lambda d: d["transactions"].insert(2, d["transactions"][2]),
    "the balance on top": lambda d: d.__setitem__("balance", 31),
    "the head hash on top": lambda d: d.__setitem__("head_hash", "0" * 64),
    "the count on top": lambda d: d.__setitem__("seq", 6),
    "a grant's remainder": lambda d: d["grants"][1].__setitem__("remaining", 29),
    "a grant left out": lambda d: d["grants"].pop(),
    "another account's row": at(4, "account", 999),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_statement_tampered_with_is_found(document: Document, what: str) -> None:
    TAMPERINGS[what](document)
    assert statement.verify(document) != []


@pytest.mark.parametrize(
    "what", ["an amount", "a row taken out", "an entry", "a balance", "two rows swapped", "a reason"]
)
def test_a_forger_who_makes_every_hash_right_again_is_still_found(document: Document, what: str) -> None:
    TAMPERINGS[what](document)
    rehash(document)
    assert statement.verify(document) != []


@pytest.mark.parametrize(
    "rubbish",
    [None, [], {}, "x", {"format": statement.FORMAT}, {"format": statement.FORMAT, "transactions": [1]},
     {"format": statement.FORMAT, "transactions": [{}]},
     {"format": statement.FORMAT, "transactions": [{"seq": 1, "entries": 5}], "grants": 3},
     {"format": statement.FORMAT, "transactions": [], "grants": [{}], "seq": 0, "head_hash": "", "balance": 0}],
)  # fmt: skip
def test_rubbish_is_answered_in_words(rubbish: Any) -> None:
    problems = statement.verify(rubbish)
    assert problems and all(problem.endswith(".") for problem in problems)


def test_a_bool_for_a_number_is_found(document: Document) -> None:
    document["transactions"][2]["amount"] = True
    assert statement.verify(document) != []


def test_the_csv_has_every_row_and_no_formula(owner: int, document: Document) -> None:
    rows = list(csv.DictReader("".join(statement.csv_lines(owner)).splitlines()))
    assert [int(row["amount"]) for row in rows] == [10, 30, -17, 17, -10]
    assert [int(row["balance"]) for row in rows] == [10, 40, 23, 40, 30]
    assert rows[2]["reason"] == "'=Clipart, 15 images"


def test_the_csv_is_one_sellers_and_can_be_of_one_type_and_project(owner: int, document: Document) -> None:
    other = User.objects.create_user("other@example.com").pk
    ledger.grant(other, 5, source="trial", idempotency_key="g9", reason="Trial")
    ledger.spend(owner, 2, job="k", project="q", idempotency_key="s2", reason="Wall art")

    def amounts(seller: int, **of: str) -> list[int]:
        return [int(row["amount"]) for row in csv.DictReader("".join(statement.csv_lines(seller, **of)).splitlines())]

    assert amounts(other) == [5]
    assert amounts(owner) == [10, 30, -17, 17, -10, -2]
    assert amounts(owner, type="SPEND_CREDIT") == [-17, -2]
    assert amounts(owner, project="p") == [-17, 17]
    assert amounts(owner, project="p", type="REFUND_CREDIT") == [17]


# ---- what is found, in words ----------------------------------------------------------------------------------------------


def set_(field: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document.__setitem__(field, value)


def grant(document: Document, number: int) -> str:
    return str(document["transactions"][number]["entries"][0][0])


FOUND: dict[str, tuple[Callable[[Document], Any], Callable[[Document], list[str]]]] = {
    "a row's number": (at(1, "seq", 7), lambda d: ["Row 2 carries the number 7: a row is missing or out of order."]),
    "another account's row": (at(1, "account", 999), lambda d: ["Row 2 belongs to another account."]),
    "a row's amount": (
        at(0, "amount", 11),
        lambda d: ["Row 1 says the balance was 10; 11 follows.", "The parts of row 1 do not sum to its amount."],
    ),
    "a balance below zero": (
        lambda d: [at(n, "balance_after", d["transactions"][n]["balance_after"] - 50)(d) for n in range(5)],
        lambda d: [
            "Row 1 says the balance was -40; 10 follows.", "Row 2 says the balance was -10; -10 follows.",
            "Row 3 says the balance was -27; -27 follows.", "Row 4 says the balance was -10; -10 follows.",
            "Row 5 says the balance was -20; -20 follows.", "The statement's balance is 30; its rows lead to -20.",
        ],
    ),
    "a time that is none": (at(2, "created_at", "yesterday"), lambda d: ["Row 3 has no readable time."]),
    "a time that is no text": (at(2, "created_at", 5), lambda d: ["Row 3 has no readable time."]),
    "a key used twice": (at(2, "idempotency_key", "g2"), lambda d: ["Row 3 uses an idempotency key that another row used before."]),
    "a draw on what is not there": (
        lambda d: d["transactions"][2]["entries"].extend([[grant(d, 0), -1, None], [grant(d, 0), 1, None]]),
        lambda d: [f"Row 3 draws more from grant {grant(d, 0)} than was left in it."],
    ),
    "the number of rows": (set_("seq", 6), lambda d: ["The statement says it has 6 rows and has 5."]),
    "the balance": (set_("balance", 31), lambda d: ["The statement's balance is 31; its rows lead to 30."]),
    "a grant that holds more than came in": (
        lambda d: d["grants"][0].update(remaining=11),
        lambda d: [f"Grant {d['grants'][0]['id']} says it holds more than came in or less than nothing.",
                   f"Grant {d['grants'][0]['id']} says 11 are left; the rows lead to 0."],
    ),
    "a grant that holds less than nothing": (
        lambda d: d["grants"][1].update(remaining=-1),
        lambda d: [f"Grant {d['grants'][1]['id']} says it holds more than came in or less than nothing.",
                   f"Grant {d['grants'][1]['id']} says -1 are left; the rows lead to {30}."],
    ),
    "a grant made up": (
        lambda d: d["grants"].append({"id": "zzz", "amount": 5, "remaining": 5}),
        lambda d: ["Grant zzz says 5 are left; the rows lead to None."],
    ),
    "grants that are no list": (set_("grants", 5), lambda d: ["The list of grants cannot be read."]),
    "a row that is no row": (at(1, "entries", 5), lambda d: ["Row 2 cannot be read."]),
    "rows that are no rows": (set_("transactions", [1]), lambda d: ["The statement has no list of transactions."]),
    "another format": (set_("format", "x"), lambda d: ["This is not a statement of the format elistit-statement/1."]),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
def test_what_does_not_hold_is_said_in_words(document: Document, what: str) -> None:
    """Hashes are made right again first, so that each fault stands alone."""
    tamper, expected = FOUND[what]
    tamper(document)
    rows = document["transactions"]
    if rows and rows != [1] and rows[1]["entries"] != 5:
        rehash(document)
        document["head_hash"] = rows[-1]["hash"]
    assert statement.verify(document) == expected(document)


def test_a_change_that_keeps_its_hash_is_named_with_its_row(document: Document) -> None:
    document["transactions"][1]["reason"] = "Gift"
    assert statement.verify(document) == ["Row 2 was changed: its hash does not match what it says."]
    document["transactions"][1]["hash"] = chain.row_hash(document["transactions"][1])
    assert statement.verify(document) == ["Row 3 does not follow the row before it."]
    document["transactions"][4]["hash"] = "0" * 64
    assert "The last row's hash is not the head hash of the statement." in statement.verify(document)


def test_a_statement_says_everything_the_books_say(owner: int, document: Document, clock: ports.FixedClock) -> None:
    from elistit.credits.models import CreditAccount, CreditEntry, CreditGrant, CreditTransaction

    account = CreditAccount.objects.get()
    assert set(document) == {
        "format",
        "account",
        "generated_at",
        "balance",
        "seq",
        "head_hash",
        "grants",
        "transactions",
    }
    assert (document["format"], document["account"]) == ("elistit-statement/1", account.pk)
    assert (document["balance"], document["seq"], document["head_hash"]) == (30, 5, account.head_hash)
    assert document["generated_at"] == chain.stamp(clock.now())
    for said, row in zip(document["transactions"], CreditTransaction.objects.order_by("seq"), strict=True):
        plain = {
            "account": row.account_id, "actor": row.actor, "amount": row.amount, "balance_after": row.balance_after,
            "contra": row.contra, "created_at": chain.stamp(row.created_at), "id": row.pk, "idempotency_key": row.idempotency_key,
            "item": row.item, "job": row.job, "previous_hash": row.previous_hash, "project": row.project, "reason": row.reason,
            "request_digest": row.request_digest, "seq": row.seq, "type": row.type, "hash": row.hash,
            "entries": [[e.grant_id, e.amount, e.drawn_from_id] for e in CreditEntry.objects.filter(transaction=row).order_by("id")],
        }  # fmt: skip
        assert said == plain
    assert document["grants"] == [
        {"id": g.pk, "amount": g.amount, "remaining": g.remaining, "source": g.source,
         "expires_at": chain.stamp(g.expires_at) if g.expires_at else None}
        for g in CreditGrant.objects.order_by("id")
    ]  # fmt: skip
    assert [g["source"] for g in document["grants"]] == ["plan", "trial", "returned"]


def test_an_empty_statement_says_so(owner: int, clock: ports.FixedClock) -> None:
    assert statement.export(owner) == {
        "format": "elistit-statement/1", "account": None, "generated_at": chain.stamp(clock.now()), "balance": 0, "seq": 0,
        "head_hash": "", "grants": [], "transactions": [],
    }  # fmt: skip
    assert "".join(statement.csv_lines(owner)) == "seq,time,type,amount,balance,project,item,reason,id\r\n"


def test_rows_posted_while_a_statement_is_written_are_left_out(owner: int, document: Document) -> None:
    """The account was read before the newest row: the document ends where the account stood then."""
    from elistit.credits.models import CreditAccount

    before = CreditAccount.objects.get()
    ledger.grant(owner, 7, source="late", idempotency_key="late", reason="Late")

    def account(_: object) -> CreditAccount:
        return before

    real, statement._account = statement._account, account  # type: ignore[assignment]
    try:
        export = statement.export(owner)
    finally:
        statement._account = real
    assert statement.verify(export) == []
    assert (export["seq"], export["balance"], len(export["transactions"])) == (5, 30, 5)
    assert "late" not in [g["source"] for g in export["grants"]]


def test_a_statement_is_the_same_for_a_person_and_their_number(owner: int, document: Document) -> None:
    from elistit.accounts.models import User

    assert statement.export(User.objects.get(pk=owner)) == statement.export(owner)


def test_a_statement_is_a_readable_file(document: Document) -> None:
    text = statement.to_json({**document, "note": "é"})
    assert text.endswith("}\n") and '\n "note": "é"' in text
    assert json.loads(text) == {**document, "note": "é"}


def test_a_csv_row_has_every_column_in_order(owner: int) -> None:
    ledger.grant(owner, 9, source="x", idempotency_key="g", reason="-5 off, “yes”")
    made = ledger.spend(owner, 2, job="j", project="p", idempotency_key="s", reason="Remake", item=0)
    lines = list(statement.csv_lines(owner))
    time = chain.stamp(ports.now())
    assert lines[1].startswith(f"""1,{time},GRANT_CREDIT,9,9,,,"'-5 off, “yes”",""")
    assert lines[2] == f"2,{time},SPEND_CREDIT,-2,7,p,0,Remake,{made.id}\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_a_spreadsheet_would_run_is_quoted(start: str) -> None:
    assert statement._plain(f"{start}1") == f"'{start}1"
    assert statement._plain(f"1{start}") == f"1{start}"
    assert statement._plain("") == ""


def test_a_moment_is_written_in_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        nine = ports.dt.datetime(2026, 11, 22, 9, tzinfo=ports.dt.timezone(ports.dt.timedelta(hours=2)))
        assert chain.stamp(nine) == "2026-11-22T07:00:00.000000Z"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_row_without_one_of_its_fields_has_no_hash(document: Document) -> None:
    row = document["transactions"][0]
    for field in chain.FIELDS:
        with pytest.raises(KeyError):
            chain.row_hash({k: v for k, v in row.items() if k != field})
    assert chain.canonical({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"é"}'
    assert chain.sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_a_project_is_told_with_its_own_rows_and_the_chain_around_them(owner: int, document: Document) -> None:
    told = statement.of_project(owner, "p")
    rows = document["transactions"]
    mine = [row for row in rows if row["project"] == "p"]
    assert [row["type"] for row in mine] == ["SPEND_CREDIT", "REFUND_CREDIT"]
    assert json.loads(json.dumps(told["rows"])) == [{k: row[k] for k in told["rows"][0]} for row in mine]
    first = mine[0]["seq"]
    assert told["chain"] == [[row["seq"], row["hash"]] for row in rows if first - 1 <= row["seq"] <= mine[-1]["seq"]]
    assert told["account"] == mine[0]["account"]


def test_a_project_without_rows_is_told_empty(owner: int) -> None:
    assert statement.of_project(owner, "p") == {"account": None, "rows": [], "chain": []}
    ledger.grant(owner, 10, source="plan", idempotency_key="g", reason="Allowance")
    assert statement.of_project(owner, "p")["rows"] == []
    assert statement.of_project(owner, "p")["account"]
