"""The numbers and lists the help articles state, read from the constants the program itself runs on.

Read again for every page, so that an article can't fall behind the code. It must never hold a number of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elistit.actions import print_drafts, print_sizes, shop_kits
from elistit.chain import model_availability, outcomes, retry
from elistit.credits import plans, refunds
from elistit.credits import prices as price_file
from elistit.delivery import print_link
from elistit.delivery.gelato import sizes as gelato_sizes
from elistit.delivery.google_drive import names as drive_names
from elistit.listings import rules
from elistit.maintenance import delete_files, retention, retry_drafts, stuck_jobs
from elistit.payments.config import StripeConfig
from elistit.ports import OVER_LIMIT, TRIAL, Kind
from elistit.projects import batch_models, products, rounds, uploads
from elistit.projects.products import PRODUCTS, Product
from elistit.runtime import leases
from elistit.stages import copywriting
from elistit.stages.finishing import wall_art
from elistit.stages.finishing.base import DPI

EXAMPLE_COUNT = PRODUCTS[Product.CLIPART].count_default


def ladder_words() -> str:
    """The pauses between attempts, in seconds: `10, 30 and 60`."""
    return words_list([str(seconds) for seconds in retry.LADDER])


def words_list(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def automatic(kind: str) -> str:
    """What the studio does about a failure of a kind before it is final. Raises KeyError for an unknown kind."""
    retried = f"etried up to {len(retry.LADDER)} times, after {ladder_words()} seconds."
    waits = f"we wait, and that uses up no attempt, at most {retry.FREE_WAITS} times."
    loops = f"After {outcomes.POISON_CRASHES} crashes in the same step the work is stopped, so that it can't loop."
    return {
        Kind.TRANSIENT: f"R{retried}",
        Kind.THROTTLED: f"If the service asks for a pause of up to {retry.FREE_WAIT_MAX} seconds, {waits} Otherwise: r{retried}",
        Kind.BLOCKED_PROMPT: "Not retried, because the same prompt would be rejected again.",
        Kind.BLOCKED_OUTPUT: "The image is made once more with the same prompt. If that one is rejected too, it is refunded.",
        Kind.REJECTED: "Not retried, because the same request would be refused again.",
        Kind.OPERATOR: "Not retried, because only the operator can fix it. The provider is paused for everyone until then.",
        Kind.UNKNOWN: "We look the request up at the provider by the id we stored before sending it. Nothing is bought twice.",
        outcomes.CRASHED: f"Another worker resumes the step each time. {loops}",
        OVER_LIMIT: "Retried once, then stopped, because it would reach the limit again.",
        TRIAL: f"The files are made again and checked again: r{retried}",
        outcomes.NOT_KEPT: "Not retried, because that would buy the image a second time.",
    }[kind]


@dataclass(frozen=True)
class FailureKind:
    """One failure kind as help explains it. `anchor` is the id of its paragraph."""

    code: str
    what: str
    cause: str
    automatic: str
    again: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return anchor(self.code)


def anchor(kind: str) -> str:
    """The id of the paragraph about a failure kind; of the whole section for a kind no one has worded."""
    return f"kind-{kind}" if kind in outcomes.MEANINGS else "kinds"


def failure_kinds() -> list[FailureKind]:
    """Every failure kind there is, in the order of the table they come from."""
    return [FailureKind(code, m.what, m.cause(), automatic(code), m.again) for code, m in outcomes.MEANINGS.items()]


def _example() -> dict[str, Any]:
    model = price_file.models(Product.CLIPART.value)[0]
    lines = price_file.quote_lines(Product.CLIPART.value, model.code, EXAMPLE_COUNT)
    return {
        "example_model": model,
        "example_lines": lines,
        "example_total": price_file.total(lines),
        "example_item": price_file.item_price(lines),
        "example_listing": price_file.listing_price(lines),
        "example_print_size": price_file.print_price(lines),
    }


def _prices() -> dict[str, Any]:
    """Each product type at its usual count with the first model this studio has, priced as a quote is."""
    examples = []
    for kind in PRODUCTS.values():
        models = model_availability.models(kind.code.value)
        model = models[0].code if models else ""
        lines = price_file.quote_lines(kind.code.value, model, kind.count_default)
        examples.append(
            {
                "kind": kind, "count": kind.count_default, "model": model, "lines": lines, "total": price_file.total(lines),
                "dearest": max((m.image + m.upscale for m in models), default=0),
            }
        )  # fmt: skip
    sold = StripeConfig.from_environment().ready
    return {"list": price_file.price_list(), "plans": plans.PLANS.values() if sold else [], "examples": examples}


def _shapes() -> list[dict[str, Any]]:
    """Every product type, with its file formats in words."""
    return [{"kind": kind, "formats": words_list(list(kind.formats))} for kind in PRODUCTS.values()]


def facts() -> dict[str, Any]:
    """What every help article may state, by the name its template uses. Durations carry their unit in their name."""
    pattern = PRODUCTS[Product.PATTERN]
    tile_px = pattern.print_size(pattern.default_ratio)[0]
    return {
        **_example(),
        **_prices(),
        "ladder": retry.LADDER,
        "tries": retry.MAX_ATTEMPTS,
        "retries": len(retry.LADDER),
        "free_wait": retry.FREE_WAIT_MAX,
        "free_waits": retry.FREE_WAITS,
        "longest_wait_minutes": retry.LONGEST_WAIT // 60,
        "regrant_days": refunds.MOST_DAYS,
        "regrant_least_days": refunds.LEAST_DAYS,
        "regrant_again_hours": refunds.AGAIN_HOURS,
        "crashes": outcomes.POISON_CRASHES,
        "worker_seconds": round(leases.LEASE_SECONDS),
        "silence": int(stuck_jobs.STUCK_AFTER.total_seconds() // 60),
        "large_from": stuck_jobs.LARGE_BUNDLE_MINUTES[0],
        "large_to": stuck_jobs.LARGE_BUNDLE_MINUTES[1],
        "kinds": failure_kinds(),
        "gated": [kind.name for kind in PRODUCTS.values() if kind.gate == "awaiting_approval"],
        "free_remakes": rounds.FREE_AT_WISH,
        "shapes": _shapes(),
        "dpi": DPI,
        "wall_ratios": words_list(list(wall_art.RATIO_WORDS)),
        "wall_ratio_count": len(wall_art.RATIO_WORDS),
        "drive_root": drive_names.ROOT,
        "print_on_demand": print_sizes.enabled(),
        "print_dpi_min": gelato_sizes.DPI_MIN,
        "print_link_days": print_link.DAYS,
        "print_quote_hours": print_drafts.QUOTE_HOURS,
        "etsy_files": rules.FILES_MAX,
        "etsy_file_mb": rules.FILE_BYTES_MAX // 1_000_000,
        "title_max": rules.TITLE_MAX,
        "tags_max": rules.TAGS_MAX,
        "tag_max": rules.TAG_MAX,
        "keep_days": retention.keep_days(),
        "deleted_days": delete_files.DELETED_FILES_KEPT.days,
        "upload_days": uploads.KEPT_WAITING.days,
        "covers_max": shop_kits.COVERS_MAX,
        "thumbnail": shop_kits.THUMBNAIL,
        "draft_minutes": int(retry_drafts.AGAIN_AFTER.total_seconds() // 60),
        "draft_days": retry_drafts.KEPT_UP.days,
        "batch_rows": batch_models.ROWS_MAX,
        "lettering_max": products.LETTERING_MAX,
        "card_words": products.CARD_WORDS,
        "pattern": pattern,
        "tile_px": tile_px,
        "tile_inches": tile_px // DPI,
        "words_by": copywriting.words_by(),
    }
