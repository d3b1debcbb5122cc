"""Lettering: quotes, names, monograms and alphabets set from bundled open fonts and drawn as welded outlines.

Pure and deterministic: a plan decides every point of the drawing. Nothing here may use a font of the machine, leave a
character out, or draw an empty box: what no bundled face has is refused by name.
"""

from elistit_artist.lettering.drawing import document, svg
from elistit_artist.lettering.faces import CannotLetter, Face, Mood, catalogue, unsettable

__all__ = ["CannotLetter", "Face", "Mood", "catalogue", "document", "svg", "unsettable"]
