"""The built-in artist in the studio: images from code, with no key, no network and no cost.

The artist itself is its own distribution, `elistit-artist` (`packages/artist`), and knows nothing of the studio. This
package is its adapter: `provider` answers the provider protocol, `work` is what subprocesses run, `art_packs` lends the artist
the drawings of installed packs. The rest of the studio takes the artist from here, never directly, so that the packs are
always lent. It is loaded when it is first used: a process that only serves pages needs none of it. Nothing here may reach outside
this machine.
"""

import functools
import importlib
from typing import TYPE_CHECKING

from elistit.on_use import OnUse
from elistit.providers.builtin.art_packs import ART_PACKS

if TYPE_CHECKING:
    from elistit_artist import api, brief, compose, figures, glyphs, sketch, styles, subjects
    from elistit_artist.lettering import planning as lettering
    from elistit_artist.paint import job
    from elistit_artist.patterns import job as tiles
    from elistit_artist.patterns import plan as patterns
    from elistit_artist.plans import Pick
else:

    @functools.cache
    def _lend() -> None:
        importlib.import_module("elistit_artist.glyphs").use(ART_PACKS)

    api = OnUse("elistit_artist.api", before=_lend)
    brief = OnUse("elistit_artist.brief", before=_lend)
    compose = OnUse("elistit_artist.compose", before=_lend)
    figures = OnUse("elistit_artist.figures", before=_lend)
    glyphs = OnUse("elistit_artist.glyphs", before=_lend)
    job = OnUse("elistit_artist.paint.job", before=_lend)
    lettering = OnUse("elistit_artist.lettering.planning", before=_lend)
    patterns = OnUse("elistit_artist.patterns.plan", before=_lend)
    sketch = OnUse("elistit_artist.sketch", before=_lend)
    styles = OnUse("elistit_artist.styles", before=_lend)
    subjects = OnUse("elistit_artist.subjects", before=_lend)
    tiles = OnUse("elistit_artist.patterns.job", before=_lend)


__all__ = [
    "Pick", "api", "brief", "compose", "figures", "glyphs", "job", "lettering", "patterns", "sketch", "styles", "subjects", "tiles",
]  # fmt: skip
