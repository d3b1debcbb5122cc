"""Settings → Shops → Draft calendar: which draft goes out on which day, each shop's schedule, and moving a draft.

A month is a table that becomes a list on a phone; moving a draft is a form with a date, so that it works by keyboard and without
script. What is possible is decided by `actions.calendar`.
"""

from __future__ import annotations

import calendar as months
import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from elistit import ports
from elistit.actions import calendar, commands
from elistit.listings import schedule
from elistit.listings.etsy import shops
from elistit.listings.models import EtsyShop
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.studio.views import access

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
YEARS = (2020, 2100)


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One month: `?month=2026-11`, or the present one."""
    owner = access.person(request)
    rows = shops.of_owner(owner.pk)
    plans = {shop.shop_id: schedule.of(owner.pk, shop.shop_id) for shop in rows}
    now = ports.now()
    today = next(iter(plans.values())).today(now) if plans else now.date()
    first = _month(request.GET.get("month", ""), today)
    weeks = months.Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
    found = calendar.entries(owner, weeks[0][0], weeks[-1][-1])
    by_day: dict[dt.date, list[calendar.Entry]] = {}
    for entry in found:
        by_day.setdefault(entry.day, []).append(entry)
    days = [
        [{"day": d, "entries": by_day.get(d, []), "outside": d.month != first.month, "today": d == today} for d in week]
        for week in weeks
    ]
    context = {
        "month": first,
        "weekdays": WEEKDAYS,
        "weeks": days,
        "any": bool(found),
        "before": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
        "after": (first + dt.timedelta(days=31)).strftime("%Y-%m"),
        "shops": [{"shop": shop, "plan": plans[shop.shop_id]} for shop in rows],
        "paused": [words for shop in rows if (words := _paused(owner.pk, shop, found))],
        "zones": schedule.zones(),
        "per_day_max": schedule.PER_DAY_MAX,
        "today": today,
    }
    return render(request, "studio/calendar.html", context)


def _paused(owner_id: int, shop: EtsyShop, found: list[calendar.Entry]) -> str:
    waits = any(entry.shop == shop.shop_id and not entry.sent for entry in found)
    return calendar.paused(owner_id, shop.shop_id, str(shop)) if waits else ""


def _month(typed: str, today: dt.date) -> dt.date:
    year, _, month = typed.partition("-")
    if year.isdecimal() and month.isdecimal() and YEARS[0] <= int(year) < YEARS[1] and 1 <= int(month) <= 12:
        return dt.date(int(year), int(month), 1)
    return today.replace(day=1)


@login_required
@require_POST
def set_schedule(request: HttpRequest, shop_id: int) -> HttpResponse:
    """Set the schedule of one shop."""
    typed = request.POST
    number = typed.get("per_day", "").strip()
    try:
        calendar.change_schedule(
            access.person(request), str(shop_id), enabled=typed.get("enabled") == "on",
            per_day=int(number) if number.isdecimal() and len(number) < 7 else 0, at=typed.get("at", "")[:20],
            zone=typed.get("zone", "")[:64],
        )  # fmt: skip
    except NotFound as missing:
        raise Http404 from missing
    except InvalidSpec as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
    else:
        messages.success(request, "The schedule is saved. It also applies to drafts that are already waiting.")
    return redirect("calendar")


@login_required
@require_POST
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a draft to another day (`day`, empty for the next one with room), create it now, or take it off the calendar."""
    access.standing_project(request, public_id)
    done = _act(request, public_id)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = reverse("project-listing", args=[public_id])
    if done:
        messages.success(request, done)
    return redirect(back)


def _act(request: HttpRequest, public_id: str) -> str:
    """What was done, in words; empty when it was refused and the reason is among the messages."""
    owner, action = access.person(request), request.POST.get("act", "")
    try:
        if action == "now":
            commands.retry_draft(owner, public_id)
            return "The draft is being created. This is free."
        if action == "cancel":
            calendar.cancel(owner, public_id)
            return "The draft isn't planned anymore. You can create it on its listing page."
        project = calendar.plan(owner, public_id, _day(request.POST.get("day", "")))
    except InvalidSpec as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
        return ""
    except NotPossible as refused:
        messages.error(request, str(refused))
        return ""
    entry = calendar.planned(project)
    return f"The draft is planned for {entry.words}." if entry else "The day is kept for when the listing is written."


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise InvalidSpec({"day": "Write the day as year, month and day, for example 2026-12-24."}) from None
