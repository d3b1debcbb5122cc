"""The built-in artist: an image provider that needs no key and no network, and paints its own figures.

It makes the same image again at any size, free; it keeps nothing between calls. It must never claim to follow words
it did not use: what it understood of an idea is said by `brief.plan`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from elistit.ports import Failure, Kind, Made, Outcome
from elistit.providers.base import ImageRequest, ModelInfo, Run
from elistit.providers.builtin import api, brief, compose, figures, glyphs, patterns, styles
from elistit.providers.builtin import lettering as letters
from elistit.providers.builtin.work import draw_svg, draw_tile, paint_tile, paint_to_file

NAME = "builtin"
# A 4096 × 4096 figure takes about two seconds, a 5400 × 7200 poster ten; a machine that swaps or shares its processor may
# need far longer.
TIMEOUT_S = 180.0

_REASONS: dict[str, tuple[Kind, str]] = {
    "drawing": (Kind.REJECTED, "The built-in artist has no figure for this image."),
    "disk": (Kind.TRANSIENT, "The finished image could not be written to disk."),
    "memory": (Kind.TRANSIENT, "There was not enough memory to paint this image."),
    "empty": (Kind.TRANSIENT, "The image came out empty."),
    "unexpected": (Kind.TRANSIENT, "Something went wrong while this image was painted."),
}


class BuiltinArtist:
    """`providers.base.ImageProvider` for the figures and styles that come with the studio."""

    name = NAME
    can_redraw = True

    def models(self) -> list[ModelInfo]:
        """One model per offered style."""
        return [
            ModelInfo(f"{NAME}/{s.code}", f"Built-in {s.name.lower()}", NAME, _products(s), True, s.note)
            for s in styles.OFFERED
        ]

    def generate(self, request: ImageRequest, run: Run, sent: Callable[[str], None]) -> Outcome:
        """Paint one image. Its provider id is the request key: there is no other side that would give one.

        When the prompt is no longer the one `request.art` was planned for (the seller edited it), the new prompt is
        planned afresh. Calling again with the same request paints the same bytes.
        """
        refused = self._refusal(request)
        if refused:
            return refused
        sent(request.key)
        art = self._art(request)
        return self._painted(request, art, request.seed, run)

    def look_up(self, request: ImageRequest, provider_id: str, run: Run) -> Outcome | None:
        """Always None, never received. The built-in artist keeps nothing, and painting again is free and gives the
        identical image, so the rule for an unknown answer is: paint it again."""
        return None

    def redraw(self, request: ImageRequest, run: Run) -> Outcome:
        """The same image at another size. Uses the seed stored in `request.art`, else the request's own."""
        refused = self._refusal(request)
        if refused:
            return refused
        art = dict(request.art) if _drawable(request.art) else self._art(request)
        return self._painted(request, art, int(art.get("seed", request.seed)), run)

    def draw_svg(self, request: ImageRequest, run: Run) -> Outcome:
        """The image of `request.art` as a layered SVG file at `request.out`: exact vectors, flat colors, nothing traced.

        Uses the seed stored in `request.art`, else the request's own, as `redraw` does; sizes do not matter. `Made.data` has
        `bytes`, `sha256`, `layers`, `colors` of the file and `art`. Safe to call again: the same bytes.
        """
        if request.model not in {m.code for m in self.models()}:
            return Failure(Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}")
        art = dict(request.art) if _drawable(request.art) else self._art(request)
        seed = int(art.get("seed", request.seed))
        draw = draw_tile if patterns.is_tile(art) else draw_svg
        answer, failure = self._run(request, run, draw, art, seed, str(request.out))
        if failure:
            return failure
        if not request.out.is_file() or request.out.stat().st_size != answer.get("bytes"):
            return Failure(
                Kind.TRANSIENT, "The finished SVG file is not usable.", f"{answer!r}", provider_id=request.key
            )
        return Made({**answer, "art": {**art, "seed": seed}}, cost_micros=0, provider_id=request.key)

    def _refusal(self, request: ImageRequest) -> Failure | None:
        if request.model not in {m.code for m in self.models()}:
            return Failure(Kind.REJECTED, "This studio does not offer that model.", f"unknown model {request.model}")
        if not all(api.SIDE_MIN_PX <= side <= api.SIDE_MAX_PX for side in (request.width, request.height)):
            return Failure(
                Kind.REJECTED,
                f"The built-in artist paints images of {api.SIDE_MIN_PX} to {api.SIDE_MAX_PX:,} pixels a side.",
                f"asked for {request.width} × {request.height}",
            )
        return None

    def _art(self, request: ImageRequest) -> dict[str, Any]:
        """What to draw: as the briefing decided, or planned from the prompt when that is missing or was edited."""
        style = request.model.partition("/")[2]
        art = dict(request.art)
        planned_for = art.get("prompt", request.prompt)
        if patterns.is_tile(art):
            if planned_for == request.prompt:
                return {**art, "style": style}
            return patterns.replanned(request.prompt, request.negative, request.seed, style)
        subject = str(art.get("subject"))
        known = subject in figures.catalogue() or glyphs.is_glyph(subject) or art.get("scene") in compose.catalogue()
        known = known or bool(art.get("lettering"))
        if art.get("lettering") and (again := int(art.pop("round", 0))):
            art["lettering"] = letters.remade(art["lettering"], again)
        if known and planned_for == request.prompt:
            return {**art, "style": style}
        product = str(art.get("product") or ("clipart" if request.transparent else "wall_art"))
        wide, high = art.get("canvas") or (request.width, request.height)
        plan = brief.plan(
            request.prompt,
            {"negative": request.negative},
            1,
            request.seed,
            style,
            product=product,
            ratio=f"{wide}:{high}",
        )
        return {**plan.picks[0].art, "prompt": request.prompt}

    def _painted(self, request: ImageRequest, art: dict[str, Any], seed: int, run: Run) -> Outcome:
        order = {
            **{k: art.get(k) for k in ("subject", "params", "scene", "kind", "scheme", "canvas", "guest", "words", "grade", "manner", "lettering")},
            "style": request.model.partition("/")[2], "seed": seed, "width": request.width, "height": request.height,
            "transparent": request.transparent, "out": str(request.out),
        }  # fmt: skip
        if patterns.is_tile(art):
            answer, failure = self._run(request, run, paint_tile, {**art, **order})
        else:
            answer, failure = self._run(request, run, paint_to_file, order)
        return failure or self._outcome(request, {**art, "seed": seed}, answer)

    def _run(
        self, request: ImageRequest, run: Run, function: Callable[..., Any], *args: Any
    ) -> tuple[dict[str, Any], Failure | None]:
        """The answer of heavy work, or the failure it ends in."""
        try:
            answer: Any = run(function, *args, timeout=TIMEOUT_S)
        except TimeoutError as error:
            words = f"Painting this image took longer than {TIMEOUT_S:.0f} seconds and was stopped."
            return {}, Failure(Kind.TRANSIENT, words, str(error) or "time-out", provider_id=request.key)
        except (RuntimeError, OSError) as error:
            words = "The program that paints this image stopped before it was done."
            return {}, Failure(Kind.TRANSIENT, words, f"{type(error).__name__}: {error}", provider_id=request.key)
        if not isinstance(answer, dict) or "failed" in answer:
            found = answer if isinstance(answer, dict) else {"failed": "unexpected", "detail": f"answered {answer!r}"}
            kind, words = _REASONS.get(str(found["failed"]), _REASONS["unexpected"])
            return {}, Failure(kind, words, str(found.get("detail", "")), provider_id=request.key)
        return answer, None

    def _outcome(self, request: ImageRequest, art: dict[str, Any], answer: dict[str, Any]) -> Outcome:
        problem = _file_problem(request, answer)
        if problem:
            return Failure(Kind.TRANSIENT, "The finished image is not usable.", problem, provider_id=request.key)
        facts = {k: answer[k] for k in ("width", "height", "bytes", "sha256")}
        return Made({**facts, "art": art}, cost_micros=0, provider_id=request.key)


def _drawable(art: dict[str, Any]) -> bool:
    """Whether `art` says what to draw: a figure, a composed image or a tile."""
    return bool(art.get("subject") or art.get("scene") or art.get("lettering")) or patterns.is_tile(art)


def _products(style: styles.Style) -> frozenset[str]:
    """What a style is offered for: its own products, and tiles where it paints those."""
    return style.products | {"pattern"} if style.code in patterns.STYLES else style.products


def _file_problem(request: ImageRequest, facts: dict[str, Any]) -> str:
    """What is wrong with the written file, for the operator; empty when it is what was reported (rules §5.8)."""
    path = Path(request.out)
    try:
        size = path.stat().st_size
    except OSError as error:
        return f"no file at {path}: {error}"
    if (facts.get("width"), facts.get("height")) != (request.width, request.height):
        return f"{facts.get('width')} × {facts.get('height')} instead of {request.width} × {request.height} pixels"
    return "" if size == facts.get("bytes") and size > 0 else f"{size} bytes on disk, {facts.get('bytes')} reported"
