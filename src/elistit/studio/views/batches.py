"""Making a batch: paste ideas or upload a CSV file, look at every row's storyboard, price and warnings, launch once.

A draft costs nothing and is kept, so that a long list can be worked on. Its rows are planned a slice at a time: until all are, the
page shows how far that is and asks for itself, with script or without. A launch needs the total the seller has seen; a hidden
key makes pressing Launch twice the same as once. Everything works without script; with it each row is priced as it is changed.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from elistit.accounts.models import User
from elistit.actions import batch_planning, batches
from elistit.actions.batches import CONFIRMED, RowEdit
from elistit.chain import model_availability
from elistit.credits import ledger, prices
from elistit.credits.ledger import IdempotencyConflict, InsufficientCredits
from elistit.listings.etsy import shops
from elistit.projects import batches as rows_of
from elistit.projects import brand_kits, requested_launches, series
from elistit.projects.batch_list import ReadList, columns, read_csv, read_lines
from elistit.projects.batch_models import ROWS_MAX, Batch, BatchRow, RequestedLaunch
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.preset_models import NAME_MAX as PRESET_NAME_MAX
from elistit.projects.products import PRODUCTS, Product
from elistit.studio.views import access
from elistit.studio.views.storyboard import sketch_token

THUMBNAILS = 4
PER_PAGE = 50
DEFAULTS = ("product", "count", "model", "shop", "brand_kit", "series")
"""What the form of a list says for rows that don't say it themselves."""
FIELDS = ("idea", "product", "count", "model")
PRESETS = ("brand_kit", "series")
"""Fields a row has on the page only where they can be of use."""
NOT_PLANNED = "Rows are still being planned. You haven't been charged. You can launch when every row has its price."
KINDS = [kind for kind in PRODUCTS.values() if kind.code != Product.CUSTOM]


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The seller's newest batches, drafts among them."""
    owner = access.person(request)
    return render(
        request,
        "studio/batches.html",
        {"batches": Batch.objects.filter(owner=owner).select_related("requested_launch")[:PER_PAGE]},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: read the list and keep it as a draft; what cannot be read comes back with the reason."""
    owner = access.person(request)
    typed = {name: request.POST.get(name, "") for name in ("ideas", "name", *DEFAULTS)}
    typed["product"] = typed["product"] or Product.CLIPART.value
    if request.method != "POST" and (usual := brand_kits.default(owner)) is not None:
        typed["brand_kit"] = usual.pk
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            batch = batches.draft(owner, typed["name"], _read(request, typed))
            return redirect("batch", batch.pk)
        except InvalidSpec as invalid:
            errors = invalid.errors
    context = {"typed": typed, "errors": errors, "most": ROWS_MAX, "products": KINDS, "models": _styles()}
    context |= {"shops": shops.of_owner(owner.pk), **_presets(owner)}
    return render(request, "studio/batch_new.html", context, status=422 if errors else 200)


def _read(request: HttpRequest, typed: dict[str, str]) -> ReadList:
    """What was sent: a file, or else the ideas that were typed. The defaults hold for both."""
    defaults = {name: typed[name].strip() for name in DEFAULTS if typed[name].strip()}
    sent = request.FILES.get("file")
    if sent is None:
        return read_lines(typed["ideas"], defaults)
    if typed["ideas"].strip():
        raise InvalidSpec({"list": "Paste ideas or upload a file, not both."})
    return read_csv(sent.read(), defaults)


def _presets(owner: User) -> dict[str, Any]:
    """The seller's brand kits, and the names of their series."""
    return {
        "kits": list(brand_kits.of(owner)),
        "series_names": series.names_of(owner),
        "preset_name_max": PRESET_NAME_MAX,
    }


def _styles() -> list[prices.ModelPrice]:
    return [m for m in model_availability.models() if any(p != Product.CUSTOM for p in m.products)]


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """A CSV file with every column's name and one example."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns())
    writer.writerow(["woodland animals in autumn", "clipart", 15, *[""] * (len(tuple(columns())) - 3)])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="batch.csv"'
    return response


# ---- the table of a draft ---------------------------------------------------------------------------------------------


def draft(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The table of a draft, or how far its planning is. POST: keep what was changed, and show the prices or launch the included
    rows."""
    if request.method != "POST":
        return _waiting(request, batch) or _table(request, batch, access.fresh_key())
    owner, key = access.person(request), request.POST.get("key") or access.fresh_key()
    edits = _edits(request.POST, batch.rows.values_list("number", flat=True))
    if not access.attempt(request, lambda: batches.edit(owner, batch.pk, edits)):
        return redirect("batch", batch.pk)  # launched by another press meanwhile
    if batch_planning.plan_slice(owner, batch.pk):
        if request.POST.get("act") == "launch":
            messages.warning(request, NOT_PLANNED)
        return redirect("batch", batch.pk)
    if request.POST.get("act") != "launch":
        return _table(request, batch, key)
    included = list(batch.rows.filter(included=True).select_related("quote"))
    if request.POST.get("seen") != str(_total(included)):
        notice = "Here is the new total. You haven't been charged. Press Launch to go ahead."
        return _table(request, batch, key, notice)
    return launched(request, batch, [row.number for row in included], key)


def _waiting(request: HttpRequest, batch: Batch) -> HttpResponse | None:
    """How far the planning of a draft is; None when every row is planned. With `plan` in the address, which a page without script
    asks for again and again, some more rows are planned first."""
    left = rows_of.unplanned(batch).exists()
    if "plan" in request.GET:
        left = bool(left and batch_planning.plan_slice(access.person(request), batch.pk))
        if not left:
            return redirect("batch", batch.pk)
    left = left or will_launch(batch)
    return render(request, "studio/batch_planning.html", planning(batch)) if left else None


def will_launch(batch: Batch) -> bool:
    """Whether a draft is launched automatically once every row has its price, because its sender requested that with the list."""
    wait = requested_launches.of(batch)
    return wait is not None and wait.state == RequestedLaunch.State.WAITING


def planning(batch: Batch) -> dict[str, Any]:
    """What is shown of a draft whose rows are being planned."""
    rows = list(batch.rows.select_related("quote"))
    waiting = {row.pk for row in rows_of.unplanned(batch)}
    return {
        "batch": batch,
        "rows": [{"row": row, "waiting": row.pk in waiting, "problems": list(row.problems.values())} for row in rows],
        "planned": len(rows) - len(waiting),
        "wait": requested_launches.of(batch) if will_launch(batch) else None,
        "total": _total([row for row in rows if row.included]),
    }


def launched(request: HttpRequest, batch: Batch, numbers: list[int], key: str) -> HttpResponse:
    """Launch rows, and lead to the batch; a refusal leads back to what was shown, with the reason."""
    owner = access.person(request)
    try:
        batches.launch(owner, batch.pk, numbers, idempotency_key=key)
        return redirect("batch", batch.pk)
    except InvalidSpec as invalid:
        notice, status = " ".join(invalid.errors.values()), 422
    except InsufficientCredits as short:
        notice, status = str(short), 402
    except IdempotencyConflict:
        key, status = access.fresh_key(), 409
        notice = "This page already launched another choice of rows. Press Launch to launch this one as well."
    except NotPossible as refused:
        notice, status = str(refused), refused.status
    batch.refresh_from_db()
    if batch.state != Batch.State.DRAFT or will_launch(batch):
        messages.error(request, notice)
        return redirect("batch", batch.pk)
    if status == 409:
        # A price or a model has changed since it was shown: show what holds now.
        batches.price_again(owner, batch.pk)
        if batch_planning.plan_slice(owner, batch.pk):
            messages.error(request, notice)
            return redirect("batch", batch.pk)
    return _table(request, batch, key, notice, status)


@login_required
@require_POST
def row(request: HttpRequest, batch_id: str, number: int) -> HttpResponse:
    """Keep and price one row as it is changed, for htmx: the row and the totals."""
    batch = own(request, batch_id)
    found = batch.rows.filter(number=number).first()
    if found is None:
        raise Http404
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("batch", batch_id)
    owner, edits = access.person(request), _edits(request.POST, [number])
    if reason := access.refusal(lambda: batches.edit(owner, batch_id, edits)):
        messages.error(request, reason)
        response = HttpResponse()
        response["HX-Redirect"] = f"/batches/{batch_id}/"
        return response
    batch_planning.plan_slice(owner, batch_id, numbers=[number])
    presets = _presets(owner)
    shown = _shown([batch.rows.select_related("quote", "quote__storyboard").get(number=number)], presets)[0]
    context = {"batch": batch, "row": shown, "swapped": True, "products": KINDS, **presets, **_totals(request, batch)}
    return render(request, "studio/_batch_row_swap.html", context)


@login_required
@require_POST
def discard(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Discard a draft."""
    own(request, batch_id)
    done = access.attempt(
        request, lambda: batches.discard(access.person(request), batch_id), "The draft was discarded."
    )
    return redirect("batch-new") if done else redirect("batch", batch_id)


def own(request: HttpRequest, batch_id: str) -> Batch:
    """The seller's own batch. Raises Http404 for anything else."""
    try:
        return rows_of.own(access.person(request), batch_id)
    except NotFound as missing:
        raise Http404 from missing


def _edits(post: QueryDict, numbers: Any) -> list[RowEdit]:
    """What was typed into the rows that were on the page."""
    found = []
    for n in numbers:
        if f"idea-{n}" not in post:
            continue
        fields: dict[str, Any] = {name: post.get(f"{name}-{n}", "").strip()[:4_000] for name in FIELDS}
        fields |= {name: post.get(f"{name}-{n}", "").strip()[:4_000] for name in PRESETS if f"{name}-{n}" in post}
        fields |= {name: post.get(f"{name}-{n}") == "on" for name in CONFIRMED}
        found.append(RowEdit(n, fields, post.get(f"include-{n}") == "on"))
    return found


def _table(request: HttpRequest, batch: Batch, key: str, notice: str = "", status: int = 200) -> HttpResponse:
    rows = list(batch.rows.select_related("quote", "quote__storyboard"))
    presets = _presets(access.person(request))
    context = {
        "batch": batch,
        "rows": _shown(rows, presets),
        **presets,
        "key": key,
        "notice": notice or _not_launched(batch),
        "products": KINDS,
        **_totals(request, batch, rows),
    }
    return render(request, "studio/batch_draft.html", context, status=status)


def _not_launched(batch: Batch) -> str:
    """Why a draft that was to be launched automatically wasn't; empty for any other."""
    wait = requested_launches.of(batch)
    refused = wait is not None and wait.state == RequestedLaunch.State.NOT_LAUNCHED
    return f"This batch wasn't launched. {wait.reason}" if wait is not None and refused else ""


def _total(included: list[BatchRow]) -> int:
    return sum(row.quote.total for row in included if row.quote)


def _totals(request: HttpRequest, batch: Batch, rows: list[BatchRow] | None = None) -> dict[str, Any]:
    rows = list(batch.rows.select_related("quote")) if rows is None else rows
    included = [row for row in rows if row.included]
    total, balance = _total(included), ledger.balance(access.person(request).pk)
    return {
        "total": total,
        "balance": balance,
        "after": balance - total,
        "shortfall": max(0, total - balance),
        "included": len(included),
        "wrong": [row.number for row in included if row.problems],
    }


def _shown(rows: list[BatchRow], presets: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows as the table shows them: what was typed, and what comes of it."""
    styles = {kind.code.value: model_availability.models(kind.code.value) for kind in KINDS}
    return [
        {**_shown_row(row, styles.get(str(row.order.get("product")), [])), **_shown_presets(row, presets)}
        for row in rows
    ]


def _shown_presets(row: BatchRow, presets: dict[str, Any]) -> dict[str, Any]:
    """A row's brand kit and series: fields only for sellers who have any, and for rows that name one."""
    wanted, named = str(row.order.get("brand_kit") or ""), str(row.order.get("series") or "")
    known = (k for k in presets["kits"] if k.pk == wanted or k.folded == wanted.casefold())
    kit = next(known, None) or next((k for k in presets["kits"] if wanted == brand_kits.DEFAULT and k.is_default), None)
    return {
        "kit": kit.pk if kit else "",
        "unknown_kit": wanted if kit is None else "",
        "kit_shown": bool(presets["kits"] or wanted),
        "series": named,
        "series_shown": bool(presets["series_names"] or named),
    }


def _shown_row(row: BatchRow, styles: list[prices.ModelPrice]) -> dict[str, Any]:
    order, warnings = row.order, row.warnings
    board = getattr(row.quote, "storyboard", None)
    items = board.items if board is not None else []
    typed = {name: order.get(name, "") for name in FIELDS}
    return {
        "row": row,
        "typed": typed,
        "problems": list(row.problems.values()),
        "styles": styles,
        "unknown_style": typed["model"] if typed["model"] not in [m.code for m in styles] else "",
        "unknown_product": typed["product"] if typed["product"] not in [k.code.value for k in KINDS] else "",
        "sketches": [sketch_token(item["art"]) for item in items if item["art"]][:THUMBNAILS],
        "subjects": [item["subject"] for item in items],
        "warnings": warnings,
        "confirm_not_drawn": bool(order.get("confirm_not_drawn")),
        "confirm_trademarks": bool(order.get("confirm_trademarks")),
        "others": [f"{name.replace('_', ' ')}: {text}" for name, text in _others(order)],
        "params": ",".join(f"{name}-{row.number}" for name in (*FIELDS, *PRESETS, *CONFIRMED, "include")),
    }


def _others(order: dict[str, Any]) -> list[tuple[str, str]]:
    """What a row says beyond the columns of the table."""
    plain = [(name, str(order[name])) for name in ("name", "ratio", "mode", "shop") if order.get(name)]
    return [*plain, *(order.get("options") or {}).items(), *(order.get("words") or {}).items()]
