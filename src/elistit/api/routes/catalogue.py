"""What can be made and what it costs, over the API: products, models, the price list. The same for every seller."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import ninja
from django.http import HttpRequest
from ninja import Router

from elistit.api import shapes
from elistit.api.problems import INVALID
from elistit.api.routes.describing import operation
from elistit.api.shapes.words import TEXT
from elistit.chain import model_availability
from elistit.credits import prices as price_file
from elistit.projects.products import OPTIONS, PRODUCTS, Product, option_max
from elistit.stages import storyboards

router = Router(tags=["Catalogue"])

Query = Annotated[str, ninja.Query(max_length=120, pattern=TEXT, description="What to look for.")]
Limit = Annotated[int, ninja.Query(ge=1, le=60, description="Maximum number of subjects to return.")]


@operation(router, "GET", "/prices", shapes.Prices)
def prices(request: HttpRequest) -> dict[str, Any]:
    """The price list: credits per image by model, the listing text, mockups, plans and packs."""
    listed = price_file.price_list()
    return {
        "version": listed.version,
        "models": [_priced(m) for m in listed.models],
        "listing": listed.listing_price,
        "mockups": {"included": listed.mockups_included, "price": listed.mockup_price},
        "trial": listed.trial_credits,
        "plans": [asdict(p) for p in listed.plans],
        "top_ups": [asdict(t) for t in listed.top_ups],
    }


def _priced(model: price_file.ModelPrice) -> dict[str, Any]:
    return {**asdict(model), "products": sorted(model.products)}


@operation(router, "GET", "/models", shapes.Models, INVALID)
def models(request: HttpRequest, product: Product | None = None) -> dict[str, Any]:
    """The models on sale, with the price per image, whether each can be used right now, and whether it has trouble."""
    paused, failing = model_availability.paused(), model_availability.degraded()
    shown = [
        {
            **_priced(m),
            "available": m.provider not in paused,
            "reason": paused.get(m.provider) or failing.get(m.code, ""),
        }
        for m in price_file.models(product.value if product else None)
    ]
    return {"items": shown}


@operation(router, "GET", "/subjects", shapes.Subjects, INVALID)
def subjects(request: HttpRequest, q: Query = "", limit: Limit = 24) -> dict[str, Any]:
    """What the built-in artist draws: a search for subjects by name, kind and theme. All of them, in order, without `q`."""
    return {"items": [{"subject": s.subject, "code": s.code} for s in storyboards.search(q, limit)]}


@operation(router, "GET", "/products", shapes.Products)
def products(request: HttpRequest) -> dict[str, Any]:
    """The product types: what each makes, its ratios, counts and models."""
    options = [{"code": code, "name": name, "max_length": option_max(code)} for code, name in OPTIONS.items()]
    shown = [
        {
            "code": p.code, "name": p.name, "makes": p.makes, "gate": p.gate,
            "ratios": [{"ratio": ratio, "width": size[0], "height": size[1]} for ratio, size in p.sizes.items()],
            "count": {"min": p.count_min, "max": p.count_max, "default": p.count_default},
            "models": [m.code for m in price_file.models(p.code.value)], "transparent": p.transparent, "options": options,
        }
        for p in PRODUCTS.values()
    ]  # fmt: skip
    return {"items": shown}
