"""What a brand kit adds to a delivery and a listing, read from the files and rows of a whole run with the built-in artist."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from pypdf import PdfReader

from elistit.actions import brand_kits as kits
from elistit.actions import commands
from elistit.actions.brand_kits import KitFields
from elistit.artwork.packing_jobs import LICENCE_FILE
from elistit.delivery.store import open_store
from elistit.listings import truth
from elistit.projects.models import Listing, Project
from elistit.projects.orders import LaunchSpec
from elistit.stages import branding, facts
from tests.conformance.conftest import World, clock
from tests.stages.test_stages import studio

__all__ = ["clock", "studio"]

LICENSE = "Personal use only.\n\nWrite to us before you sell prints."
CLOSING = "More drawings in our shop.\nA set of 40 images.\nThank you, Fern & Fox"


def finished(studio: World, **kit: Any) -> Project:
    made = kits.add(studio.user, KitFields(name="Fern & Fox", **kit))
    spec = LaunchSpec("svg", "a red fox", 1, brand_kit=made.pk)
    project = commands.launch(studio.user, spec, idempotency_key="k")
    # What the kit is when the work is done must not matter any more.
    kits.edit(studio.user, made.pk, KitFields(license_text="Changed", closing_text="Changed", shop_name="Changed"))
    studio.engine.run()
    project.refresh_from_db()
    assert project.stage == "completed", project.jobs.get().failure_reason
    return project


def unzipped(project: Project) -> dict[str, bytes]:
    path = project.files.get(role="zip").path
    with open_store(settings.STORAGE_URL).open(path) as source, zipfile.ZipFile(io.BytesIO(source.read())) as held:
        return {Path(name).name: held.read(name) for name in held.namelist()}


def words_of_pdf(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_license_closing_text_shop_name_and_price_reach_the_buyer(studio: World) -> None:
    project = finished(studio, license_text=LICENSE, closing_text=CLOSING, shop_name="Fern & Fox", prices={"svg": 725})
    files = unzipped(project)
    license_file = files[LICENCE_FILE].decode()
    assert license_file.startswith("From Fern & Fox\n") and LICENSE in license_file
    assert "Artwork of" in license_file, "where each image comes from is still there"
    card = words_of_pdf(files["product-card.pdf"])
    assert "Personal use only." in card and "Fern & Fox" in card and "small-business" not in card
    listing = Listing.objects.get(project=project)
    assert f"WHAT IS ALLOWED\n{LICENSE}\n" in listing.description
    assert listing.description.endswith("More drawings in our shop.\nThank you, Fern & Fox")
    assert "40 images" not in listing.description
    assert [n["words"] for n in listing.notes or [] if "40 images" in n["words"]], (
        "the seller is told what was left out"
    )
    assert (listing.price_cents, listing.currency) == (725, "USD")
    assert not truth.check(listing.title, listing.tags, listing.description, facts.of(project))
    assert "Changed" not in license_file + card + listing.description


def test_a_license_that_promises_something_false_is_named_instead_of_repeated(studio: World) -> None:
    project = finished(studio, license_text="Personal use.\nHand-painted originals.")
    description = Listing.objects.get(project=project).description
    assert f"WHAT IS ALLOWED\n{branding.IN_THE_FILE}\n" in description and "Hand-painted" not in description
    assert "Hand-painted originals." in unzipped(project)[LICENCE_FILE].decode()


def test_without_a_kit_everything_stays_as_it_was(studio: World) -> None:
    project = commands.launch(studio.user, LaunchSpec("svg", "a red fox", 1), idempotency_key="k")
    studio.engine.run()
    project.refresh_from_db()
    files = unzipped(project)
    assert files[LICENCE_FILE].decode().startswith("Artwork of “")
    assert "small-business" in words_of_pdf(files["product-card.pdf"])
    assert "• Personal projects and gifts." in Listing.objects.get(project=project).description
