"""Clock guard: whether renewals, expiry, retention and purging may trust the clock.

A machine whose clock jumps (a dead battery, a wrong time server, a restored snapshot) must not end plans and credits
that have months left. The installation records the last trusted time; a jump that elapsed time doesn't explain is
refused and reported, until the clock is right again or an operator confirms it. The guard must never update that record
while the clock is refused, never end anything itself, and never keep work from running: only what ends by time waits.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from elistit import ports
from elistit.chain.models import ClockMark
from elistit.credits.models import CreditTransaction

log = logging.getLogger(__name__)

JUMP_MAX = dt.timedelta(hours=24)
"""How far the clock may be ahead of the time that has actually passed. Nothing of a seller's expires within less than a day."""

BACK_MAX = dt.timedelta(minutes=5)
"""How far the clock may be set back without a report: time servers correct small errors."""

SILENCE_MAX = dt.timedelta(days=45)
"""The longest gap that is believed after a restart, when no running counter of seconds can confirm the clock."""

MARK_EVERY = dt.timedelta(minutes=5)
"""How old the recorded time may get while the running counter says how much time has passed since."""

ACCEPT = "If the clock is right, confirm it with: elistit recover --accept-clock"
MARK = 1


@dataclass(frozen=True)
class Reading:
    """What is known about the time. `wall` and `database` are UTC; `database` is None when the database has no separate
    clock. `boot` identifies a start of the machine and `running` is the seconds since then, including suspended ones;
    an empty `boot` means that there is no such counter."""

    wall: dt.datetime
    database: dt.datetime | None = None
    boot: str = ""
    running: float = 0.0


def judge(last: Reading | None, now: Reading) -> str:
    """Why the clock can't be trusted, in one sentence; empty when it can. Pure."""
    if now.database is not None and abs(now.wall - now.database) > JUMP_MAX:
        return f"This machine's clock shows {_day(now.wall)}, the database server's {_day(now.database)}. Correct the wrong one."
    if last is None:
        return ""
    step = now.wall - last.wall
    if step - min(_counted(last, now), MARK_EVERY) < -BACK_MAX:
        return f"The clock shows {_day(now.wall)}, earlier than the last maintenance on {_day(last.wall)}. {ACCEPT}"
    if now.boot and now.boot == last.boot and now.running >= last.running:
        passed = _counted(last, now)
        if step - passed > JUMP_MAX:
            return f"The clock jumped from {_day(last.wall)} to {_day(now.wall)} while {_long(passed)} passed. {ACCEPT}"
        return ""
    if step > SILENCE_MAX:
        return f"The clock shows {_day(now.wall)}, {_long(step)} after the last maintenance. {ACCEPT}"
    return ""


def _counted(last: Reading, now: Reading) -> dt.timedelta:
    """The time that has passed by the running counter; zero when it doesn't reach back so far."""
    if not now.boot or now.boot != last.boot:
        return dt.timedelta()
    return dt.timedelta(seconds=max(0.0, now.running - last.running))


def trusted() -> bool:
    """Whether maintenance may act on the current time. Updates the record if it may and the record is `MARK_EVERY` old; records
    and logs the reason if not."""
    now = read()
    if _fresh(ClockMark.objects.filter(pk=MARK).first(), now):
        return True
    with transaction.atomic():
        row = ClockMark.objects.select_for_update().filter(pk=MARK).first()
        words = judge(_last(row), now)
        if not words:
            _store(now)
        elif row is None:
            _store(_evidence() or now, refused=words, refused_wall=now.wall)
        else:
            ClockMark.objects.filter(pk=MARK).update(refused=words, refused_wall=now.wall)
    if words:
        log.error("Renewals, expiry and deletion wait: %s", words)
    elif row is not None and row.refused:
        log.warning("The clock is plausible again; renewals, expiry and deletion resume.")
    return not words


def _fresh(row: ClockMark | None, now: Reading) -> bool:
    """Whether the record is young enough to stay as it is, and confirms the current time."""
    if row is None or row.refused or row.boot != now.boot or not now.boot:
        return False
    return abs(now.wall - row.wall) < MARK_EVERY and not judge(_last(row), now)


def believed() -> bool:
    """Whether things may expire now, for requests outside maintenance (a launch expires what is due). Writes nothing.
    True in an installation where maintenance has never run, because there is nothing to compare with."""
    row = ClockMark.objects.filter(pk=MARK).first()
    return row is None or not judge(_last(row), read())


def accept() -> str:
    """Trust the current clock whatever the record says, because the operator has checked it. Returns the accepted time
    as text. Raises ValueError while the clocks of this machine and of the database server contradict each other."""
    now = read()
    if words := judge(None, now):
        raise ValueError(words)
    with transaction.atomic():
        _store(now)
    log.warning("The operator confirmed the clock: %s", now.wall.isoformat())
    return f"{now.wall:%Y-%m-%d %H:%M} UTC"


def refusal() -> str:
    """Why the last maintenance pass didn't trust the clock; empty when it did or there was none. Read-only."""
    return ClockMark.objects.filter(pk=MARK).values_list("refused", flat=True).first() or ""


def read() -> Reading:
    """The current time as this machine and its database report it."""
    boot, running = counter()
    return Reading(ports.now(), _database_clock(), boot, running)


def _kernel_counter() -> tuple[str, float]:
    """The id of this machine's start and the seconds since then, including sleep. Read from the kernel's files rather
    than from the C library: they don't follow changes of the clock, and they are the same for all processes."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return boot, float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        # On other systems the counter is valid only within this process, whose start then stands for the machine's.
        return f"process-{_STARTED:.6f}", time.monotonic()


_STARTED = time.time()
counter: Callable[[], tuple[str, float]] = _kernel_counter
"""Source of the running seconds; tests replace it."""


def _database_clock() -> dt.datetime | None:
    """The database server's clock; None on SQLite, and while our own clock is a test clock that the server can't know."""
    if connection.vendor != "postgresql" or not ports.on_system_clock():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
        return moment


def _last(row: ClockMark | None) -> Reading | None:
    return Reading(row.wall, None, row.boot, row.monotonic) if row else _evidence()


def _evidence() -> Reading | None:
    """The time of the newest ledger row, for an installation without a recorded time."""
    newest = CreditTransaction.objects.order_by("-pk").values_list("created_at", flat=True).first()
    return Reading(newest) if newest else None


def _store(reading: Reading, *, refused: str = "", refused_wall: dt.datetime | None = None) -> None:
    ClockMark.objects.update_or_create(
        pk=MARK,
        defaults={
            "wall": reading.wall, "boot": reading.boot, "monotonic": reading.running, "refused": refused[:400],
            "refused_wall": refused_wall,
        },
    )  # fmt: skip


def _day(moment: dt.datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment:%Y %H:%M} UTC"


def _long(passed: dt.timedelta) -> str:
    hours = passed.total_seconds() / 3600
    if hours < 1:
        minutes = round(hours * 60)
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(hours)} hours" if hours < 48 else f"{passed.days} days"
