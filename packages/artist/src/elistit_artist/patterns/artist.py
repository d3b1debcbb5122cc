"""The rest of the artist, as patterns use it: the one place that says where figures, styles and paint come from.

Names only. Nothing may be added to them here.
"""

from __future__ import annotations

from elistit_artist import brief, figures, lexicon, styles
from elistit_artist.idea import words_of
from elistit_artist.paint import color, layers, png, vector
from elistit_artist.paint.color import Grade
from elistit_artist.paint.job import arrangement, drawing
from elistit_artist.paint.layers import BadDrawing
from elistit_artist.paint.noise import Array, ramp, stream
from elistit_artist.plans import Pick, Plan
from elistit_artist.subjects import subject_of as figure_name

__all__ = [
    "Array",
    "BadDrawing",
    "Grade",
    "Pick",
    "Plan",
    "arrangement",
    "brief",
    "color",
    "drawing",
    "figure_name",
    "figures",
    "layers",
    "lexicon",
    "png",
    "ramp",
    "stream",
    "styles",
    "vector",
    "words_of",
]
