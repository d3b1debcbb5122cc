"""Print drafts: what is quoted is what Gelato says, one quote makes at most one draft, and nothing is ever submitted."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import print_drafts
from elistit.delivery.models import PrintDraft
from elistit.maintenance import print_drafts as maintenance
from elistit.maintenance.task import Run
from elistit.projects import changes, gate
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project, ProjectFile
from elistit.projects.states import Stage
from tests.delivery.gelato_server import SMALL, FakeGelato, sheet
from tests.delivery.prints import PERSON, PLACE, a_poster, gelato, quoted
from tests.studio.conftest import a_person, booked

__all__ = ["gelato"]
pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3600


@pytest.fixture(autouse=True)
def clock() -> Iterator[ports.FixedClock]:
    with ports.use_clock(ports.FixedClock()) as clock:
        assert isinstance(clock, ports.FixedClock)
        yield clock


@pytest.fixture
def alice() -> User:
    return a_person("alice@example.com", 100)


@pytest.fixture
def poster(alice: User) -> Project:
    return a_poster(alice)


def made(owner: User, row: PrintDraft, person: dict[str, str] = PERSON, method: str = "") -> PrintDraft:
    return print_drafts.create(owner, row.project, row.pk, person, method)


def test_a_quote_is_what_gelato_wrote_to_the_last_digit(alice: User, poster: Project, gelato: FakeGelato) -> None:
    gelato.price = "11.500"
    row = quoted(alice, poster)
    assert (row.price, row.currency, row.state, row.dpi) == ("11.500", "USD", "quoted", 609)
    assert [(m["uid"], m["price"], m["days"]) for m in row.shipping] == [
        ("letter_post", "4.05", [5, 8]), ("courier", "9.90", [2, 3]),
    ]  # fmt: skip
    assert gelato.orders == {} and row.address == {}
    sent = next(body for point, body in gelato.asked if point == "quote")
    assert sent["recipient"]["postCode"] == "11203" and "alice" not in str(sent), "a quote names no one"


def test_only_sizes_the_file_fills_are_quoted(alice: User, poster: Project, gelato: FakeGelato) -> None:
    for product in (sheet("1400x2100-mm", 1, 1)["productUid"], sheet("300x400-mm", 1, 1)["productUid"], "invented"):
        with pytest.raises(InvalidSpec) as refused:
            quoted(alice, poster, product)
        assert set(refused.value.errors) == {"size"}
    assert "quote" not in gelato.points()


def test_a_draft_is_made_once_however_often_it_is_asked_for(alice: User, poster: Project, gelato: FakeGelato) -> None:
    row = quoted(alice, poster)
    first = made(alice, row)
    assert (first.state, first.gelato_status) == ("draft", "draft") and first.order_id in gelato.orders
    assert made(alice, row).order_id == first.order_id and len(gelato.orders) == 1
    assert gelato.points().count("create") == 1
    order = gelato.orders[first.order_id]
    assert order["orderReferenceId"] == row.pk and order["shipmentMethodUid"] == "letter_post"
    assert order["shippingAddress"]["lastName"] == "Recipient" and order["items"][0]["productUid"] == SMALL
    with pytest.raises(NotPossible):
        made(alice, row, {**PERSON, "first_name": "Eve"})
    with pytest.raises(NotPossible):
        made(alice, row, method="courier")


def test_a_lost_answer_is_looked_up_and_makes_no_second_draft(alice: User, poster: Project, gelato: FakeGelato) -> None:
    row = quoted(alice, poster)
    gelato.lose = {"create": "after"}
    lost = made(alice, row)
    assert lost.state == "unknown" and "don't know yet" in lost.reason and len(gelato.drafts) == 1
    gelato.lose = {}
    found = made(alice, row)
    assert found.state == "draft" and found.order_id == gelato.drafts[0]["id"] and len(gelato.drafts) == 1


def test_a_draft_that_the_search_lists_late_is_waited_for(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    row = quoted(alice, poster)
    gelato.lose, gelato.delay = {"create": "after"}, 2
    made(alice, row)
    gelato.lose = {}
    for _ in range(2):
        clock.advance(600)
        with pytest.raises(NotPossible, match="doesn't list the draft yet"):
            made(alice, row)
    assert print_drafts.refresh(alice, row.project, row.pk).state == "draft"
    assert len(gelato.drafts) == 1 and gelato.points().count("create") == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_draft_that_never_arrived_can_be_made_after_an_hour(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock, when: str
) -> None:
    """`after`: it had arrived, and Gelato lists it only once a second one is there. The second goes."""
    row = quoted(alice, poster)
    gelato.lose, gelato.delay = {"create": when}, 2
    made(alice, row)
    gelato.lose = {}
    with pytest.raises(NotPossible):
        made(alice, row)
    clock.advance(HOUR + 1)
    gelato.delay = 0
    again = made(alice, row)
    assert again.state == "draft" and again.sends == 2
    assert len(gelato.drafts) == (1 if when == "before" else 2)
    assert print_drafts.refresh(alice, row.project, row.pk).state == "draft"
    assert [d["id"] for d in gelato.drafts] == [again.order_id], "one quote, one draft"


def test_two_at_once_send_once(alice: User, poster: Project, gelato: FakeGelato) -> None:
    row = quoted(alice, poster)
    start, ends = threading.Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            ends.append(made(alice, row).state)
        except NotPossible as refused:
            ends.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert gelato.points().count("create") == 1 and len(gelato.drafts) == 1
    assert "draft" in ends and len(ends) == 2


def test_a_studio_that_died_while_sending_looks_first(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    row = quoted(alice, poster)
    made(alice, row)
    PrintDraft.objects.filter(pk=row.pk).update(state="sending", order_id="")
    with pytest.raises(NotPossible, match="being created"):
        made(alice, row)
    clock.advance(121)
    assert made(alice, row).state == "draft" and len(gelato.drafts) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "rejected this studio's key"), (403, "rejected this studio's key"), (429, "too many requests")],
)
def test_a_refusal_of_the_studio_creates_nothing_and_may_be_repeated(
    alice: User, poster: Project, gelato: FakeGelato, status: int, words: str
) -> None:
    row = quoted(alice, poster)
    gelato.refuse = {"create": (status, {"message": "No."}, {})}
    with pytest.raises(NotPossible, match=words):
        made(alice, row)
    row.refresh_from_db()
    assert row.state == "rejected" and words in row.reason
    gelato.refuse = {}
    assert made(alice, row).state == "draft" and len(gelato.drafts) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_leaves_the_draft_unknown(alice: User, poster: Project, gelato: FakeGelato, status: int) -> None:
    row = quoted(alice, poster)
    gelato.refuse = {"create": (status, b"<html>", {})}
    assert made(alice, row).state == "unknown"
    gelato.refuse = {}
    with pytest.raises(NotPossible, match="won't create a second one"):
        made(alice, row)
    assert gelato.points().count("create") == 1


def test_what_gelato_finds_wrong_is_named_by_field(alice: User, poster: Project, gelato: FakeGelato) -> None:
    row = quoted(alice, poster)
    wrong = {"reference": "shippingAddress.addressLine1", "message": "This address does not exist."}
    gelato.refuse = {"create": (400, {"code": "invalid", "message": "Invalid request.", "details": [wrong]}, {})}
    with pytest.raises(InvalidSpec) as refused:
        made(alice, row)
    assert refused.value.errors == {"address_line1": "Gelato says: This address does not exist."}
    gelato.refuse = {"quote": (400, {"message": "No shipment to this country."}, {})}
    with pytest.raises(InvalidSpec) as refused:
        quoted(alice, poster)
    assert refused.value.errors == {
        "country": "Gelato couldn't quote this. Gelato says: “No shipment to this country”."
    }


def test_bad_fields_ask_gelato_nothing(alice: User, poster: Project, gelato: FakeGelato) -> None:
    row = quoted(alice, poster)
    asked = len(gelato.asked)
    for change in ({"first_name": ""}, {"email": "nobody"}, {"address_line1": "x" * 36}):
        with pytest.raises(InvalidSpec) as refused:
            made(alice, row, {**PERSON, **change})
        assert set(refused.value.errors) == set(change)
    for change in ({"country": "USA"}, {"state": ""}, {"city": "x" * 31}, {"post_code": ""}):
        with pytest.raises(InvalidSpec) as refused:
            print_drafts.quote(alice, poster.pk, SMALL, {**PLACE, **change})
        assert set(refused.value.errors) == set(change)
    assert len(gelato.asked) == asked


@pytest.mark.parametrize(
    "answer", [{}, {"quotes": []}, {"quotes": [{}, {}]}, {"quotes": [{"products": [], "shipmentMethods": []}]}]
)
def test_a_quote_we_cannot_read_is_no_quote(alice: User, poster: Project, gelato: FakeGelato, answer: object) -> None:
    gelato.refuse = {"quote": (200, answer, {})}
    with pytest.raises(NotPossible, match="couldn't read"):
        quoted(alice, poster)
    assert not PrintDraft.objects.exists()


def test_status_follows_gelato_and_a_submitted_order_is_left_alone(
    alice: User, poster: Project, gelato: FakeGelato
) -> None:
    row = made(alice, quoted(alice, poster))
    gelato.orders[row.order_id] |= {"orderType": "order", "fulfillmentStatus": "printed"}
    seen = print_drafts.refresh(alice, row.project, row.pk)
    assert (seen.state, seen.gelato_status, seen.address) == ("submitted", "printed", {})
    with pytest.raises(NotPossible, match="only be canceled there"):
        print_drafts.delete(alice, row.project, row.pk)
    assert row.order_id in gelato.orders and "delete" not in gelato.points()


def test_deleting_takes_the_draft_and_the_address(alice: User, poster: Project, gelato: FakeGelato) -> None:
    row = made(alice, quoted(alice, poster))
    gelato.lose = {"delete": "after"}
    with pytest.raises(NotPossible):
        print_drafts.delete(alice, row.project, row.pk)
    gelato.lose = {}
    PrintDraft.objects.filter(pk=row.pk).update(sent_at=ports.now() - print_drafts.SETTLE)
    gone = print_drafts.delete(alice, row.project, row.pk)
    assert (gone.state, gone.address) == ("deleted", {}) and gelato.orders == {}
    assert print_drafts.delete(alice, row.project, row.pk).state == "deleted"
    with pytest.raises(NotPossible, match="was deleted"):
        made(alice, row)


def test_a_draft_deleted_in_gelato_is_said_so_once_it_is_sure(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    row = made(alice, quoted(alice, poster))
    gelato.orders.clear()
    with pytest.raises(NotPossible, match="can't find the draft"):
        print_drafts.refresh(alice, row.project, row.pk)
    clock.advance(HOUR)
    assert print_drafts.refresh(alice, row.project, row.pk).state == "deleted"


def test_an_old_quote_and_a_rebuilt_file_make_no_draft(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    row, other = quoted(alice, poster), quoted(alice, poster)
    ProjectFile.objects.filter(pk=row.file).delete()
    with pytest.raises(NotPossible, match="deleted or rebuilt"):
        made(alice, other)
    clock.advance(24 * HOUR + 1)
    with pytest.raises(NotPossible, match="24 hours old"):
        made(alice, row)
    assert gelato.orders == {}


def test_a_day_has_room_for_so_many_drafts(
    alice: User, poster: Project, gelato: FakeGelato, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_drafts, "DRAFTS_PER_DAY", 1)
    made(alice, quoted(alice, poster))
    with pytest.raises(NotPossible, match="1 drafts a day"):
        made(alice, quoted(alice, poster))


def test_gelato_must_be_able_to_fetch_the_file(
    alice: User, poster: Project, gelato: FakeGelato, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = quoted(alice, poster)
    monkeypatch.setenv("ELISTIT_GELATO_ORDER_URL", "https://gelato.example")
    with pytest.raises(NotPossible, match="public address"):
        made(alice, row)


def test_another_persons_prints_are_not_there(alice: User, poster: Project, gelato: FakeGelato) -> None:
    bob = a_person("bob@example.com")
    row = quoted(alice, poster)
    for act in (
        lambda: made(bob, row), lambda: print_drafts.refresh(bob, poster.pk, row.pk),
        lambda: print_drafts.delete(bob, poster.pk, row.pk), lambda: quoted(bob, poster),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    other = booked(alice)
    with pytest.raises(NotFound):
        print_drafts.refresh(alice, other.pk, row.pk)
    with pytest.raises(NotPossible, match="once the project is finished"):
        quoted(alice, other)


def test_without_a_key_there_are_no_prints(
    alice: User, poster: Project, gelato: FakeGelato, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = quoted(alice, poster)
    monkeypatch.delenv("ELISTIT_GELATO_KEY")
    for act in (lambda: quoted(alice, poster), lambda: made(alice, row)):
        with pytest.raises(NotPossible, match="isn't set up"):
            act()
    assert gate.own_project(alice, poster.pk) == poster


def test_an_account_that_ends_takes_its_drafts_along(
    alice: User, poster: Project, gelato: FakeGelato, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = made(alice, quoted(alice, poster)), made(alice, quoted(alice, poster))
    gelato.orders[two.order_id]["orderType"] = "order"
    gelato.refuse = {"order": (503, {}, {})}
    with pytest.raises(print_drafts.StillThere):
        print_drafts.close_all(alice)
    gelato.refuse = {}
    print_drafts.close_all(alice)
    assert list(gelato.orders) == [two.order_id], "what was submitted is the operator's"
    assert not PrintDraft.objects.exclude(address={}).exists()
    left = made(alice, quoted(alice, poster))
    monkeypatch.delenv("ELISTIT_GELATO_KEY")
    print_drafts.close_all(alice)
    assert left.pk in caplog.text and "may still be at Gelato" in caplog.text
    assert one.pk not in caplog.text


def test_a_deleted_project_takes_its_drafts_along(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    one, two, rejected = (made(alice, quoted(alice, poster)) for _ in range(3))
    PrintDraft.objects.filter(pk=rejected.pk).update(state="rejected", order_id="")
    del gelato.orders[rejected.order_id]
    other = made(alice, quoted(alice, a_poster(alice)))
    gelato.orders[two.order_id]["orderType"] = "order"
    assert maintenance.delete_drafts() == 0, "nothing was deleted"
    changes.move_stage(poster.pk, Stage.DELETED)
    gelato.refuse = {"delete": (503, {}, {})}
    run = Run("delete-print-drafts")
    assert maintenance.delete_drafts(run) == 1, "the one that was rejected"
    assert len(run.errors) == 1 and one.order_id in gelato.orders
    gelato.refuse = {}
    clock.advance(HOUR)
    assert (maintenance.delete_drafts(Run("delete-print-drafts")), maintenance.delete_drafts()) == (1, 0)
    assert set(gelato.orders) == {two.order_id, other.order_id}, "what was submitted stays, and other projects' drafts"
    assert set(PrintDraft.objects.exclude(address={}).values_list("pk", flat=True)) == {other.pk}


def test_an_unconfirmed_draft_of_a_deleted_project_is_asked_for_until_it_is_known(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    gelato.lose, gelato.delay = {"create": "after"}, 1
    row = made(alice, quoted(alice, poster))
    gelato.lose = {}
    assert row.state == "unknown"
    changes.move_stage(poster.pk, Stage.DELETED)
    with monkeypatch.context() as without:
        without.delenv("ELISTIT_GELATO_KEY")
        assert maintenance.delete_drafts() == 0 and len(gelato.orders) == 1
    run = Run("delete-print-drafts")
    assert maintenance.delete_drafts(run) == 0 and run.errors == [], "Gelato doesn't list it yet"
    assert maintenance.delete_drafts(run) == 1 and gelato.orders == {}


def test_old_quotes_are_deleted_and_drafts_are_not(
    alice: User, poster: Project, gelato: FakeGelato, clock: ports.FixedClock
) -> None:
    old, draft = quoted(alice, poster), made(alice, quoted(alice, poster))
    clock.advance(6 * 24 * HOUR)
    young = quoted(alice, poster)
    assert maintenance.delete_quotes() == 0
    clock.advance(24 * HOUR + 1)
    assert maintenance.delete_quotes() == 1
    assert set(PrintDraft.objects.values_list("pk", flat=True)) == {draft.pk, young.pk} and old.pk != young.pk
