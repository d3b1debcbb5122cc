"""Trial credits: once per person, none for throw-away addresses, a limited number per network and day (rules §7).

Only keyed digests of addresses and networks are kept; they outlive a change of address and the account itself, so that
signing up again with the same address brings no second trial. A refusal never keeps anybody out: the account opens without
the credits, and its owner sees why. An operator who adds a person vouches for them: only “once per person” holds then.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from elistit import config, ports
from elistit.accounts import identity
from elistit.accounts.models import User
from elistit.credits import ledger, plans
from elistit.credits.models import CreditGrant
from elistit.maintenance.task import Run
from elistit.support.models import TrialAddress, TrialPlace, TrialRefusal

PLACES_KEPT = dt.timedelta(days=30)
BATCH = 1000


def start(user: User, *, ip: str = "", vouched: bool = True) -> bool:
    """Open the person's account, with the trial credits when they are due. False when they are not; `refusal` says why.
    Safe to call again and at once twice. `vouched`: an operator adds this person, so domain and network do not count."""
    if _has_trial(user):
        return False
    reason = _refused(user.email, vouched)
    if reason is None:
        try:
            with transaction.atomic():
                _take_place(user.email, "" if vouched else identity.network(ip))
                plans.start_trial(user.pk)
            return True
        except _NetworkFull:
            reason = TrialRefusal.Reason.NETWORK
        except IntegrityError:
            reason = TrialRefusal.Reason.PERSON
    if _has_trial(user):  # Started a second time at the same moment.
        return False
    ledger.open_account(user.pk)
    TrialRefusal.objects.get_or_create(person=user, defaults={"reason": reason})
    return False


def refusal(user: User) -> str:
    """Why this person got no trial credits, in words; empty when they got them or were never asked about."""
    found = TrialRefusal.objects.filter(person=user).first()
    return found.words if found else ""


def note(address: str) -> None:
    """An address belongs to a person who had their trial: it brings no other."""
    TrialAddress.objects.get_or_create(digest=_digest(identity.person(address)))


def remember(user: User, addresses: list[str]) -> None:
    """The account of a person who had the trial is about to be erased: none of their addresses brings another one."""
    if _has_trial(user):
        for address in addresses:
            note(address)


def had(address: str) -> bool:
    """Whether the person of an address had the trial, under any secret key this installation had that is still listed.
    Addresses noted before plus tags and dots were left out are found as they were written."""
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    written = (identity.person(address), address.strip().lower())
    return TrialAddress.objects.filter(digest__in=[_digest(one, str(key)) for one in written for key in keys]).exists()


def _has_trial(user: User) -> bool:
    return CreditGrant.objects.filter(account__owner=user, source="trial").exists()


class _NetworkFull(Exception):
    """This network has started as many trials today as it may."""


def _refused(address: str, vouched: bool) -> TrialRefusal.Reason | None:
    more = config.current().people.trial_refused_domains
    domains = frozenset(identity.domain_of(f"x@{one.strip()}") for one in more.split(",") if one.strip())
    if not vouched and more.lower() != "off" and identity.is_throw_away(address, domains):
        return TrialRefusal.Reason.DOMAIN
    return TrialRefusal.Reason.PERSON if had(address) else None


def _take_place(address: str, network: str) -> None:
    """Note the person and take the network's next place of today. Raises IntegrityError when the person is noted already,
    _NetworkFull. Each place is one row of its own, so that two at the same moment cannot both take the last."""
    TrialAddress.objects.create(digest=_digest(identity.person(address)))
    most = config.current().people.trials_per_network
    if not network or most <= 0:
        return
    today, digest = ports.now().date(), _digest(network)
    while (taken := TrialPlace.objects.filter(network=digest, day=today).count()) < most:
        try:
            with transaction.atomic():
                TrialPlace.objects.create(network=digest, day=today, place=taken + 1)
            return
        except IntegrityError:  # Somebody else of this network took it at the same moment.
            continue
    raise _NetworkFull


def delete_old_places(_: Run | None = None) -> int:
    """Delete the places networks took over 30 days ago, and return how many. Only today's are ever counted."""
    old = (
        TrialPlace.objects.filter(day__lt=(ports.now() - PLACES_KEPT).date())
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return TrialPlace.objects.filter(pk__in=list(old[:BATCH])).delete()[0]


def _digest(text: str, key: str | None = None) -> str:
    return salted_hmac("elistit trial address", text, secret=key, algorithm="sha256").hexdigest()
