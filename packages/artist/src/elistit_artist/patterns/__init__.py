"""Seamless patterns from the artist's own figures: coordinated tiles in one palette, painted on a torus.

`plan` decides a set from an idea, `layouts` where everything lies on a tile, `painter` and `vectors` make pixels and SVG of it,
`job` writes files. A tile must never be made seamless afterwards: nothing is blended at its edges, everything that crosses one
comes back on the other side.
"""
