"""Rules §7: the same idempotency key gives the same answer, for every act that costs, whatever came in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import commands
from elistit.credits import audit, ledger
from elistit.credits.ledger import IdempotencyConflict
from elistit.credits.models import CreditTransaction
from elistit.ports import FixedClock, Kind
from elistit.projects import giving, idempotency, interrupted
from elistit.projects.models import Item, Job, Project
from elistit.projects.request_models import AcceptedCharge, AcceptedRequest, AcceptedSince
from elistit.support import actions
from tests.conformance.conftest import COUNT, PRICE, World

pytestmark = pytest.mark.django_db
REASON = "For the trouble of yesterday"


def remake(world: World, project: Project, key: str, number: int = 6, prompt: str | None = None) -> Project:
    done = commands.remake(world.user, project.pk, number, prompt=prompt, idempotency_key=key)
    world.engine.run()
    return done


def charged(world: World, number: int = 6) -> list[int]:
    return [amount for kind, amount, item in world.rows() if kind == "SPEND_CREDIT" and item == number]


def sound() -> None:
    assert [check for check in audit.run()["checks"] if not check["ok"]] == []


def test_a_remake_asked_for_again_after_another_one_is_charged_once(world: World) -> None:
    project = world.to_gate()
    for key in ("A", "B", "A", "B", "A"):
        remake(world, project, key)
    assert charged(world) == [-1, -1]
    assert Item.objects.get(job__project=project, number=6).round == 2
    sound()


def test_a_remake_asked_for_again_after_the_approval_is_answered(world: World) -> None:
    project = world.to_gate()
    remake(world, project, "A")
    commands.approve(world.user, project.pk)
    assert remake(world, project, "A").pk == project.pk
    assert charged(world) == [-1]
    with pytest.raises(commands.NotPossible):
        remake(world, project, "C")


def test_a_remake_asked_for_again_after_the_project_was_deleted_is_answered(world: World) -> None:
    project = world.to_gate()
    remake(world, project, "A")
    commands.delete(world.user, project.pk)
    assert remake(world, project, "A").stage == "deleted"
    with pytest.raises(commands.NotFound):
        remake(world, project, "C")


@pytest.mark.parametrize(
    "other",
    [
        lambda world, project: remake(world, project, "A", number=7),
        lambda world, project: remake(world, project, "A", prompt="a blue fox"),
        lambda world, project: world.launch(key="A"),
        lambda world, project: commands.write_listing_again(world.user, project.pk, idempotency_key="A"),
        lambda world, project: commands.make_print_ready(world.user, project.pk, idempotency_key="A"),
    ],
    ids=["another item", "another prompt", "a launch", "a listing", "print-ready"],
)
def test_a_key_that_stands_for_a_remake_stands_for_nothing_else(
    world: World, other: Callable[[World, Project], Any]
) -> None:
    project = world.to_gate()
    remake(world, project, "A")
    before = world.rows()
    with pytest.raises(IdempotencyConflict):
        other(world, project)
    assert world.rows() == before and Project.objects.count() == 1


def test_a_remake_under_the_key_of_the_launch_is_an_error(world: World) -> None:
    project = world.to_gate()
    with pytest.raises(IdempotencyConflict):
        remake(world, project, "k1")
    assert charged(world) == []


def test_keys_of_two_sellers_are_their_own(world: World, clock: FixedClock) -> None:
    bob = World(clock, "bob@example.com")
    assert world.launch(key="A").pk != bob.launch(key="A").pk
    assert [row[1] for row in world.rows()] == [-PRICE] and [row[1] for row in bob.rows()] == [-PRICE]


def test_a_launch_asked_for_again_is_answered_though_it_could_not_be_booked_now(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = world.launch(key="A")
    monkeypatch.setattr(commands.model_availability, "models", lambda product: [])
    monkeypatch.setattr("elistit.projects.launch.check", lambda spec: pytest.fail("the order was judged again"))
    assert world.launch(key="A").pk == project.pk
    assert len(world.rows()) == 1


def test_a_listing_written_again_is_answered_after_everything(world: World) -> None:
    world.fails("listing", 0, Kind.REJECTED, times=2)
    project = world.to_end()
    commands.write_listing_again(world.user, project.pk, idempotency_key="A")
    world.engine.run()
    commands.write_listing_again(world.user, project.pk, idempotency_key="B")
    world.engine.run()
    for key in ("A", "B", "A"):
        assert commands.write_listing_again(world.user, project.pk, idempotency_key=key).pk == project.pk
    assert Job.objects.filter(project=project, kind="listing").count() == 2
    sound()


def test_a_deleted_project_takes_no_further_job(world: World) -> None:
    project = world.to_gate()
    commands.delete(world.user, project.pk)
    before = world.rows()
    with pytest.raises(commands.NotFound):
        commands.write_listing_again(world.user, project.pk, idempotency_key="L")
    assert world.rows() == before and not AcceptedRequest.objects.filter(key__endswith="L").exists()


def test_a_refused_act_leaves_its_key_free(world: World) -> None:
    project = world.to_gate()
    ledger.adjust(world.user.pk, -world.balance(), reason="Spent", actor="test", idempotency_key="down")
    with pytest.raises(ledger.InsufficientCredits):
        remake(world, project, "A")
    assert not AcceptedRequest.objects.filter(key="A").exists()
    ledger.grant(world.user.pk, 5, source="test", idempotency_key="up", reason="More")
    remake(world, project, "A")
    assert charged(world) == [-1]


# ---- goodwill -------------------------------------------------------------------------------------------------------------


def test_goodwill_under_one_key_is_given_once_and_never_for_another_amount_or_person(world: World) -> None:
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    key, before = ports.new_id(), world.balance()
    row = actions.goodwill(olga, world.user, 10, reason=REASON, key=key)
    actions.goodwill(olga, world.user, 20, reason=REASON, key=ports.new_id())
    assert actions.goodwill(olga, world.user, 10, reason=REASON, key=key).pk == row.pk
    with pytest.raises(IdempotencyConflict):
        actions.goodwill(olga, world.user, 11, reason=REASON, key=key)
    with pytest.raises(IdempotencyConflict):
        actions.goodwill(olga, olga, 10, reason=REASON, key=key)
    assert world.balance() == before + 30


def test_goodwill_from_before_there_were_accepted_requests_is_answered_as_it_was(world: World) -> None:
    olga = User.objects.create_user("olga@example.com", is_staff=True)
    key = ports.new_id()
    row = actions.goodwill(olga, world.user, 10, reason=REASON, key=key)
    AcceptedRequest.objects.all().delete()
    balance = world.balance()
    assert actions.goodwill(olga, world.user, 10, reason=REASON, key=key).pk == row.pk
    with pytest.raises(IdempotencyConflict):
        actions.goodwill(olga, world.user, 11, reason=REASON, key=key)
    assert world.balance() == balance


@pytest.mark.parametrize("key", ["gift", "x" * 80])
def test_goodwill_from_the_command_line_with_an_end_is_answered_however_much_later(
    world: World, clock: FixedClock, key: str
) -> None:
    def give(amount: int = 10) -> ledger.Posting:
        return giving.give(world.user.pk, amount, reason="Sorry", days=30, idempotency_key=key)

    first = give()
    clock.advance(86_400)
    assert (give().id, give().replayed) == (first.id, True)
    with pytest.raises(IdempotencyConflict):
        give(11)
    AcceptedRequest.objects.all().delete()
    assert give().id == first.id


# ---- keys from before -----------------------------------------------------------------------------------------------------


def forget() -> None:
    """As the version before left it: no rows of accepted requests."""
    AcceptedCharge.objects.all().delete()
    AcceptedRequest.objects.all().delete()


def test_keys_from_before_there_were_accepted_requests_answer_as_before(world: World) -> None:
    project = world.launch(key="A")
    world.engine.run()
    remake(world, project, "B", prompt="a blue fox")
    forget()
    before = world.rows()
    assert world.launch(key="A").pk == project.pk
    remake(world, project, "B", prompt="a blue fox")
    with pytest.raises(IdempotencyConflict):
        world.launch(key="A", count=COUNT - 1)
    with pytest.raises(IdempotencyConflict):
        remake(world, project, "B", prompt="a red fox")
    assert world.rows() == before and not AcceptedRequest.objects.exists()


def test_charges_from_before_are_excepted_by_the_moment_the_upgrade_wrote_down(world: World, clock: FixedClock) -> None:
    project = world.to_gate()
    forget()
    assert not audit.run()["ok"]
    AcceptedSince.objects.create(at=clock.now() + ports.dt.timedelta(seconds=1))
    sound()
    clock.advance(2)
    remake(world, project, "A")
    sound()
    AcceptedCharge.objects.all().delete()
    assert [c["name"] for c in audit.run()["checks"] if not c["ok"]] == ["every charge has its accepted request"]


# ---- at once, and interrupted -----------------------------------------------------------------------------------------------


def at_once(act: Callable[[], Any], times: int = 4) -> list[Any]:
    start, answers = threading.Barrier(times), list[Any]()

    def one() -> None:
        try:
            start.wait()
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_requests_with_one_key_at_one_moment_are_one_act_with_one_answer(world: World) -> None:
    # The clock and the engine are the main thread's: the other ones run on the machine's own clock.
    answers = at_once(lambda: world.launch(key="A").pk)
    assert len({str(a) for a in answers}) == 1 and Project.objects.count() == 1, answers
    assert [row[1] for row in world.rows()] == [-PRICE]
    world.engine.run()
    project = Project.objects.get()
    answers = at_once(lambda: commands.remake(world.user, project.pk, 6, idempotency_key="R").pk)
    assert answers == [project.pk] * 4
    assert charged(world) == [-1]
    assert AcceptedRequest.objects.count() == AcceptedCharge.objects.count() == 2


def test_what_fails_between_the_charge_and_the_end_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = world.to_gate()
    before = world.rows()
    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "charged", lambda *_: (_ for _ in ()).throw(RuntimeError("the machine stopped")))
        with pytest.raises(RuntimeError) as fault:
            remake(world, project, "A")
    told = interrupted.interruption_of(fault.value)
    assert told is not None and str(told) == "This is our fault. You weren't charged for this request."
    assert world.rows() == before and not AcceptedRequest.objects.filter(key="A").exists()
    remake(world, project, "A")
    assert charged(world) == [-1]


# ---- any history ------------------------------------------------------------------------------------------------------------

COSTLY = ("launch", "remake", "again", "gift")
STEPS = st.tuples(
    st.sampled_from([*COSTLY, "remake", "drop", "approve", "delete"]), st.sampled_from("ABCD"), st.integers(1, 2)
)


class History:
    """A seller who sends requests with keys that come again, and what each key was answered first."""

    def __init__(self, world: World) -> None:
        self.world, self.project = world, world.to_gate()
        self.answered: dict[str, tuple[tuple[Any, ...], Any]] = {"k1": (("launch", 0), self.project.pk)}

    def step(self, what: str, key: str, n: int) -> None:
        if what in COSTLY:
            self._ask(what, key, n)
        else:
            self._free(what, n)
        self.world.engine.run()

    def _act(self, what: str, key: str, n: int) -> Any:
        world, pk = self.world, self.project.pk
        if what == "launch":
            return world.launch(key=key, count=COUNT + n).pk
        if what == "remake":
            return commands.remake(world.user, pk, n, idempotency_key=key).pk
        if what == "again":
            return commands.write_listing_again(world.user, pk, idempotency_key=key).pk
        return giving.give(world.user.pk, n, reason="Sorry", days=None, idempotency_key=key).id

    def _ask(self, what: str, key: str, n: int) -> None:
        # The command line's keys are apart from the seller's own.
        mine = f"{what} {key}" if what == "gift" else key
        on = self.project.pk if what in ("remake", "again") else ""
        body, rows = (what, on, 0 if what == "again" else n), self.world.rows()
        try:
            answer = self._act(what, key, n)
        except IdempotencyConflict:
            assert self.answered[mine][0] != body
        except (commands.NotPossible, commands.NotFound):
            assert mine not in self.answered, "what was accepted is refused when it comes again"
        else:
            if mine not in self.answered:
                self.answered[mine] = (body, answer)
                assert len(self.world.rows()) == len(rows) + 1
                return
            assert self.answered[mine] == (body, answer), "the same key was answered differently"
        assert self.world.rows() == rows, "a repetition or a refusal moved credits"

    def _free(self, what: str, n: int) -> None:
        acts: dict[str, Callable[[], object]] = {
            "drop": lambda: commands.drop(self.world.user, self.project.pk, n),
            "approve": lambda: commands.approve(self.world.user, self.project.pk),
            "delete": lambda: commands.delete(self.world.user, self.project.pk),
        }
        try:
            acts[what]()
        except (commands.NotPossible, commands.NotFound):
            return


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12))
def test_in_any_history_a_key_is_charged_once_and_answered_the_same(
    world: World, clock: FixedClock, steps: list[tuple[str, str, int]]
) -> None:
    one = World(clock, f"{ports.new_id().lower()}@example.com", credits=1_000)
    one.engine = world.engine
    world.script.clear()
    world.shop = False  # the scripted shop gives every draft the same id
    world.fails("listing", 0, Kind.REJECTED, times=1)
    history = History(one)
    for step in steps:
        history.step(*step)
    accepted = [body for body, _ in history.answered.values()]
    spent = CreditTransaction.objects.filter(account__owner=one.user, type="SPEND_CREDIT").count()
    assert spent == len([body for body in accepted if body[0] != "gift"])
    assert AcceptedRequest.objects.filter(owner=one.user).count() == len(accepted)
    sound()
