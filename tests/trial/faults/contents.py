"""Faults of what is in a delivery: missing, foreign and miscounted files."""

from __future__ import annotations

from tests.trial.deliveries import Delivery, picture, saved
from tests.trial.planting import FIRST, fault, renamed


@fault("clipart", "delivery.complete", "02-blob.png")
def an_image_is_missing(d: Delivery) -> None:
    del d.contents["02-blob.png"]


@fault("clipart", "delivery.numbering", "2 images")
def a_number_is_skipped(d: Delivery) -> None:
    renamed(d, "03-blob.png")


@fault("clipart", "delivery.card", "product-card.pdf")
def the_card_is_missing(d: Delivery) -> None:
    del d.contents["product-card.pdf"]


@fault("clipart", "delivery.same", "another-sellers.png")
def another_sellers_file_is_in_it(d: Delivery) -> None:
    d.contents["another-sellers.png"] = d.contents[FIRST]


@fault("wall_art", "delivery.same", "sun-3x4-large.jpg")
def a_print_is_not_the_one_that_was_made(d: Delivery) -> None:
    d.contents["sun-3x4-large.jpg"] = saved(picture(d.contents["sun-3x4-large.jpg"]), "JPEG", quality=70)


@fault("wall_art", "delivery.contents", "4:5")
def a_ratio_is_missing(d: Delivery) -> None:
    d.promise["files"] = [f for f in d.promise["files"] if "4x5" not in f["name"]]
    del d.contents["sun-4x5-large.jpg"]


@fault("sticker", "delivery.contents", "image 2")
def a_cut_line_was_never_made(d: Delivery) -> None:
    d.promise["files"] = [f for f in d.promise["files"] if f["name"] != "02-blob-cut.svg"]
    del d.contents["02-blob-cut.svg"]


@fault("sticker", "delivery.contents", "print sheets")
def a_sheet_shows_another_number_of_stickers(d: Delivery) -> None:
    d.promise["numbers"] = [1, 2, 3]


@fault("clipart", "delivery.link", "product-card.pdf")
def the_card_has_no_download_link(d: Delivery) -> None:
    d.promise["link"] = "https://studio.example/d/abc"
