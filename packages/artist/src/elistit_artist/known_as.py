"""Other names of figures, read once from `known_as.txt`; nothing there may name a thing the artist does not draw as if it did.

A line is `code: name|name`, with `code=part of a kind` where only some of its kinds are meant, and several codes joined by "+".
"""

from importlib import resources

from elistit_artist.vocabulary import pairs

KNOWN_AS: dict[str, str] = pairs(resources.files("elistit_artist").joinpath("known_as.txt").read_text(encoding="utf-8"))
"""Name → the figures it means."""
