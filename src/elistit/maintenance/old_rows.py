"""Delete old rows: the engine's ended work, expired sessions, old provider responses, quotes that were never launched.

How long each is kept is a setting. Every run handles a bounded number of rows. It must never touch a credit, a project,
the quote of a job, an attempt, or that a call was made and what it cost: those are kept forever.
"""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, OuterRef

from elistit import config, ports
from elistit.accounts.models import SignInLink
from elistit.chain.models import ProviderCall
from elistit.credits.models import Quote
from elistit.maintenance.task import Run
from elistit.projects.batch_models import BatchRow
from elistit.projects.models import Job, Storyboard
from elistit.runtime import engine

BATCH = 1000
LINKS_KEPT = dt.timedelta(days=30)
QUOTES_KEPT = dt.timedelta(days=7)
"""The database keeps quotes this long before the newest one (`credits/migrations/sql/0005_…`)."""


def purge_engine(run: Run | None = None) -> int:
    """Delete the engine's rows of work that ended long ago. The product's own tables keep the history."""
    kept = dt.timedelta(days=config.current().storage.keep_engine_days)
    ended = engine.queue.ended_before((ports.now() - kept).isoformat())
    if ended:
        (run or Run()).act()
        engine.queue.forget(ended)
    return len(ended)


def delete_sessions(_: Run | None = None) -> int:
    """Delete expired sessions and their device records, and used or expired sign-in links. Returns the number of
    deleted rows."""
    over = list(
        Session.objects.filter(expire_date__lt=ports.now()).order_by("expire_date").values_list("pk", flat=True)[:BATCH]
    )
    UserSession.objects.filter(session_key__in=over).delete()
    deleted, _of = Session.objects.filter(pk__in=over).delete()
    old = SignInLink.objects.filter(expires_at__lt=ports.now() - LINKS_KEPT).order_by("pk").values_list("pk", flat=True)
    links, _of = SignInLink.objects.filter(pk__in=list(old[:BATCH])).delete()
    return deleted + links


def forget_answers(run: Run | None = None) -> int:
    """Empty the provider responses for jobs that ended long ago; the call, its outcome and its cost stay. Returns the
    number of rows. Continues where the previous run stopped."""
    run = run or Run()
    before = ports.now() - dt.timedelta(days=config.current().storage.keep_calls_days)
    calls = ProviderCall.objects.filter(sent_at__lt=before)
    if run.cursor:
        calls = calls.filter(sent_at__gt=dt.datetime.fromisoformat(run.cursor))
    rows = list(calls.order_by("sent_at").values_list("pk", "sent_at")[:BATCH])
    if not rows:
        return 0
    # Several calls may have the same time; a full batch stops before its last timestamp.
    last = rows[-1][1]
    share = (
        [pk for pk, at in rows if at < last] if len(rows) == BATCH and rows[0][1] < last else [pk for pk, _at in rows]
    )
    moment = max(at for pk, at in rows if pk in set(share))
    ended = ProviderCall.objects.filter(pk__in=share, state=ProviderCall.State.ANSWERED, job__ended_at__lt=before)
    done = ended.exclude(answer={}, news={}).update(answer={}, news={})
    run.cursor = moment.isoformat()
    return done


def delete_quotes(run: Run | None = None) -> int:
    """Delete old quotes that were never launched, with their storyboards, and return how many. A quote of a job is kept
    forever, one of a list's row as long as the row; the database refuses to delete either, and the quotes of the last week
    before the newest one.

    Each run looks at a batch of quotes, oldest first, and continues where the previous one stopped; at the first one that is
    young enough to keep it begins again, because a row or a list may have been deleted meanwhile.
    """
    run = run or Run()
    newest = Quote.objects.order_by("-pk").values_list("created_at", flat=True).first()
    if newest is None:
        return 0
    before = min(ports.now() - dt.timedelta(days=config.current().storage.keep_quotes_days), newest - QUOTES_KEPT)
    rows = list(Quote.objects.filter(pk__gt=run.cursor).order_by("pk").values_list("pk", "created_at")[:BATCH])
    old = [pk for pk, created_at in rows if created_at < before]
    run.cursor = rows[-1][0] if len(old) == BATCH else ""
    of_jobs, of_lists = (Exists(model.objects.filter(quote=OuterRef("pk"))) for model in (Job, BatchRow))
    unused = old and list(Quote.objects.filter(~of_jobs, ~of_lists, pk__in=old).values_list("pk", flat=True))
    if not unused:
        return 0
    with transaction.atomic():
        # Not `delete`, which would read every row with its JSON first; the database's own rules hold either way.
        Storyboard.objects.filter(pk__in=unused)._raw_delete(DEFAULT_DB_ALIAS)
        Quote.objects.filter(pk__in=unused)._raw_delete(DEFAULT_DB_ALIAS)
    return len(unused)
