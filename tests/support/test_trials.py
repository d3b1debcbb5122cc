"""The trial comes once per person, not to throw-away addresses, and so many times per network and day (rules §7)."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client, RequestFactory, override_settings

from elistit import ports
from elistit.accounts import identity
from elistit.accounts.models import User
from elistit.credits import ledger
from elistit.support import entering, trials
from elistit.support.models import TrialAddress, TrialRefusal
from tests.support.test_entering import sign_up, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("alice@example.com", "Alice+shop@Example.COM", True),
        ("alice@example.com", "alice+a+b@example.com", True),
        ("a.li.ce@gmail.com", "alice@googlemail.com", True),
        ("A.Lice+x@GoogleMail.com", "alice@gmail.com", True),
        ("a.lice@example.com", "alice@example.com", False),
        ("alice@example.com", "alice@example.org", False),
        ("+alice@example.com", "+bob@example.com", False),
        ("alice@bücher.example", "ALICE@xn--bcher-kva.example", True),
        ("alice@BÜCHER.example", "alice@bücher.example.", True),
        ("ａｌｉｃｅ@example.com", "alice@example.com", True),
        ("straße@example.com", "STRASSE@example.com", True),
    ],
)
def test_which_addresses_are_one_persons(one: str, other: str, same: bool) -> None:
    assert (identity.person(one) == identity.person(other)) is same


@pytest.mark.parametrize(
    ("address", "throw_away"),
    [
        ("x@mailinator.com", True),
        ("x@box.mailinator.com", True),
        ("x@MAILINATOR.COM.", True),
        ("x@gmail.com", False),
        ("x@notmailinator.example", False),
        ("x@localhost", False),
        ("x@more.example", True),
        ("x@a b", False),
    ],
)
def test_which_addresses_are_made_to_be_thrown_away(address: str, throw_away: bool) -> None:
    assert identity.is_throw_away(address, frozenset({"more.example"})) is throw_away


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:203.0.113.7", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_which_addresses_are_of_one_network(one: str, other: str, same: bool) -> None:
    assert (identity.network(one) == identity.network(other)) is same and identity.network(one)
    assert identity.network("nobody") == ""


def confirmed(email: str, ip: str = "203.0.113.7") -> User:
    """Somebody signed up with this address from there and proved that it is theirs."""
    user = User(email=email)
    user.set_unusable_password()
    user.save()
    address = EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    request = RequestFactory().get("/", REMOTE_ADDR=ip)
    request.session = {}  # type: ignore[assignment]
    request._messages = type("None", (), {"add": lambda *_: None})()  # type: ignore[attr-defined]
    entering.address_confirmed(address, request=request)
    return user


def test_one_person_has_one_trial_however_they_write_their_address() -> None:
    first = confirmed("a.lice@gmail.com")
    assert ledger.balance(first.pk) == 30 and trials.refusal(first) == ""
    for again in ("alice@gmail.com", "alice+2@googlemail.com", "ALICE@gmail.com"):
        person = confirmed(again, ip="198.51.100.1")
        assert ledger.balance(person.pk) == 0
        assert trials.refusal(person).startswith("Trial credits come once per person")
    entering.address_confirmed(EmailAddress.objects.get(user=first))
    assert trials.refusal(first) == "" and ledger.balance(first.pk) == 30


def test_an_account_that_is_deleted_leaves_no_second_trial() -> None:
    trials.note("bob@example.com")
    assert ledger.balance(confirmed("bob+new@example.com").pk) == 0
    assert "bob" not in "".join(TrialAddress.objects.values_list("digest", flat=True)), "only a keyed digest is kept"


def test_a_digest_of_before_the_secret_key_was_changed_is_found() -> None:
    with override_settings(SECRET_KEY="the key of before"):
        trials.note("carol@example.com")
    assert not trials.had("carol@example.com")
    with override_settings(SECRET_KEY_FALLBACKS=["the key of before"]):
        assert trials.had("Carol+1@example.com")
        assert ledger.balance(confirmed("carol@example.com").pk) == 0


def test_a_digest_of_the_address_as_it_was_written_is_found() -> None:
    TrialAddress.objects.create(digest=trials._digest("d.ave@gmail.com"))
    assert trials.had("D.ave@gmail.com")


def test_temporary_addresses_get_none_unless_the_operator_vouches_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    person = confirmed("x@mailinator.com")
    assert (ledger.balance(person.pk), TrialRefusal.objects.get(person=person).reason) == (0, "domain")
    monkeypatch.setenv("ELISTIT_TRIAL_REFUSED_DOMAINS", " Example.net, bücher.example ")
    assert [ledger.balance(confirmed(f"x@{d}").pk) for d in ("example.net", "xn--bcher-kva.example")] == [0, 0]
    monkeypatch.setenv("ELISTIT_TRIAL_REFUSED_DOMAINS", "off")
    assert ledger.balance(confirmed("y@mailinator.com").pk) == 30
    added = User.objects.create_user("z@mailinator.com")
    assert entering.start_trial(added) and ledger.balance(added.pk) == 30
    again = User.objects.create_user("z+2@mailinator.com")
    assert not entering.start_trial(again), "once per person holds for the operator too"


def test_a_network_starts_so_many_trials_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_TRIALS_PER_NETWORK", "2")
    clock = ports.FixedClock()
    with ports.use_clock(clock):
        people = [confirmed(f"p{n}@example.com", ip=f"203.0.113.{n}") for n in range(3)]
        assert [ledger.balance(p.pk) for p in people] == [30, 30, 0]
        assert trials.refusal(people[2]).startswith("Several trials were started from your network")
        assert ledger.balance(confirmed("other@example.com", ip="198.51.100.1").pk) == 30
        clock.advance(86400)
        assert ledger.balance(confirmed("next@example.com").pk) == 30
        monkeypatch.setenv("ELISTIT_TRIALS_PER_NETWORK", "0")
        assert [ledger.balance(confirmed(f"q{n}@example.com").pk) for n in range(3)] == [30] * 3


def test_a_refused_trial_is_explained_and_keeps_nobody_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    monkeypatch.setenv("ELISTIT_SIGNUP", "open")
    outbox.outbox = []
    cache.clear()
    trials.note("eve@example.com")
    sign_up(client, "eve+1@example.com")
    assert signed_in(client)
    words = "Trial credits come once per person"
    assert words in client.get("/settings/billing/").content.decode()
    assert ledger.balance(User.objects.get().pk) == 0
