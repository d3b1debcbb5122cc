"""SVG documents made up by chance, of everything that drawing programs write and some that they do not, and the judge of
how one is read: two renderers draw it as it was and as it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from elistit.artwork import drawing, renderings

PX = 240
COLORS = (
    "red", "#2a9d8f", "#1d3557", "rgb(230, 57, 70)", "rgb(50%,20%,80%)", "gold", "#fc6", "currentColor", "hsl(120,50%,40%)",
    "none", "transparent", "rgba(20,40,200,.6)", "#12345680", "inherit", "rebeccapurple",
)  # fmt: skip
UNITS = (*[""] * 20, *["%"] * 5, "px", "mm", "cm", "in", "pt", "pc", "em")
RARE = (
    ("mask", "url(#m)"), ("filter", "url(#f)"), ("marker-end", "url(#k)"), ("vector-effect", "non-scaling-stroke"),
    ("mix-blend-mode", "multiply"), ("fill", "url(#g)"), ("stroke", "url(#g)"), ("fill", "var(--x)"), ("x", "5px"),
    ("transform", "rotate(20deg)"), ("fill", "initial"), ("clip", "rect(0,9,9,0)"), ("visibility", "collapse"),
    ("fill", "bogus"), ("stroke-linejoin", "arcs"), ("paint-order", "markers stroke"), ("font-size", "large"), ("all", "unset"),
    ("d", "none"), ("clip-path", "circle(20px)"), ("opacity", "inherit"), ("isolation", "isolate"), ("stroke-width", "2vw"),
    ("translate", "20px"), ("rotate", "30deg"), ("scale", "2"), ("transform-box", "fill-box"), ("transform-origin", "50% 50%"),
    ("offset-path", "path('M0 0H9')"), ("filter", "blur(3px)"), ("mask-image", "linear-gradient(red, blue)"), ("zoom", "2"),
    ("fill", "color-mix(in srgb, red, blue)"), ("fill", "oklch(60% .2 20)"), ("fill", "context-stroke"), ("fill", "url(#g) red"),
    ("fill", "url(other.svg#g)"), ("fill", "rgb(300 -5 20 / 50%)"), ("stroke-width", "calc(2px + 3px)"), ("fill", "#12345"),
    ("fill", "light-dark(red, blue)"), ("opacity", "150%"), ("opacity", "-1"), ("stroke-dasharray", "5 -5"), ("fill", "icc-color(x)"),
    ("stroke-miterlimit", "0"), ("marker", "url(#k)"), ("marker-mid", "url(#k)"), ("enable-background", "new"), ("fill", "url(#p)"),
    ("shape-rendering", "crispEdges"), ("color-interpolation", "linearRGB"), ("text-anchor", "middle"), ("direction", "rtl"),
    ("clip-path", "url(#c4)"), ("clip-path", "url(#c5)"), ("clip-path", "url(#nothing)"), ("fill", "revert"), ("--x", "red"),
)  # fmt: skip
BODIES = (
    '<text x="9" y="40">abc</text>', '<switch><rect width="30" height="30"/><circle r="40"/></switch>',
    '<rect width="30" height="20" requiredExtensions="x"/>', '<g xmlns=""><rect width="60" height="60"/></g>',
    '<a><circle cx="50" cy="50" r="20"/></a>', '<ellipse cx="50" cy="50" rx="30"/>', '<use href="#nothing"/>',
    '<path d="M10 10h40v40z" pathLength="9" stroke="red" stroke-dasharray="1"/>', '<circle r="20" transform="rotate(9)x"/>',
    '<rect width="40" height="40" transform-origin="20 20" transform="rotate(45)"/>', '<unknown><circle r="30"/></unknown>',
    '<svg width="50" height="50" transform="rotate(9)"><rect width="60" height="60"/></svg>', '<polyline points="1 2 3"/>',
    '<path d="M10 10L90 10 50"/>', '<rect width="-5" height="50"/>', '<rect width="5q" height="50"/>',
    '<use xlink:href="#u1" xmlns:xlink="http://www.w3.org/1999/xlink"/>', '<use href="#loop"/><g id="loop"><use href="#loop"/></g>',
    '<g id="n1"><use href="#u1" x="9"/></g><use href="#n1" y="40"/>', '<use href="other.svg#u1"/>', '<use href="#u1" href2="#s1"/>',
    '<image width="40" height="40" href="https://example.com/a.png"/>', '<image width="40" height="40" href="a.svg"/>',
    '<image width="60" height="60" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk'
    'YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="/>',
    '<foreignObject width="60" height="60"><p xmlns="http://www.w3.org/1999/xhtml">abc</p></foreignObject>',
    '<switch><g systemLanguage="de"><rect width="70" height="70"/></g><g><circle r="60"/></g></switch>',
    '<rect width="40" height="40"><animate attributeName="x" to="60" dur="1s"/></rect>', '<script>1</script><circle r="50"/>',
    '<rect width="60" height="40"><set attributeName="fill" to="red"/></rect>', '<tspan>abc</tspan>', '<textPath href="#u1">a</textPath>',
    '<symbol viewBox="0 0 9 9"><rect width="9" height="9"/></symbol>', '<defs><rect width="90" height="90"/></defs>',
    '<path d="M10,10 A30,30 0 0190,10 z"/>', '<path d="M1e1.5.5-3L90 90H.5z"/>', '<path d="m80 80z l-60 0 0-60z"/>', '<path d=""/>',
    '<path d="M20 20"/>', '<path d="M20 20z" stroke="red" stroke-width="20" stroke-linecap="round"/>', '<path d="L20 20 60 60z"/>',
    '<line x1="40" y1="40" x2="40" y2="40" stroke="red" stroke-width="20" stroke-linecap="square"/>', '<polygon points="9,9 90"/>',
    '<rect width="60" height="30" rx="90%" ry="auto"/>', '<rect width="60" height="30" rx="-4"/>', '<circle cx="40" cy="40" r="0"/>',
    '<g transform="scale(0)"><rect width="60" height="60"/></g>', '<g transform="scale(1 0)"><rect width="60" height="60"/></g>',
    '<svg width="0" height="50"><rect width="60" height="60"/></svg>', '<svg viewBox="0 0 0 50"><rect width="60" height="60"/></svg>',
    '<svg x="10%" y="20%" width="50%" height="50%" viewBox="0 0 40 90" preserveAspectRatio="xMidYMid slice"><rect width="99" height="99"/>'
    "</svg>", '<svg width="60" height="30" viewBox="0 0 40 90" preserveAspectRatio="xMinYMid"><rect width="40" height="90"/></svg>',
    '<use href="#s1" width="30%" height="70" preserveAspectRatio="none"/>', '<rect width="60" height="60" fill=" RED "/>',
    '<rect width="60" height="60" style="fill:red;fill:bogus;stroke:blue"/>', '<rect width="60" height="60" style="FILL:Red"/>',
    '<rect width="60" height="60" style="fill/**/:/*x*/red"/>', '<rect width="60" height="60" style="fill:red !IMPORTANT" class="a"/>',
    '<style type="text/less">rect{fill:red}</style><rect width="60" height="60"/>', '<style media="print">rect{fill:red}</style>',
    '<style><![CDATA[rect>path,rect{fill:lime}]]></style>', '<style>@import url(x.css);path{fill:red}</style>', '<hatch/>',
    '<style>@media screen{path{fill:red}}</style>', '<style>@supports (fill:red){path{fill:lime}}</style>', '<style>path:not(.a){fill:red}</style>',
    '<style>:root{--x:lime}path{fill:var(--x, red)}</style>', '<style>path:hover{fill:red}</style>', '<style>path:nth-child(2n){fill:red}</style>',
    '<style>@font-face{font-family:x}path{stroke:red}</style>', '<style>*|path{fill:gold}</style>', '<style>PATH{fill:red}</style>',
    '<style>path,{fill:red}</style>', '<style>path{fill:red</style>', '<style>@charset "utf-8";path{fill:red}</style>',
    '<style>@namespace s url(http://www.w3.org/2000/svg);s|path{fill:red}</style>', '<style>path{d:path("M0 0H90V90z")}</style>',
    '<style>g{path{fill:red}}</style>', '<style>@layer a{path{fill:red}}</style>', '<style>path{all:unset}</style>', '<discard/>',
    '<style>circle{r:40px;cx:50}rect{width:30px}</style>', '<style>path[d]{fill:red}path[fill="red"]{fill:blue}</style>',
)  # fmt: skip


DEFINITIONS = (
    '<clipPath id="c1"><rect x="10" y="10" width="60" height="70"/></clipPath>'
    '<clipPath id="c2"><circle cx="50" cy="50" r="40"/><path d="M5 5h30v30h-30zm5 5v20h20v-20z" clip-rule="evenodd"/></clipPath>'
    '<clipPath id="c3"><rect x="-200" y="-200" width="600" height="600"/></clipPath>'
    '<linearGradient id="g"><stop stop-color="red"/></linearGradient>'
    '<mask id="m"><rect width="50" height="50" fill="#fff"/></mask><filter id="f"><feGaussianBlur stdDeviation="4"/></filter>'
    '<marker id="k" markerWidth="4" markerHeight="4"><circle r="3"/></marker>'
    '<clipPath id="c4" clipPathUnits="objectBoundingBox"><rect width=".6" height=".5"/></clipPath>'
    '<clipPath id="c5" clip-path="url(#c2)"><use href="#u1"/><rect width="50" height="90" transform="rotate(20)"/></clipPath>'
    '<pattern id="p" width="9" height="9" patternUnits="userSpaceOnUse"><circle r="5"/></pattern>'
)

ATTRIBUTES_ELSEWHERE = ("x", "d", "transform", "--x", "rotate", "scale")
"""Properties whose names mean something else, or nothing, as attributes."""


class Maker:
    """Makes one document after another from a source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def one(self, *of: str) -> str:
        return self.chance.choice(of)

    def odds(self, one_in: int) -> bool:
        return self.chance.randrange(one_in) == 0

    def small(self, low: float, high: float) -> str:
        return f"{self.chance.uniform(low, high):.4g}"

    def length(self, low: float = 0, high: float = 100) -> str:
        unit = self.one(*UNITS)
        per = {"mm": 3.78, "cm": 37.8, "in": 96, "pt": 1.33, "pc": 16, "em": 16}.get(unit, 1)
        return f"{self.small(low / per, high / per)}{unit}"

    def properties(self, most: int, css: bool) -> dict[str, str]:
        known: dict[str, Callable[[], str]] = {
            "fill": lambda: self.one(*COLORS), "stroke": lambda: self.one(*COLORS), "stroke-width": lambda: self.length(0.5, 14),
            "fill-opacity": lambda: self.one("1", ".5", "40%", "0"), "stroke-opacity": lambda: self.one("1", ".5", "70%"),
            "fill-rule": lambda: self.one("evenodd", "nonzero"),
            "stroke-linecap": lambda: self.one("butt", "round", "square"),
            "stroke-linejoin": lambda: self.one("miter", "round", "bevel"),
            "stroke-miterlimit": lambda: self.small(1, 12),
            "stroke-dasharray": lambda: self.one("8 4", "5", "10,3,2", "none", "10% 5%", "2mm", "0", "0 9"),
            "stroke-dashoffset": lambda: self.length(-9, 9),
            "paint-order": lambda: self.one("stroke", "normal", "fill stroke"),
            "opacity": lambda: self.one("1", ".5", "60%", "0"), "color": lambda: self.one("teal", "#a03", "inherit"),
            "display": lambda: self.one("inline", "inline", "none", "block"),
            "visibility": lambda: self.one("visible", "visible", "hidden"),
            "clip-path": lambda: self.one("url(#c1)", "url(#c2)", "url('#c3')", "none"),
            "font-size": lambda: self.one("10px", "2em", "150%"), "overflow": lambda: self.one("visible", "hidden", "auto"),
            "clip-rule": lambda: self.one("evenodd", "nonzero"),
        }  # fmt: skip
        names = self.chance.sample(sorted(known), self.chance.randint(0, most))
        found = {name: known[name]() for name in names}
        if self.odds(50):
            name, value = self.chance.choice(RARE)
            if css or name not in ATTRIBUTES_ELSEWHERE:
                found[name] = value
        return found

    def transform(self) -> str:
        return " ".join(
            self.one(
                f"translate({self.small(-30, 30)},{self.small(-30, 30)})",
                f"rotate({self.small(-180, 180)} {self.small(0, 100)} {self.small(0, 100)})",
                f"scale({self.small(0.3, 2)})",
                f"scale({self.small(-1.5, 1.5)} {self.small(0.3, 2)})",
                f"skewX({self.small(-40, 40)})",
                f"matrix(1 .1 -.1 .9 {self.small(-30, 30)} 5)",
            )
            for _ in range(self.chance.randint(1, 2))
        )

    def path_data(self) -> str:
        def n() -> str:
            return self.small(0, 100)

        def r() -> str:
            return self.small(-40, 40)

        def flag() -> str:
            return self.one("0", "1")

        steps = {
            "L": (n, n), "l": (r, r), "H": (n,), "v": (r,), "C": (n,) * 6, "c": (r,) * 6, "S": (n,) * 4, "q": (r,) * 4,
            "T": (n, n), "A": (n, n, n, flag, flag, n, n), "z": (), "m": (r, r),
        }  # fmt: skip
        parts = [f"M{n()} {n()}"]
        for _ in range(self.chance.randint(1, 6)):
            command = self.one(*steps)
            parts.append(command + " ".join(v() for v in steps[command]))
        return self.one("", " ").join(parts)

    def attributes(self, most: int = 4) -> str:
        """Styling of one element: attributes, `style`, a class, a transform."""
        found = [f'{k}="{v}"' for k, v in self.properties(most, False).items()]
        if self.odds(2):
            weight = " !important" if self.odds(6) else ""
            found.append(
                'style="{}"'.format("; ".join(f"{k}:{v}{weight}" for k, v in self.properties(2, True).items()))
            )
        if self.odds(2):
            found.append(f'class="{self.one("a", "b", "a b", "c")}"')
        if self.odds(3):
            found.append(f'transform="{self.transform()}"')
        return " ".join(found)

    def shape(self) -> str:
        length = self.length
        kinds = {
            "rect": f'x="{length(0, 40)}" y="{length(0, 40)}" width="{length(20, 90)}" height="{length(10, 90)}"'
            + self.one("", ' rx="10"', ' ry="10%"', ' rx="30" ry="5"'),
            "circle": f'cx="{length(20, 80)}" cy="{length(20, 80)}" r="{length(5, 40)}"',
            "ellipse": f'cx="{length(20, 80)}" cy="50" rx="{length(5, 40)}" ry="{length(5, 40)}"',
            "line": f'x1="{length()}" y1="{length()}" x2="{length()}" y2="{length()}"',
            "polygon": 'points="10,10 90,30 50,90,20 40"', "polyline": 'points="10 10 90 30 50 90 80 95"',
            "path": f'd="{self.path_data()}"',
        }  # fmt: skip
        kind = self.one(*kinds, "path")
        return f"<{kind} {kinds[kind]} {self.attributes()}/>"

    def tree(self, depth: int = 0) -> str:
        kind = self.one("shape", "shape", "shape", "g", "g", "svg", "use") if depth < 3 else "shape"
        if kind == "shape":
            return self.shape()
        if kind == "use":
            name = self.one("u1", "u2", "s1", "s2")
            return f'<use href="#{name}" x="10" y="20%" width="60" height="50" {self.attributes(2)}/>'
        body = "".join(self.tree(depth + 1) for _ in range(self.chance.randint(1, 3)))
        if kind == "g":
            return f"<g {self.attributes(2)}>{body}</g>"
        fit = self.one(
            'viewBox="0 0 50 80"', 'preserveAspectRatio="none" viewBox="0 0 100 50"', "", 'viewBox="0 0 90 90" overflow="visible"',
            'preserveAspectRatio="xMaxYMin slice" viewBox="10 10 60 90"',
        )  # fmt: skip
        return f'<svg x="10" y="5" width="{self.length(30, 90)}" height="60" {fit}>{body}</svg>'

    def sheet(self) -> str:
        plain = (
            ".a",
            ".b",
            ".c",
            "rect",
            "g .a",
            "g > path",
            "#u1",
            "*",
            "circle, .b",
            ".a.b",
            "[class=c]",
            "svg path",
        )
        rules = []
        for _ in range(self.chance.randint(0, 3)):
            chosen = (
                self.one(":root", "rect:first-child", "@media print", "g + g") if self.odds(20) else self.one(*plain)
            )
            body = ";".join(f"{k}:{v}" for k, v in self.properties(2, True).items())
            rules.append(f"{chosen}{{{f'rect{{{body}}}' if chosen.startswith('@') else body}}}")
        return f"<style>{' '.join(rules)}</style>" if rules else ""

    def document(self) -> str:
        """One SVG document."""
        head = self.one(
            'viewBox="0 0 100 100"', 'width="100" height="100"', 'viewBox="0 0 100 100" width="3in"', 'width="30mm" height="2cm"',
            'viewBox="-20 -10 150 120" width="90mm" height="40mm"', 'viewBox="0 0 100 100" width="100%" height="100%"',
            'viewBox="0 0 100 80" width="50" height="90" preserveAspectRatio="none"', 'viewBox="0 0 1 1"',
            'viewBox="0 0 100 80" width="50" height="90" preserveAspectRatio="xMinYMax slice"', 'viewBox="0 0 2000 2000"',
        )  # fmt: skip
        body = "".join(self.tree() for _ in range(self.chance.randint(1, 4)))
        if self.odds(6):
            piece = self.one(*BODIES)
            body = body + piece if self.odds(2) else piece + body
        if 'viewBox="0 0 1 1"' in head:
            body = f'<g transform="scale(.01)">{body}</g>'
        look = " ".join(f'{k}="{v}"' for k, v in self.properties(2, False).items())
        definitions = (
            f'<g id="u1">{self.shape()}</g><g id="u2" {self.attributes(2)}>{self.shape()}</g>'
            f'<symbol id="s1" viewBox="0 0 80 100">{self.shape()}</symbol><symbol id="s2">{self.shape()}</symbol>'
        )
        return f'<svg xmlns="{drawing.SVG}" {head} {look}>{self.sheet()}<defs>{definitions}{DEFINITIONS}</defs>{body}</svg>'


def documents() -> st.SearchStrategy[str]:
    """SVG documents."""
    return st.integers(0, 2**32).map(lambda seed: Maker(Random(seed)).document())


@dataclass(frozen=True)
class Verdict:
    """How a document was read. `flat`: as flat shapes; `differs`: the share of painted pixels that came out otherwise, by
    renderer; `disputed`: the renderers do not draw the document itself alike."""

    flat: bool
    why: str
    differs: tuple[float, ...] = ()
    disputed: bool = False

    @property
    def silently_different(self) -> bool:
        """Read as flat, and what was read looks otherwise in a renderer although both agree on the document."""
        return self.flat and not self.disputed and max(self.differs, default=0.0) > renderings.SHARE_MAX


def judged(text: str) -> Verdict:
    """Read a document without the comparison that an upload goes through, and compare it here."""
    try:
        picture = drawing.read(text)
    except drawing.NotFlat as why:
        return Verdict(False, str(why))
    box = " ".join(f"{v:.10g}" for v in picture.box)
    shapes = "".join(drawing.to_svg(s, drawing.decimals(picture.box)) for s in picture.shapes)
    again = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{shapes}</svg>'
    verdict = _compared(text, again, PX)
    # Of a small shape every pixel is an edge, so what differs is looked at once more at the size an upload is compared at.
    return _compared(text, again, renderings.PX) if verdict.silently_different else verdict


def _compared(text: str, again: str, px: int) -> Verdict:
    """A document and what was read of it, compared at so many pixels on the longest side."""
    size = renderings.size_px(text, px)
    # How edges are smoothed is a hint for the screen and no part of a shape.
    text = text.replace("crispEdges", "auto")
    before = [renderings.drawn(text, r, size) for r in renderings.RENDERERS]
    after = [renderings.drawn(again, r, size) for r in renderings.RENDERERS]
    pairs = list(zip(before, after, strict=True))
    differs = tuple(round(renderings.apart(a, b), 4) for a, b in pairs)
    if min(strictly := [renderings.different(a, b) for a, b in pairs]) > renderings.SHARE_MAX:
        differs = tuple(round(v, 4) for v in strictly)
    disputed = renderings.apart(*before) > renderings.SHARE_MAX
    return Verdict(True, "", differs, disputed)
