"""The program itself does not break: a fault of ours in the middle of an attempt is reported to the seller as a transient failure, and
would be retried and refunded fairly forever, so no rule about money sees it."""

from __future__ import annotations

from collections.abc import Iterator

from elistit.chain.models import Attempt
from elistit.simulator.town import Town


def check(town: Town) -> Iterator[str]:
    for attempt in Attempt.objects.filter(detail__startswith="Traceback").order_by("id"):
        last = attempt.detail.strip().splitlines()[-1]
        yield f"{attempt.stage} of job …{attempt.job_id[-4:]}, try {attempt.number}: {last}"
