"""The report of the trial: one entry per check, with each failed file and a sentence. It must never list a check that
was not made: a check is listed from the first file it looked at."""

from __future__ import annotations

from collections import Counter
from typing import Any

# Every check by name, in the order of the report, with the statement that is true when it passes.
TITLES: dict[str, str] = {
    "parts.size": "Etsy takes every ZIP",
    "parts.count": "Etsy takes this many ZIPs",
    "parts.numbering": "The ZIPs are numbered without gaps",
    "zip.opens": "Every ZIP opens",
    "zip.whole": "Every ZIP is whole, from its first byte to its last",
    "zip.readers": "Two independent programs see the same files in the ZIP",
    "zip.safe": "Nothing in the ZIP leaves the folder it is unzipped to",
    "zip.windows_names": "Windows accepts every file name",
    "zip.length": "No file name is too long for Windows or macOS",
    "zip.unique": "No file replaces another on Windows or macOS",
    "zip.text_names": "File names read the same on every computer",
    "zip.open_to_all": "No file needs a password",
    "zip.method": "Windows and macOS can unpack every file without extra programs",
    "zip.headers": "The two descriptions of each file in the ZIP agree",
    "zip.size": "The ZIP unpacks to a reasonable size",
    "zip.empty": "No file is empty",
    "zip.intact": "Every file unpacks unchanged",
    "delivery.complete": "Everything made for the buyer is in the ZIP",
    "delivery.same": "The files in the ZIP are the ones that were made",
    "delivery.numbering": "The files are numbered without gaps or repeats",
    "delivery.contents": "The buyer gets every file this product type promises",
    "delivery.card": "The product card and the licenses are in the ZIP",
    "delivery.link": "The product card has the buyer's download link",
    "image.format": "Every image is what its file name says",
    "image.opens": "Every image opens and is whole",
    "image.shows": "No image is blank",
    "image.size": "Every image has the promised size",
    "image.dpi": "Every image states the promised resolution",
    "image.profile": "Every color profile is readable",
    "image.srgb": "Every image is sRGB",
    "image.alpha": "Transparent images really are transparent",
    "image.seamless": "Pattern tiles repeat without a visible seam",
    "pdf.opens": "Every PDF opens and every page is drawn",
    "pdf.fonts": "Every font in a PDF is embedded",
    "pdf.safe": "No PDF runs programs or needs other files",
    "pdf.boxes": "The page boxes of every PDF fit inside each other",
    "pdf.size": "Every PDF page has the promised size",
    "pdf.print_ready": "Print-ready PDFs follow PDF/X-4",
    "svg.opens": "Every SVG is valid and has a size",
    "svg.self_contained": "No SVG needs other files, fonts or programs",
    "svg.vector": "No SVG contains an image made of pixels",
    "svg.shows": "No SVG is blank",
    "svg.alike": "Every SVG looks the same in two independent programs",
    "svg.cut_lines": "Every cut line is closed",
    "svg.cut_fits": "Every cut line has the size of its image",
    "svg.layers": "Layered drawings have layers",
    "svg.colors": "No drawing has more colors than promised",
    "svg.silhouette": "Every silhouette has one color",
    "dxf.opens": "Every DXF opens",
    "dxf.units": "Every DXF is in millimeters",
    "dxf.closed": "Every outline of a DXF is closed",
    "file.source": "Every file says how it was made",
    "text.reads": "Every text file is readable",
    "font.opens": "Every font file opens",
    "video.opens": "The listing video is a readable MP4",
    "video.codec": "The listing video is H.264",
    "video.size": "The listing video has the promised size",
    "video.length": "The listing video lasts 5 to 15 seconds",
    "video.bytes": "The listing video is small enough for Etsy",
    "video.silent": "The listing video has no sound",
    "video.streams": "The listing video plays while it loads",
    "video.decodes": "Another program plays every frame of the listing video",
    "video.shows": "No frame of the listing video is blank",
    "video.moves": "The listing video moves",
    "other.kept": "Other files unpack unchanged",
    "listing.count": "The listing names the right number of images",
    "listing.pixels": "Sizes in pixels in the listing are true",
    "listing.dpi": "The resolution in the listing is true",
    "listing.inches": "Print sizes in the listing are true",
    "listing.formats": "The buyer gets every file format the listing names",
    "listing.transparent": "What the listing calls transparent is transparent",
    "listing.seamless": "What the listing calls seamless is seamless",
    "listing.cut_lines": "The cut lines in the listing are there",
    "listing.layers": "The layers in the listing are there",
    "listing.downloads": "The listing names the right number of downloads",
}
_ORDER = {name: place for place, name in enumerate(TITLES)}


class Findings:
    """Collects the findings of each check. `passed` and `failed` take the name of a check in `TITLES` and a file's name."""

    def __init__(self) -> None:
        self._looked: Counter[str] = Counter()
        self._found: dict[str, Counter[str]] = {}
        self._problems: dict[str, list[dict[str, str]]] = {}

    def passed(self, check: str, found: str = "") -> None:
        """A file, or the delivery as a whole, passed a check; `found` says what was found."""
        self._see(check, found)

    def failed(self, check: str, file: str, words: str) -> None:
        """A file failed a check, for the reason in `words`: one plain sentence."""
        self._see(check, "")
        self._problems.setdefault(check, []).append({"file": file, "words": words})

    def judge(self, check: str, file: str, words: str, found: str = "") -> None:
        """The file passed if `words` is empty, otherwise it failed with them."""
        if words:
            self.failed(check, file, words)
        else:
            self.passed(check, found)

    def _see(self, check: str, found: str) -> None:
        if check not in TITLES:
            raise KeyError(check)
        self._looked[check] += 1
        if found:
            self._found.setdefault(check, Counter())[found] += 1

    def plain(self) -> dict[str, Any]:
        """All findings as JSON-safe values, for `add`."""
        return {
            "looked_at": dict(self._looked),
            "found": {check: dict(found) for check, found in self._found.items()},
            "problems": self._problems,
        }

    def add(self, others: dict[str, Any]) -> None:
        """Add the findings of others (`plain`), as if they had been made here."""
        self._looked.update(others["looked_at"])
        for check, found in others["found"].items():
            self._found.setdefault(check, Counter()).update(found)
        for check, problems in others["problems"].items():
            self._problems.setdefault(check, []).extend(problems)

    @property
    def ok(self) -> bool:
        return not self._problems

    def checks(self) -> list[dict[str, Any]]:
        """Every check that was made: name, title, ok, how many files were looked at, what was found, problems by file."""
        return [
            {
                "name": name,
                "title": TITLES[name],
                "ok": name not in self._problems,
                "looked_at": self._looked[name],
                "found": _said(self._found.get(name, Counter())),
                "problems": self._problems.get(name, []),
            }
            for name in sorted(self._looked, key=_ORDER.__getitem__)
        ]


def _said(found: Counter[str]) -> str:
    """The most common findings of a check in a few words."""
    common = [f"{text} ({times} ×)" if times > 1 else text for text, times in found.most_common(4)]
    return ", ".join(common) + (f" and {len(found) - 4} more" if len(found) > 4 else "")


def first_problem(report: dict[str, Any]) -> str:
    """The first failure, in words a seller can read: the file, the sentence, and how many more there are. Empty when
    nothing failed."""
    bad = [(c, p) for c in report["checks"] for p in c["problems"]]
    if not bad:
        return ""
    check, problem = bad[0]
    more = len(bad) - 1
    rest = f" {more} more {'problem was' if more == 1 else 'problems were'} found." if more else ""
    file = problem["file"] if len(problem["file"]) <= 80 else f"{problem['file'][:77]}…"
    return f"{file}: {problem['words']} The check: “{check['title']}”.{rest}"
