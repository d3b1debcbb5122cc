"""The built-in artist in the studio: images from code, with no key, no network and no cost.

The artist itself is a distribution of its own, `elistit-artist` (`packages/artist`), and knows nothing of the studio. This
package is its adapter: `provider` answers the provider protocol, `work` is what subprocesses run, `art_packs` lends the artist
the drawings of installed packs. The rest of the studio takes the artist from here, never directly, so that the packs are
always lent. Nothing here may reach outside this machine.
"""

from elistit.providers.builtin.art_packs import ART_PACKS
from elistit_artist import brief, glyphs, sketch, subjects
from elistit_artist.patterns import plan as patterns
from elistit_artist.plans import Pick

glyphs.use(ART_PACKS)

__all__ = ["Pick", "brief", "glyphs", "patterns", "sketch", "subjects"]
