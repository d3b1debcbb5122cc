"""How bad a day is: named sets of chances for everything that can go wrong in a history. The first of each row is the calm way.

A profile only weighs decisions; which decisions there are is the same in all of them, so a history plays again in any.
"""

from __future__ import annotations

from dataclasses import dataclass

Weights = tuple[float, ...]

MISHAPS = ("none", "killed", "lost", "doubled", "late", "frozen")
"""What can become of one piece of queued work: its worker dies at a statement, the queue loses it, two workers do it, it comes
late, or its worker freezes, is taken for dead, and continues when another has done its work."""

CALLS = (
    "made", "transient", "throttled", "blocked_prompt", "blocked_output", "rejected", "unknown_made", "unknown_lost",
    "killed_after", "throttled_long", "operator", "unknown_refused",
)  # fmt: skip
"""What a call to an image provider comes to. `unknown_…`: its answer is lost, and the provider made the image, never got the
request, or took it and refused it, which it says when it is asked."""

WORKS = ("made", "transient", "rejected", "throttled")
"""What the work of another stage comes to."""

SHOPS = ("answered", "broke", "made_but_broke", "never_answered", "made_unanswered", "throttled", "refused")
"""What a request to Etsy comes to. `made_…`: it was carried out, and only its answer was bad or lost."""


@dataclass(frozen=True)
class Profile:
    """Chances. `spell`: a service begins to fail for a while; `blind`: a provider cannot say what happened to a call; `web`: a
    web process dies in an action; `act`, `pass_`: at each turn a seller does something, time passes; `back`: then it goes back."""

    story: str
    mishaps: Weights
    calls: Weights
    works: Weights
    shops: Weights
    spell: float
    blind: float
    web: float
    act: float
    pass_: float
    back: float


USUAL = Profile(
    "Everything that can go wrong goes wrong now and then.",
    (0.85, 0.06, 0.03, 0.03, 0.02, 0.01),
    (0.688, 0.09, 0.03, 0.02, 0.03, 0.02, 0.04, 0.03, 0.03, 0.01, 0.002, 0.01),
    (0.88, 0.07, 0.03, 0.02),
    (0.8, 0.04, 0.05, 0.03, 0.04, 0.02, 0.02),
    0.02, 0.15, 0.04, 0.12, 0.03, 0.08,
)  # fmt: skip

PROFILES: dict[str, Profile] = {
    "usual": USUAL,
    "calm": Profile(
        "Nothing goes wrong; sellers and the months still do what they do.",
        (1, 0, 0, 0, 0, 0), (1, *[0] * 11), (1, 0, 0, 0), (1, *[0] * 6), 0, 0, 0, 0.12, 0.03, 0,
    ),
    "storm": Profile(
        "Everything goes wrong all the time.",
        (0.55, 0.16, 0.08, 0.08, 0.05, 0.08),
        (0.37, 0.15, 0.07, 0.03, 0.06, 0.03, 0.09, 0.07, 0.07, 0.02, 0.01, 0.03),
        (0.65, 0.22, 0.05, 0.08),
        (0.44, 0.1, 0.14, 0.08, 0.14, 0.06, 0.04),
        0.06, 0.4, 0.12, 0.25, 0.08, 0.15,
    ),
    "worker-deaths": Profile(
        "Services work; workers die, freeze, and their queue loses and doubles work.",
        (0.5, 0.25, 0.07, 0.08, 0.03, 0.07),
        (0.93, *[0] * 7, 0.07, 0, 0, 0), (1, 0, 0, 0), (1, *[0] * 6), 0, 0, 0.1, 0.12, 0.03, 0,
    ),
    "providers-down": Profile(
        "Workers live; providers and Etsy are down for long whiles and lose their answers.",
        (1, 0, 0, 0, 0, 0),
        (0.33, 0.2, 0.1, 0.02, 0.03, 0.02, 0.1, 0.1, 0, 0.05, 0.02, 0.03),
        (0.7, 0.2, 0.02, 0.08),
        (0.36, 0.14, 0.16, 0.12, 0.12, 0.07, 0.03),
        0.15, 0.5, 0, 0.12, 0.03, 0,
    ),
}  # fmt: skip
