"""The page a person sees at the sandbox's address: the drafts with their images, tags and files.

Everything a client sent is escaped; the page loads nothing from anywhere else and has no script.
"""

from __future__ import annotations

from html import escape
from typing import Any

from elistit.listings.etsy.terms import TRADEMARK_NOTICE

_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0 auto;max-width:70rem;padding:1.5rem}
article{border:1px solid #8884;border-radius:.75rem;padding:1.25rem;margin:1.5rem 0}h2{margin:0 0 .25rem}
.images{display:flex;gap:.75rem;flex-wrap:wrap;margin:1rem 0}.images img,.images video{height:12rem;max-width:100%;border-radius:.5rem}
.tags span{display:inline-block;border:1px solid #8886;border-radius:1rem;padding:.1rem .7rem;margin:.15rem .2rem .15rem 0}
pre{white-space:pre-wrap;font:inherit;background:#8881;border-radius:.5rem;padding:1rem}.quiet{opacity:.75}
"""


def page(drafts: list[dict[str, Any]]) -> bytes:
    """The whole page, newest draft first, as UTF-8."""
    shown = "".join(_draft(d) for d in reversed(drafts)) or "<p>No drafts yet. They appear here as they are made.</p>"
    count = "1 draft" if len(drafts) == 1 else f"{len(drafts)} drafts"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Etsy sandbox: drafts</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style><body><h1>Etsy sandbox</h1>"
        "<p>This server answers like Etsy, for practice. Nothing here is on Etsy, and nothing is ever published.</p>"
        f"<p>{count}.</p><main>{shown}</main><footer class=quiet><p>{escape(TRADEMARK_NOTICE)}</p></footer></body></html>"
    ).encode()


def _draft(draft: dict[str, Any]) -> str:
    pictures = "".join(
        f'<img src="/_sandbox/blobs/{escape(i["sha256"])}" alt="{escape(i["alt_text"] or i["name"])}">'
        for i in draft["images"]
    )
    files = "".join(f"<li>{escape(f['name'])} ({f['bytes'] / 1_000_000:.2f} MB)</li>" for f in draft["files"])
    videos = "".join(
        f'<video controls preload="none" src="/_sandbox/blobs/{escape(v["sha256"])}" aria-label="{escape(v["name"])}"></video>'
        for v in draft.get("videos", [])
    )
    tags = "".join(f"<span>{escape(t)}</span>" for t in draft["tags"])
    price = f"{draft['price_cents'] / 100:,.2f} {escape(draft.get('currency', 'USD'))}"
    facts = f"{draft['state']} in {escape(draft['shop_name'])}, listing {draft['listing_id']}, {price}"
    return (
        f'<article id="draft-{draft["listing_id"]}"><h2>{escape(draft["title"])}</h2><p class=quiet>{facts}</p>'
        f"<div class=images>{pictures or 'No pictures yet.'}{videos}</div><p class=tags>{tags}</p>"
        f"<h3>Files for the buyer</h3><ul>{files or '<li>None yet.</li>'}</ul>"
        f"<h3>Description</h3><pre>{escape(draft['description'])}</pre></article>"
    )
