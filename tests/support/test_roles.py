"""Roles: what an owner, support and a seller may open and do, walked over every address under the console by the resolver itself."""

from __future__ import annotations

import inspect
import json
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from django.contrib.admin import site as django_admin
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from elistit import ports
from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.chain.models import ProviderCall
from elistit.cli import main
from elistit.credits import audit, ledger
from elistit.credits.models import CreditTransaction
from elistit.projects.errors import NotPossible
from elistit.projects.models import Project
from elistit.support import actions, due, goodwill_limits, operators
from elistit.support.models import HelpRequest, OperatorAct, SupportLimit
from elistit.support.tables import tables
from tests.studio.conftest import a_person, job_of

from .conftest import REASON, press

VALUES = {"public_id": "project", "pk": "person", "name": "builtin", "object_id": "1", "app_label": "credits",
          "content_type_id": "1", "url": "x"}  # fmt: skip
SUPPORT_MAY = {
    "console", "console-live", "console-project", "console-person", "console-goodwill", "console-answer-help",
}  # fmt: skip


def under_console() -> list[tuple[str, str, URLPattern]]:
    """Every address that begins with console/, from the resolver: its route, its name and its pattern."""

    def walk(patterns: list[object], prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
        for one in patterns:
            route = prefix + str(one.pattern)  # type: ignore[attr-defined]
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif isinstance(one, URLPattern) and route.startswith("console"):
                yield route, str(one.name), one

    return list(walk(get_resolver().url_patterns, ""))


EVERYTHING = under_console()


def address(route: str, project: Project) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        kind = found[1].partition(":")[0]
        if kind == "publicid":
            return project.pk
        return {"pk": str(project.owner_id)}.get(name, VALUES.get(name, "x"))

    made = re.sub(r"<([^>]+)>", value, route)
    made = re.sub(r"\(\?P<\w+>[^)]*\)", "credits", made).replace("^", "").replace("$", "").replace("\\Z", "")
    return "/" + made


def a_member(email: str, role: Role) -> User:
    user = a_person(email, 0)
    operators.set_role(user, role)
    return user


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sue(olga: User) -> User:
    return a_member("sue@example.com", Role.SUPPORT)


@pytest.fixture
def helpdesk(sue: User) -> Client:
    return signed(sue)


def books_hold() -> None:
    assert [c for c in audit.run()["checks"] if not c["ok"]] == []


# ---- every address ------------------------------------------------------------------------------------------------


def test_every_view_of_the_console_declares_its_role() -> None:
    """Either a view names its role, or it is one of the read-only tables, which are an owner's."""
    of_tables = [route for route, _, _ in EVERYTHING if route.startswith("console/tables/")]
    assert len(of_tables) > 20 and tables is not django_admin
    named = {name: getattr(p.callback, "least_role", None) for route, name, p in EVERYTHING if route not in of_tables}
    assert len(named) >= 20 and all(isinstance(role, Role) for role in named.values()), named
    assert {name for name, role in named.items() if role == Role.SUPPORT} == SUPPORT_MAY
    assert Role.SELLER not in named.values()


@pytest.mark.django_db
def test_each_role_opens_what_is_its_own_and_nothing_more(at_gate: Project, alice: User, olga: User, sue: User) -> None:
    wrong, clients = [], {who: signed(who) for who in (alice, sue, olga)}
    for route, name, _ in EVERYTHING:
        of_tables = route.startswith("console/tables/")
        support_may = name in SUPPORT_MAY and not of_tables
        for who, allowed in ((alice, False), (sue, support_may), (olga, True)):
            if of_tables and who == olga:
                continue  # tests/support/test_tables.py looks at each
            got = clients[who].get(address(route, at_gate)).status_code
            if allowed:
                # A plan of bulk actions has an id of its own; tests/support/test_bulk.py opens one.
                wrong += [] if got in (200, 302, 405) or name == "console-bulk-plan" else [(route, who.email, got)]
                continue
            sent = clients[who].post(address(route, at_gate), {"reason": REASON, "amount": "1"}).status_code
            wrong += [] if (got, sent) == (404, 404) else [(route, who.email, got, sent)]
    assert wrong == []
    assert not OperatorAct.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["sue", "olga"])
def test_every_form_on_a_console_page_leads_where_its_reader_may_go(
    who: str, at_gate: Project, alice: User, olga: User, sue: User
) -> None:
    """No page shows a button or link into the console that answers 404, and support's pages have no form but its own."""
    actions.goodwill(sue, alice, 400, reason=REASON, key=ports.new_id())  # becomes a request
    HelpRequest.objects.create(person=alice, project=at_gate.pk, expected="That it is blue", facts="f")
    client = signed({"sue": sue, "olga": olga}[who])
    seen, todo, forms = set(), ["/console/"], set()
    todo += [f"/console/projects/{at_gate.pk}/", f"/console/people/{alice.pk}/"]
    while todo:
        page = todo.pop()
        if page in seen or page.startswith("/console/tables/"):
            continue
        seen.add(page)
        answer = client.get(page, follow=True)
        assert answer.status_code == 200, page
        text = answer.content.decode() if "text/html" in answer["Content-Type"] else ""
        todo += [href.partition("?")[0] for href in re.findall(r'href="(/console/[^"#]*)"', text)]
        forms |= set(re.findall(r'<form method="post" action="(/console/[^"]*)"', text))
    assert forms
    if who == "sue":
        assert all(f.endswith("/goodwill/") or f.startswith("/console/help/") for f in forms), forms
        assert not any(
            p.startswith(("/console/margin", "/console/setup", "/console/record", "/console/team")) for p in seen
        )
    else:
        assert {"/console/margin/", "/console/setup/", "/console/team/", "/console/record/"} <= seen


@pytest.mark.django_db
def test_support_sees_no_cost_and_the_owner_does(helpdesk: Client, console: Client, at_gate: Project) -> None:
    made = {"job": job_of(at_gate), "item": 1, "model": "openai/gpt-image-1", "cost_micros": 41_234_000, "detail": "d"}
    ProviderCall.objects.create(
        key="call-1", provider="openai", state=ProviderCall.State.ANSWERED, outcome="made", **made
    )
    page = f"/console/projects/{at_gate.pk}/"
    assert "41.23" in console.get(page).content.decode()
    for shown in (page, "/console/", f"/console/people/{at_gate.owner_id}/"):
        text = helpdesk.get(shown).content.decode()
        assert "41.23" not in text and "$" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)


# ---- acts ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_act_forgets_to_name_its_role() -> None:
    assert set(actions.MAY) == set(OperatorAct.Act)
    assert {act for act, role in actions.MAY.items() if role == Role.SUPPORT} == {
        "goodwill",
        "ask_goodwill",
        "answer_help",
    }


@pytest.mark.django_db
def test_acts_themselves_refuse_support_and_sellers(sue: User, bob: User, alice: User, at_gate: Project) -> None:
    """Whoever calls them: the rule isn't the page's."""
    calls: list[Callable[[User], object]] = [
        lambda who: actions.recover(who, reason=REASON, key=ports.new_id()),
        lambda who: actions.fail_and_refund(who, at_gate.pk, reason=REASON, key=ports.new_id()),
        lambda who: actions.retry_draft(who, at_gate.pk, reason=REASON, key=ports.new_id()),
        lambda who: actions.set_limits(who, alice, 1, 1, reason=REASON, key=ports.new_id()),
        lambda who: actions.pause_provider(who, "builtin", reason=REASON, key=ports.new_id()),
        lambda who: actions.resume_provider(who, "builtin", reason=REASON, key=ports.new_id()),
        lambda who: actions.set_role(who, who, Role.OWNER, reason=REASON, key=ports.new_id()),
        lambda who: actions.set_support_limits(who, 9_999, 9_999, reason=REASON, key=ports.new_id()),
    ]
    for who in (sue, bob):
        for call in calls:
            with pytest.raises(NotPossible, match="Your role doesn't allow this"):
                call(who)
    with pytest.raises(NotPossible):
        actions.goodwill(bob, alice, 1, reason=REASON, key=ports.new_id())
    assert not OperatorAct.objects.exists() and not SupportLimit.objects.exists()
    assert ledger.balance(alice.pk) == 13
    public = {
        n for n, f in inspect.getmembers(actions, inspect.isfunction) if "reason" in inspect.signature(f).parameters
    }
    assert {n for n in public if not n.startswith("_")} == {
        "recover", "fail_and_refund", "retry_draft", "goodwill", "set_limits", "answer_request", "set_role",
        "set_support_limits", "pause_provider", "resume_provider", "resend_mail",
    }  # fmt: skip


@pytest.mark.django_db
def test_someone_who_lost_their_role_a_moment_ago_gives_nothing(sue: User, alice: User) -> None:
    stale = User.objects.get(pk=sue.pk)
    operators.set_role(sue, Role.SELLER)
    with pytest.raises(NotPossible):
        actions.goodwill(stale, alice, 1, reason=REASON, key=ports.new_id())
    assert ledger.balance(alice.pk) == 30


@pytest.mark.django_db
def test_support_gives_up_to_its_limits_and_requests_the_rest(
    helpdesk: Client, console: Client, sue: User, olga: User, alice: User, bob: User, clock: ports.FixedClock
) -> None:
    actions.set_support_limits(olga, 40, 60, reason=REASON, key=ports.new_id())
    press(helpdesk, f"/console/people/{alice.pk}/goodwill/", amount="40")
    assert ledger.balance(alice.pk) == 70
    shown = press(helpdesk, f"/console/people/{alice.pk}/goodwill/", amount="1").content.decode()  # type: ignore[attr-defined]
    assert "1 credits for alice@example.com need an owner’s approval. Nothing was given yet." in shown
    assert "You can give this seller 0 credits today." in shown
    assert ledger.balance(alice.pk) == 70
    # 20 of the day's 60 are left for anybody else.
    press(helpdesk, f"/console/people/{bob.pk}/goodwill/", amount="21")
    before = ledger.balance(bob.pk)
    press(helpdesk, f"/console/people/{bob.pk}/goodwill/", amount="20")
    assert ledger.balance(bob.pk) == before + 20
    # What support requested is an owner's to approve.
    asked = actions.open_requests()[0]
    assert press(helpdesk, f"/console/requests/{asked.pk}/", answer="approve").status_code == 404  # type: ignore[attr-defined]
    press(console, f"/console/requests/{asked.pk}/", answer="approve")
    assert ledger.balance(alice.pk) == 71
    clock.advance(86_401)
    press(helpdesk, f"/console/people/{alice.pk}/goodwill/", amount="40")
    assert ledger.balance(alice.pk) == 111
    books_hold()


@pytest.mark.django_db
def test_an_owners_gifts_use_up_nothing_of_supports_limit_and_support_gives_itself_nothing(
    sue: User, olga: User, alice: User
) -> None:
    actions.goodwill(olga, alice, 300, reason=REASON, key=ports.new_id())
    assert goodwill_limits.left(sue, alice) == 100
    assert actions.goodwill(sue, sue, 1, reason=REASON, key=ports.new_id()).act == "ask_goodwill"
    assert ledger.balance(sue.pk) == 0


@pytest.mark.django_db
def test_everything_support_does_is_recorded_with_its_role_and_shown_to_the_owner(
    helpdesk: Client, console: Client, sue: User, alice: User, at_gate: Project
) -> None:
    asked = HelpRequest.objects.create(person=alice, project=at_gate.pk, expected="That it is blue", facts="f")
    press(helpdesk, f"/console/people/{alice.pk}/goodwill/", amount="7", reason="Sorry for the wait in May")
    press(helpdesk, f"/console/help/{asked.pk}/", reason="It is blue now, have a look")
    rows = list(OperatorAct.objects.order_by("id"))
    assert [(r.act, r.actor, r.person, r.detail["role"]) for r in rows] == [
        ("goodwill", sue, alice, "support"), ("answer_help", sue, alice, "support")]  # fmt: skip
    for page in ("/console/record/?by=support", "/console/team/", "/console/record/"):
        text = console.get(page).content.decode()
        assert "sue@example.com" in text and "Sorry for the wait in May" in text
    press(console, f"/console/people/{alice.pk}/goodwill/", amount="3", reason="This one is of the owner")
    assert "This one is of the owner" not in console.get("/console/record/?by=support").content.decode()
    assert "7 of 500" in console.get("/console/team/").content.decode()


@pytest.mark.django_db
def test_the_owner_gives_and_takes_roles_with_a_record(console: Client, olga: User, alice: User) -> None:
    press(console, "/console/team/role/", email=" Alice@Example.com", role="support")
    alice.refresh_from_db()
    assert alice.role == Role.SUPPORT and not alice.is_staff
    row = OperatorAct.objects.get()
    assert (row.act, row.person, row.detail) == ("set_role", alice, {"was": "seller", "became": "support"})
    assert signed(alice).get("/console/").status_code == 200
    press(console, "/console/team/role/", email="alice@example.com", role="seller")
    assert signed(alice).get("/console/").status_code == 404
    for email, role, why in (
        ("nobody@example.com", "support", "No active account"),
        ("alice@example.com", "king", "Choose a role"),
        ("alice@example.com", "seller", "has this role already"),
        ("olga@example.com", "seller", "is the only owner of this studio"),
    ):
        shown = press(console, "/console/team/role/", email=email, role=role).content.decode()  # type: ignore[attr-defined]
        assert why in shown
    olga.refresh_from_db()
    assert olga.is_owner and OperatorAct.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [("", "5"), ("-1", "5"), ("5", "100001"), ("x", "5")])
def test_wrong_limits_change_nothing(console: Client, typed: tuple[str, str]) -> None:
    press(console, "/console/team/limits/", per_seller=typed[0], per_person=typed[1])
    assert goodwill_limits.limits() == goodwill_limits.Limits() and not OperatorAct.objects.exists()


@pytest.mark.django_db
def test_support_is_mailed_help_requests_and_nothing_about_money_or_keys(sue: User, olga: User, alice: User) -> None:
    assert due.ASKED in due.kinds_for(sue) and not {due.PAUSED, due.NEEDED} & set(due.kinds_for(sue))
    assert set(due.kinds_for(olga)) == set(due.KINDS) and due.ASKED not in due.kinds_for(alice)


# ---- races --------------------------------------------------------------------------------------------------------


def together(calls: list[Callable[[], object]]) -> list[object]:
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def one(index: int) -> None:
        try:
            start.wait(20)
            answers[index] = calls[index]()  # type: ignore[call-overload]
        except Exception as error:
            answers[index] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(answers)


def given_by_the_books(*people: User) -> int:
    rows = CreditTransaction.objects.filter(account__owner__in=people, reason__startswith="Goodwill")
    return sum(rows.values_list("amount", flat=True))


@pytest.mark.django_db(transaction=True)
def test_gifts_at_one_moment_never_pass_the_limit_of_a_seller() -> None:
    """Two support people, eight gifts of 30 to one seller; the limit leaves room for three."""
    a_member("olga@example.com", Role.OWNER)
    alice = a_person("alice@example.com", 0)
    both = [a_member(f"s{n}@example.com", Role.SUPPORT) for n in range(2)]
    answers = together(
        [lambda s=both[n % 2]: actions.goodwill(s, alice, 30, reason=REASON, key=ports.new_id()) for n in range(8)]
    )  # type: ignore[misc]
    assert all(isinstance(a, OperatorAct) for a in answers), answers
    assert sorted(a.act for a in answers) == ["ask_goodwill"] * 5 + ["goodwill"] * 3  # type: ignore[attr-defined]
    assert given_by_the_books(alice) == ledger.balance(alice.pk) == 90
    books_hold()


@pytest.mark.django_db(transaction=True)
def test_gifts_at_one_moment_never_pass_the_limit_of_a_support_person() -> None:
    """One support person gives to six sellers at once, and two of the team to each other: nobody waits for ever."""
    olga = a_member("olga@example.com", Role.OWNER)
    actions.set_support_limits(olga, 50, 120, reason=REASON, key=ports.new_id())
    sue, sam = (a_member(f"{n}@example.com", Role.SUPPORT) for n in ("sue", "sam"))
    sellers = [a_person(f"p{n}@example.com", 0) for n in range(6)]
    calls = [lambda p=p: actions.goodwill(sue, p, 50, reason=REASON, key=ports.new_id()) for p in sellers]  # type: ignore[misc]
    calls.append(lambda: actions.goodwill(sam, sue, 10, reason=REASON, key=ports.new_id()))
    answers = together(calls)
    assert all(isinstance(a, OperatorAct) for a in answers), answers
    assert given_by_the_books(*sellers) == 100
    answers = together([
        lambda: actions.goodwill(sam, sue, 10, reason=REASON, key=ports.new_id()),
        lambda: actions.goodwill(sue, sam, 10, reason=REASON, key=ports.new_id()),
    ] * 3)  # fmt: skip
    assert all(isinstance(a, OperatorAct) for a in answers), answers
    assert given_by_the_books(*sellers, sam) == 120
    books_hold()


# ---- command line -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_roles_from_the_command_line(olga: User, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    assert run("users", "add", "sue@example.com", "--role", "support", "--credits", "0")[0] == 0
    sue = User.objects.get(email="sue@example.com")
    assert sue.role == Role.SUPPORT and not sue.is_staff
    assert run("users", "role", "sue@example.com") == (0, "support\n")
    assert json.loads(run("users", "role", "sue@example.com", "owner", "--json")[1]) == {
        "email": "sue@example.com", "role": "owner", "staff": True, "changed": True}  # fmt: skip
    assert run("users", "role", "sue@example.com", "seller") == (0, "sue@example.com is now a seller.\n")
    refused = run("users", "role", "olga@example.com", "support")
    assert refused[0] == 2 and "only owner" in refused[1]
    assert run("users", "add", "x@example.com", "--role", "support", "--staff")[0] == 2
    assert run("users", "role", "sue@example.com", "king")[0] == 2
    roles = {u["email"]: u["role"] for u in json.loads(run("users", "list", "--json")[1])["users"]}
    assert roles == {"olga@example.com": "owner", "sue@example.com": "seller"}


@pytest.mark.django_db
def test_a_person_written_by_the_version_before_is_a_seller_or_an_owner(db: None) -> None:
    """The version before names no role; its operators are owners and its sellers are sellers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (password, is_superuser, email, is_active, is_staff, created_at)"
            " VALUES ('!', %s, 'old@example.com', %s, %s, %s)",
            [False, True, True, ports.now()],
        )
    assert User.objects.get(email="old@example.com").role == Role.OWNER
    User.objects.filter(email="old@example.com").update(is_staff=False)
    assert User.objects.get(email="old@example.com").role == Role.SELLER


@pytest.mark.django_db
def test_support_cannot_be_erased_while_it_works_here(sue: User, alice: User) -> None:
    from elistit.maintenance.own_data import asking

    with pytest.raises(NotPossible, match="make you a seller first"):
        asking.request_erasure(sue)
    assert asking.request_erasure(alice).owner == alice
