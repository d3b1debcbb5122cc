"""Prints of a project at Gelato: a quote, a draft order made from it, its state, its deletion (decision 0064).

Nothing here submits an order: a draft is produced and paid for only when someone submits it in Gelato's dashboard. One quote makes
at most one draft: a guarded UPDATE claims the quote and is committed before anything is sent, and after an answer that was
lost, Gelato is asked for our reference; the draft is sent again only when Gelato still doesn't list it an hour later. Every
function asks Gelato at most a few times, never retries, and must not run inside a transaction. Free.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F

from elistit import ports
from elistit.accounts.models import User
from elistit.actions import print_recipients, print_sizes
from elistit.addresses import loopback
from elistit.delivery import print_link
from elistit.delivery.gelato import outcomes
from elistit.delivery.gelato.client import DRAFT, GelatoClient
from elistit.delivery.gelato.config import GelatoConfig
from elistit.delivery.gelato.wire import Answer
from elistit.delivery.models import PrintDraft
from elistit.ports import Failure, Kind
from elistit.projects import gate
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project

log = logging.getLogger(__name__)

State = PrintDraft.State
QUOTE_HOURS = 24
SETTLE = dt.timedelta(hours=1)
"""Gelato's search may not list a draft right after it was created. Before this has passed, a draft it doesn't list may be there."""
IN_FLIGHT = dt.timedelta(minutes=2)
"""Longer than any call may take: a creation that began before is not under way any longer."""
DRAFTS_PER_DAY = 50
QUOTES_KEPT_DAYS = 7
OPEN = (State.DRAFT, State.SUBMITTED)
_MAY_SEND = (State.QUOTED, State.REJECTED)

BEING_CREATED = "The draft is being created. Check its status in a minute."
NOT_LISTED = (
    "Gelato doesn't list the draft yet, and it can take up to an hour to appear there. Check again later. We won't create a second "
    "one before we know."
)  # fmt: skip
NEVER_ARRIVED = "Gelato doesn't list this draft, so it wasn't created. You can create it again."
GONE = "It was deleted in Gelato."
SUBMITTED = "This order was submitted in Gelato, so it can only be canceled there."
OTHER = "There is already a draft from this quote. Get a new quote for another recipient."
UNREACHABLE = "Gelato couldn't fetch the print file, because this studio isn't on a public address. Please tell the studio operator."


class StillThere(Exception):
    """A draft that is no longer needed can't be deleted at Gelato just now."""


def of_project(owner: User, project: Project) -> list[PrintDraft]:
    """The drafts of a project in every state, newest first, without bare quotes."""
    rows = PrintDraft.objects.filter(owner=owner, project=project.pk).exclude(state=State.QUOTED)
    return list(rows.order_by("-created_at", "-pk"))


def own(owner: User, public_id: str, reference: str) -> PrintDraft:
    """One quote or draft of the owner's project. Raises NotFound."""
    project = gate.own_project(owner, public_id)
    row = PrintDraft.objects.filter(pk=reference, owner=owner, project=project.pk).first()
    if row is None:
        raise NotFound("There is no such print.")
    return row


def quote(owner: User, public_id: str, product: str, place: Mapping[str, str]) -> PrintDraft:
    """What one print of a size costs at a destination, as Gelato says. Creates nothing there; each call is a new quote.

    `product` is a size's product. Raises NotFound, NotPossible, InvalidSpec by field.
    """
    project = gate.own_project(owner, public_id)
    size = next((s for s in print_sizes.of_project(project) if s.sheet.product == product), None)
    if size is None:
        raise InvalidSpec({"size": "Choose one of the sizes this print file fills."})
    destination = print_recipients.destination(place)
    now = ports.now()
    stale = now - dt.timedelta(days=QUOTES_KEPT_DAYS)
    PrintDraft.objects.filter(owner=owner, state=State.QUOTED, created_at__lt=stale).delete()
    file = project.files.get(pk=size.file.file)
    row = PrintDraft(
        reference=ports.new_id(), owner=owner, project=project.pk, item=file.item, file=file.pk, file_name=file.name,
        product=product, size=size.words, dpi=size.dpi, destination=destination, link_until=print_link.until(), created_at=now,
    )  # fmt: skip
    client = GelatoClient(GelatoConfig.from_environment())
    answer = client.quote(row.pk, _customer(owner), print_recipients.for_quote(destination), _item(row))
    if not answer.good:
        raise _refused(answer, "country")
    row.price, row.currency, row.shipping = _prices(row, answer)
    row.save(force_insert=True)
    return row


def create(
    owner: User, public_id: str, reference: str, recipient: Mapping[str, str], method: str = ""
) -> PrintDraft:  # fmt: skip
    """Create the draft order of a quote in the operator's Gelato account. The same request again answers the same draft.

    `method` is one of the quote's shipping methods, the cheapest when left out. Raises NotFound, NotPossible, InvalidSpec by
    field; after a lost answer the row is `unknown`, which is no error.
    """
    row = own(owner, public_id, reference)
    person = print_recipients.recipient(recipient)
    method = method or row.shipping[0]["uid"]
    if method not in [m["uid"] for m in row.shipping]:
        raise InvalidSpec({"shipping": "Choose one of the shipping methods of the quote."})
    client = _client()
    if row.sends and row.state not in (*OPEN, State.DELETED):
        row = _look_up(client, row)
    if row.state == State.DELETED:
        raise NotPossible("This draft was deleted. Get a new quote.")
    if row.state in OPEN:
        if row.state == State.DRAFT and (row.address != person or row.method != method):
            raise NotPossible(OTHER)
        return row
    if row.state not in _MAY_SEND:
        raise NotPossible(row.reason or BEING_CREATED)
    _may_create(owner, row)
    return _send(client, row, person, method)


def refresh(owner: User, public_id: str, reference: str) -> PrintDraft:
    """Ask Gelato for the state of a draft. Raises NotFound, NotPossible while Gelato can't be asked."""
    row = own(owner, public_id, reference)
    if row.state in (State.QUOTED, State.DELETED):
        return row
    client = _client()
    return _read(client, row) if row.state in OPEN else _look_up(client, row)


def delete(owner: User, public_id: str, reference: str) -> PrintDraft:
    """Delete a draft at Gelato, or a quote; the recipient's address goes, too. Idempotent. Raises NotFound, NotPossible for one that
    was submitted, or while Gelato can't be asked."""
    row = own(owner, public_id, reference)
    if row.state == State.DELETED:
        return row
    row, failed = _delete(row)
    if failed is not None:
        raise NotPossible(failed.reason)
    return row


def close_all(owner: User) -> None:
    """Delete every draft of a person whose account is being erased at Gelato; orders submitted there are the operator's. Raises
    StillThere while Gelato can't be asked. Without a working key the operator has to delete them there, and the log says so."""
    for row in PrintDraft.objects.filter(owner=owner, state__in=(State.SENDING, State.UNKNOWN, State.DRAFT)):
        if not print_sizes.enabled():
            failed: Failure | None = Failure(Kind.OPERATOR, print_sizes.NOT_SET_UP)
        else:
            try:
                _, failed = _delete(row)
            except NotPossible as refused:
                raise StillThere(str(refused)) from refused
        if failed is not None and failed.kind not in (Kind.OPERATOR, Kind.REJECTED):
            raise StillThere(failed.reason)
        if failed is not None:
            log.warning(
                "draft %s of an erased account may still be at Gelato: %s", row.pk, failed.detail or failed.reason
            )


def delete_unneeded(reference: str) -> bool:
    """Delete the draft of a deleted project at Gelato. False while it isn't known whether there is one, and for one that was submitted.
    Raises NotPossible, StillThere while Gelato can't be asked."""
    row, failed = _delete(PrintDraft.objects.select_related("owner").get(pk=reference))
    if failed is not None and row.state == State.DRAFT:
        raise StillThere(failed.reason)
    return row.state == State.DELETED


def link(row: PrintDraft) -> str:
    """The address Gelato fetches the print file from."""
    return print_link.address(row.pk, row.link_until, row.file_name)


# --- one draft ------------------------------------------------------------------------------------------------------------


def _send(client: GelatoClient, row: PrintDraft, person: dict[str, str], method: str) -> PrintDraft:
    """Claim the quote, create the draft, keep what came of it. Of several at once one sends."""
    number = row.sends + 1
    claimed = PrintDraft.objects.filter(pk=row.pk, state__in=_MAY_SEND, sends=row.sends).update(
        state=State.SENDING, sends=F("sends") + 1, sent_at=ports.now(), address=person, method=method, reason="",
        link_until=print_link.until(),
    )  # fmt: skip
    row.refresh_from_db()
    if not claimed:
        raise NotPossible(BEING_CREATED)
    to = print_recipients.for_gelato({**row.destination, **person})
    answer = client.create_draft(row.pk, _customer(row.owner), to, _item(row), method)
    if answer.good and answer.data and answer.data.get("id"):
        return _adopt(row, answer.data)
    failed = outcomes.failure(answer)
    unknown = failed.kind is Kind.UNKNOWN
    PrintDraft.objects.filter(pk=row.pk, state=State.SENDING, sends=number).update(
        state=State.UNKNOWN if unknown else State.REJECTED, reason=failed.reason
    )
    log.warning("print draft %s: %s", row.pk, failed.detail)
    row.refresh_from_db()
    if unknown:
        return row
    raise _refused(answer, "recipient")


def _look_up(client: GelatoClient, row: PrintDraft) -> PrintDraft:
    """Find a draft whose creation was not confirmed by our reference. Raises NotPossible while Gelato can't be asked."""
    now = ports.now()
    sent = row.sent_at or row.created_at
    if row.state == State.SENDING and now < sent + IN_FLIGHT:
        return row
    found = _listed(client, row)
    if found:
        return _adopt(row, found[0], found[1:], client)
    if row.state in (State.SENDING, State.UNKNOWN):
        over = now >= sent + SETTLE
        PrintDraft.objects.filter(pk=row.pk, state=row.state, sends=row.sends).update(
            state=State.REJECTED if over else State.UNKNOWN,
            reason=NEVER_ARRIVED if over else NOT_LISTED,
            checked_at=now,
        )
        row.refresh_from_db()
    return row


def _listed(client: GelatoClient, row: PrintDraft) -> list[dict[str, Any]]:
    """What Gelato lists under our reference: the one we know first, then what was submitted, then the oldest."""
    answer = client.search([row.pk])
    orders = (answer.data or {}).get("orders")
    if not answer.good or not isinstance(orders, list):
        raise NotPossible(outcomes.failure(answer).reason)
    ours = [o for o in orders if isinstance(o, dict) and o.get("orderReferenceId") == row.pk and o.get("id")]
    return sorted(
        ours, key=lambda o: (str(o["id"]) != row.order_id, o.get("orderType") == DRAFT, str(o.get("createdAt", "")))
    )


def _adopt(
    row: PrintDraft, order: Mapping[str, Any], others: list[dict[str, Any]] | None = None, client: GelatoClient | None = None
) -> PrintDraft:  # fmt: skip
    """Keep what Gelato says of the draft. Of further drafts under the same reference, which only a creation that arrived very late
    leaves behind, none stays."""
    state = State.DRAFT if order.get("orderType", DRAFT) == DRAFT else State.SUBMITTED
    kept: dict[str, Any] = {
        "state": state, "order_id": str(order["id"])[:120], "gelato_status": str(order.get("fulfillmentStatus", ""))[:60],
        "reason": "", "checked_at": ports.now(),
    }  # fmt: skip
    if state == State.SUBMITTED:
        kept["address"] = {}
    PrintDraft.objects.filter(pk=row.pk).exclude(state=State.DELETED).update(**kept)
    for other in others or []:
        if client is not None and other.get("orderType") == DRAFT:
            client.delete_draft(str(other["id"]))
    row.refresh_from_db()
    return row


def _read(client: GelatoClient, row: PrintDraft) -> PrintDraft:
    """A draft we know by Gelato's id, as it is now."""
    if row.sends > 1:
        # An earlier creation may have arrived after all.
        known = _listed(client, row)
        others = [order for order in known if str(order["id"]) != row.order_id]
    else:
        others = []
    answer = client.order(row.order_id)
    if answer.status == 404:
        if ports.now() < (row.sent_at or row.created_at) + SETTLE:
            raise NotPossible("Gelato can't find the draft right now. Check again later.")
        return _ended(row, GONE)
    if not answer.good or answer.data is None:
        raise NotPossible(outcomes.failure(answer).reason)
    return _adopt(row, {**answer.data, "id": row.order_id}, others, client)


def _delete(row: PrintDraft) -> tuple[PrintDraft, Failure | None]:
    """Delete a draft wherever it is. The row, and why it couldn't be done. Raises NotPossible while Gelato can't be asked."""
    if row.sends:
        client = _client()
        row = _read(client, row) if row.state in OPEN else _look_up(client, row)
        if row.state == State.SUBMITTED:
            return row, Failure(Kind.REJECTED, SUBMITTED)
        if row.state in (State.SENDING, State.UNKNOWN):
            return row, Failure(Kind.UNKNOWN, row.reason or BEING_CREATED)
        if row.state == State.DRAFT:
            answer = client.delete_draft(row.order_id)
            if not answer.good and answer.status != 404:
                return row, outcomes.failure(answer)
    return _ended(row, ""), None


def _ended(row: PrintDraft, reason: str) -> PrintDraft:
    PrintDraft.objects.filter(pk=row.pk, state=row.state).update(
        state=State.DELETED, address={}, reason=reason, checked_at=ports.now()
    )
    row.refresh_from_db()
    return row


# --- what is sent and what comes back -------------------------------------------------------------------------------------


def _client() -> GelatoClient:
    config = GelatoConfig.from_environment()
    if not config.ready:
        raise NotPossible(print_sizes.NOT_SET_UP)
    return GelatoClient(config)


def _may_create(owner: User, row: PrintDraft) -> None:
    now = ports.now()
    if row.created_at < now - dt.timedelta(hours=QUOTE_HOURS):
        raise NotPossible(f"This quote is more than {QUOTE_HOURS} hours old. Get a new one.")
    if loopback(settings.BASE_URL) and not loopback(GelatoConfig.from_environment().order_url):
        raise NotPossible(UNREACHABLE)
    day = PrintDraft.objects.filter(owner=owner, sent_at__gt=now - dt.timedelta(days=1)).exclude(pk=row.pk)
    if day.count() >= DRAFTS_PER_DAY:
        raise NotPossible(f"You can create {DRAFTS_PER_DAY} drafts a day. Try again tomorrow.")
    project = gate.own_project(owner, row.project)
    if row.file not in [file.file for file in print_sizes.files(project)]:
        raise NotPossible("The print file has been deleted or rebuilt. Get a new quote.")


def _customer(owner: User) -> str:
    return f"seller-{owner.pk}"


def _item(row: PrintDraft) -> dict[str, Any]:
    files = [{"type": "default", "url": link(row)}]
    return {"itemReferenceId": f"{row.pk}-1", "productUid": row.product, "files": files, "quantity": 1}


def _prices(row: PrintDraft, answer: Answer) -> tuple[str, str, list[dict[str, Any]]]:
    """Price, currency and shipping methods of a quote, the cheapest first, exactly as they came. Raises NotPossible."""
    quotes = (answer.data or {}).get("quotes")
    first = quotes[0] if isinstance(quotes, list) and len(quotes) == 1 else None
    try:
        [product] = first["products"]  # type: ignore[index]
        methods = [
            {
                "uid": str(m["shipmentMethodUid"])[:120], "name": str(m["name"])[:120], "price": _money(m["price"]),
                "currency": str(m["currency"])[:3], "days": [int(m["minDeliveryDays"]), int(m["maxDeliveryDays"])],
            }
            for m in first["shipmentMethods"]  # type: ignore[index]
        ]  # fmt: skip
        price, currency = _money(product["price"]), str(product["currency"])[:3]
    except (KeyError, TypeError, ValueError):
        log.warning("print quote %s: an answer in another shape", row.pk)
        raise NotPossible("We couldn't read Gelato's quote. Try again later.") from None
    if not methods:
        raise NotPossible("Gelato doesn't ship this size to this destination.")
    return price, currency, sorted(methods, key=lambda m: Decimal(m["price"]))


def _money(value: Any) -> str:
    """A price as Gelato wrote it. Raises ValueError for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise ValueError
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _refused(answer: Answer, field: str) -> InvalidSpec | NotPossible:
    """The refusal of a quote or draft: by field where Gelato rejected what was typed."""
    failed = outcomes.failure(answer)
    if failed.kind is not Kind.REJECTED:
        return NotPossible(failed.reason)
    named = {
        ours: words for theirs, words in answer.refusal.fields.items() if (ours := print_recipients.our_name(theirs))
    }
    return InvalidSpec({name: f"Gelato says: {words}" for name, words in named.items()} or {field: failed.reason})
