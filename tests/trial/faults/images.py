"""Faults of images: damaged, mislabeled, of another size, color or transparency."""

from __future__ import annotations

import io

import numpy as np
import pyvips
from PIL import Image

from tests.trial.deliveries import Delivery, picture, saved
from tests.trial.planting import FIRST, fault


@fault("clipart", "image.opens", FIRST)
def an_image_breaks_off(d: Delivery) -> None:
    d.remade(FIRST, d.contents[FIRST][:-3000])


@fault("clipart", "image.opens", FIRST)
def an_image_is_an_error_page(d: Delivery) -> None:
    d.remade(FIRST, b"<html>404 Not Found</html>")


@fault("wall_art", "image.opens", "sun-2x3-large.jpg")
def a_jpeg_breaks_off(d: Delivery) -> None:
    data = d.contents["sun-2x3-large.jpg"]
    d.remade("sun-2x3-large.jpg", data[: len(data) // 2])


@fault("clipart", "image.format", FIRST)
def an_image_is_named_for_another_format(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]), "WEBP"))


@fault("clipart", "image.size", FIRST)
def an_image_is_too_small(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]).resize((200, 200))))


@fault("clipart", "image.dpi", FIRST)
def an_image_states_72_dpi(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]), dpi=(72, 72)))


@fault("clipart", "image.dpi", FIRST)
def an_image_states_no_resolution(d: Delivery) -> None:
    image = picture(d.contents[FIRST])
    out = io.BytesIO()
    Image.fromarray(np.asarray(image)).save(out, "PNG", icc_profile=image.info["icc_profile"])
    d.remade(FIRST, out.getvalue())


@fault("clipart", "image.srgb", FIRST)
def an_image_has_no_profile(d: Delivery) -> None:
    d.remade(FIRST, saved(Image.fromarray(np.asarray(picture(d.contents[FIRST]))), icc_profile=None))


@fault("clipart", "image.srgb", FIRST)
def an_image_is_in_wide_colors(d: Delivery) -> None:
    wide = bytes(pyvips.Operation.call("profile_load", "p3"))
    d.remade(FIRST, saved(picture(d.contents[FIRST]), icc_profile=wide))


@fault("clipart", "image.profile", FIRST)
def a_profile_is_damaged(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]), icc_profile=b"not a profile" * 20))


@fault("wall_art", "image.srgb", "sun-2x3-large.jpg")
def a_print_is_in_printing_colors(d: Delivery) -> None:
    name = "sun-2x3-large.jpg"
    d.remade(name, saved(picture(d.contents[name]).convert("CMYK"), "JPEG", icc_profile=None))


@fault("clipart", "image.alpha", FIRST)
def an_image_has_a_white_background(d: Delivery) -> None:
    image = picture(d.contents[FIRST])
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    d.remade(FIRST, saved(white))


@fault("clipart", "image.alpha", FIRST)
def an_image_lost_its_alpha_channel(d: Delivery) -> None:
    d.remade(FIRST, saved(picture(d.contents[FIRST]).convert("RGB")))


@fault("clipart", "image.shows", FIRST)
def an_image_is_clear_everywhere(d: Delivery) -> None:
    d.remade(FIRST, saved(Image.new("RGBA", picture(d.contents[FIRST]).size, (0, 0, 0, 0))))


@fault("wall_art", "image.shows", "sun-2x3-large.jpg")
def a_print_is_one_color(d: Delivery) -> None:
    d.remade("sun-2x3-large.jpg", saved(Image.new("RGB", (400, 600), "teal"), "JPEG"))


@fault("pattern", "image.seamless", "01-waves.png")
def a_tile_does_not_meet_itself(d: Delivery) -> None:
    pixels = np.asarray(picture(d.contents["01-waves.png"]).convert("RGB")).astype(np.int16)
    ramp = np.linspace(0, 40, pixels.shape[1])[None, :, None]
    d.remade("01-waves.png", saved(Image.fromarray((pixels + ramp).clip(0, 255).astype(np.uint8)), compress_level=1))


@fault("pattern", "image.seamless", "01-waves.png")
def a_tile_is_shifted_by_a_few_rows(d: Delivery) -> None:
    pixels = np.asarray(picture(d.contents["01-waves.png"]).convert("RGB"))
    d.remade("01-waves.png", saved(Image.fromarray(np.concatenate([pixels[60:], pixels[30:90]])), compress_level=1))
