"""Which prints of a project Gelato can make: the sizes its print files fill, from Gelato's own catalog.

It creates nothing. A size that isn't in the catalog now, or that a file doesn't fill at 150 DPI, must never be offered.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

from elistit.delivery.gelato import outcomes
from elistit.delivery.gelato.client import PAGE, GelatoClient
from elistit.delivery.gelato.config import GelatoConfig
from elistit.delivery.gelato.sizes import Pixels, Sheet, Size, offered, sheets
from elistit.projects.errors import NotPossible
from elistit.projects.models import FileRole, Project
from elistit.projects.products import Product
from elistit.projects.serving import Serving
from elistit.projects.states import Stage

PRODUCTS = (Product.POSTER, Product.WALL_ART)
CATALOG_SECONDS = 3600
PAGES_MAX = 10
NOT_SET_UP = "Print on demand isn't set up in this studio."
NOT_FINISHED = "You can order prints once the project is finished and its print files are there."


def enabled() -> bool:
    """Whether the operator has set up print on demand. Where not, sellers see nothing of it."""
    return GelatoConfig.from_environment().ready


def files(project: Project) -> list[Pixels]:
    """The print files of a finished poster or wall art that may be served; none of anything else."""
    if project.stage != Stage.COMPLETED or project.product not in PRODUCTS:
        return []
    rows = list(project.files.filter(role=FileRole.PRINT).order_by("name"))
    if not rows:
        return []
    serving = Serving(project)
    return [
        Pixels(row.pk, row.name, row.width, row.height) for row in rows if row.width and row.height and serving.may(row)
    ]


def available(project: Project) -> bool:
    """Whether a project's pages offer prints."""
    return enabled() and bool(files(project))


def of_project(project: Project) -> list[Size]:
    """The sizes offered for a project, smallest first. Raises NotPossible, also while Gelato's catalog can't be read."""
    config = GelatoConfig.from_environment()
    if not config.ready:
        raise NotPossible(NOT_SET_UP)
    prints = files(project)
    if not prints:
        raise NotPossible(NOT_FINISHED)
    orientations = sorted({file.orientation for file in prints})
    return offered([sheet for o in orientations for sheet in _catalog(config, o)], prints)


def _catalog(config: GelatoConfig, orientation: str) -> list[Sheet]:
    """Gelato's posters of one orientation, read at most once an hour. Raises NotPossible."""
    place = hashlib.sha256(f"{config.product_url} {config.paper}".encode()).hexdigest()[:24]
    key = f"gelato-sheets:{place}:{orientation}"
    kept = cache.get(key)
    if kept is not None:
        return [Sheet(*row) for row in kept]
    client, found = GelatoClient(config), []
    for page in range(PAGES_MAX):
        answer = client.posters(orientation, page * PAGE)
        if not answer.good or answer.data is None:
            raise NotPossible(outcomes.failure(answer).reason)
        products = answer.data.get("products")
        products = products if isinstance(products, list) else []
        found += sheets(products)
        if len(products) < PAGE:
            break
    # An empty catalog isn't kept: the operator who corrects the paper's name sees it at once.
    if found:
        cache.set(key, [(s.product, s.width, s.height, s.orientation) for s in found], CATALOG_SECONDS)
    return found
