"""Rules §5.7, §6: nothing is bought twice. The provider's own till is the witness, not our notes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elistit.chain.models import ProviderCall
from elistit.simulator.town import Town


def check(town: Town) -> Iterator[str]:
    sold = town.outside.provider.sold
    for key, times in sold.items():
        if times > 1:
            yield f"the request {_short(key)} was bought {times} times"
    rounds: Counter[str] = Counter()
    for key in sold:
        rounds[key.rsplit(":", 1)[0]] += 1
    for place, pictures in rounds.items():
        if pictures > 1:
            yield f"{pictures} images were bought for one making of item {_short(place)}"
    for call in ProviderCall.objects.filter(job__status__in=["SUCCEEDED", "FAILED"]):
        if call.state == "answered" and not call.outcome:
            yield f"the call {_short(call.key)} was answered without saying what came of it"


def _short(key: str) -> str:
    return f"…{key[22:]}"
