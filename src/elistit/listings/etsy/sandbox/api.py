"""The operations of Etsy's API v3 the sandbox knows, each with the real service's checks, answers and error shapes.

There is deliberately no way to publish: an unknown path is a 404, so a client that tried would be found out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from elistit.listings.etsy.sandbox import validation, videos
from elistit.listings.etsy.sandbox.requests import Refused, Reply, Request
from elistit.listings.etsy.sandbox.world import World

PREFIX = "/v3/application"
Operation = Callable[["Call"], Reply]


class Call:
    """One API request on its way: the world, the request, the ids of its path, and who asks."""

    def __init__(self, world: World, request: Request, base_url: str, ids: dict[str, Any]) -> None:
        self.world, self.request, self.base_url, self.ids = world, request, base_url, ids
        self.grant: dict[str, Any] = {}

    def authenticate(self, keystring: str, secret: str, scope: str | None) -> None:
        """The key of the application, then the seller's token and its scope. Raises Refused."""
        key, _, shared = self.request.headers.get("x-api-key", "").partition(":")
        if not key:
            raise Refused(401, "Missing x-api-key header or client_id")
        if not shared:
            raise Refused(403, "Shared secret is required in x-api-key header.")
        if (keystring and key != keystring) or (secret and shared != secret):
            raise Refused(403, "Invalid API key: should be in the format 'keystring:shared_secret'.")
        token = self.request.headers.get("authorization", "").removeprefix("Bearer ")
        if scope is None and not token:
            return
        with self.world.lock:
            grant = self.world.access.get(token)
        if grant is None or grant["client_id"] != key:
            raise Refused(401, {"error": "invalid_token", "error_description": "access token is invalid"})
        if grant["until"] <= self.world.clock():
            raise Refused(401, {"error": "invalid_token", "error_description": "access token is expired"})
        if scope and scope not in grant["scopes"]:
            raise Refused(403, {"error": "insufficient_scope", "error_description": f"This request needs {scope}"})
        self.grant = grant

    def shop(self) -> dict[str, Any]:
        owner = self.world.owner_of(self.ids["shop"])
        if owner is None:
            raise Refused(404, "Could not find a shop with this id")
        if owner["user_id"] != self.grant["user_id"]:
            raise Refused(403, "User does not own this shop")
        return owner

    def listing(self) -> dict[str, Any]:
        found = self.world.listings.get(self.ids["listing"])
        if found is None or ("shop" in self.ids and found["shop_id"] != self.ids["shop"]):
            raise Refused(404, "Could not find a listing with this id")
        if found["user_id"] != self.grant.get("user_id"):
            raise Refused(404, "Could not find a listing with this id")
        return found


def ping(call: Call) -> Reply:
    return Reply(200, {"application_id": 1})


def me(call: Call) -> Reply:
    user = next(u for u in call.world.users.values() if u["user_id"] == call.grant["user_id"])
    return Reply(200, {"user_id": user["user_id"], "shop_id": user["shop_id"]})


def currency_of(shop: dict[str, Any]) -> str:
    """What a shop sells in; dollars for one kept from before shops had a currency."""
    return str(shop.get("currency", "USD"))


def get_shop(call: Call) -> Reply:
    owner = call.world.owner_of(call.ids["shop"])
    if owner is None:
        raise Refused(404, "Could not find a shop with this id")
    known = {name: owner[name] for name in ("shop_id", "user_id", "shop_name")}
    return Reply(200, {**known, "currency_code": currency_of(owner), "url": call.base_url + "/", "is_vacation": False})


def taxonomy(call: Call) -> Reply:
    nodes = [
        {"id": n, "level": 0, "name": name, "parent_id": None, "children": [], "full_path_taxonomy_ids": [n]}
        for n, name in validation.CATEGORIES.items()
    ]
    return Reply(200, {"count": len(nodes), "results": nodes})


def create_draft(call: Call) -> Reply:
    owner, now = call.shop(), int(call.world.clock())
    fields = validation.draft(call.request.form(), call.world.clock(), currency_of(owner))
    number = call.world.new_id()
    listing: dict[str, Any] = {
        "listing_id": number,
        "user_id": owner["user_id"],
        "shop_id": owner["shop_id"],
        "shop_name": owner["shop_name"],
        "state": "draft",
        "created": now,
        **fields,
        "url": f"{call.base_url}/#draft-{number}",
        "images": [],
        "files": [],
        "videos": [],
    }
    call.world.listings[number] = listing
    call.world.save()
    return Reply(201, _shown(listing))


def list_listings(call: Call) -> Reply:
    shop, asked = call.shop(), call.request.query
    limit, offset, state = asked.get("limit", "25"), asked.get("offset", "0"), asked.get("state", "active")
    if not limit.isdigit() or not 1 <= int(limit) <= 100 or not offset.isdigit():
        raise Refused(400, "Invalid limit or offset.")
    if state not in ("active", "inactive", "sold_out", "draft", "expired"):
        raise Refused(400, "Invalid value for state.")
    mine = [x for x in call.world.listings.values() if x["shop_id"] == shop["shop_id"] and x["state"] == state]
    page = mine[::-1][int(offset) : int(offset) + int(limit)]
    return Reply(200, {"count": len(mine), "results": [_shown(x) for x in page]})


def get_listing(call: Call) -> Reply:
    return Reply(200, _shown(call.listing()))


def update_listing(call: Call) -> Reply:
    call.shop()
    listing = call.listing()
    listing.update(validation.change(call.request.form()))
    call.world.save()
    return Reply(200, _shown(listing))


def upload_image(call: Call) -> Reply:
    call.shop()
    listing = call.listing()
    fields, parts = call.request.multipart()
    part, rank = parts.get("image"), validation.rank(fields)
    width, height = validation.picture(part, fields.get("alt_text", ""), len(listing["images"]))
    assert part is not None
    digest = call.world.keep_blob(part.body, picture=True)
    image: dict[str, Any] = {
        "listing_image_id": call.world.new_id(),
        "rank": min(rank, len(listing["images"]) + 1),
        "alt_text": fields.get("alt_text", ""),
        "name": part.filename,
        "bytes": len(part.body),
        "sha256": digest,
        "width": width,
        "height": height,
        "created": int(call.world.clock()),
    }
    listing["images"].insert(image["rank"] - 1, image)
    for place, there in enumerate(listing["images"], start=1):
        there["rank"] = place
    call.world.save()
    return Reply(201, _image(call, listing, image))


def list_images(call: Call) -> Reply:
    listing = call.listing()
    return Reply(
        200, {"count": len(listing["images"]), "results": [_image(call, listing, i) for i in listing["images"]]}
    )


def upload_video(call: Call) -> Reply:
    call.shop()
    listing = call.listing()
    fields, parts = call.request.multipart()
    part, name = parts.get("video"), fields.get("name", "")
    # A listing kept from before the sandbox knew videos has no list of them.
    there = listing.setdefault("videos", [])
    width, height, seconds = videos.checked(part, name, len(there))
    assert part is not None
    video = {
        "video_id": call.world.new_id(),
        "name": name,
        "bytes": len(part.body),
        "sha256": call.world.keep_blob(part.body, picture=False),
        "width": width,
        "height": height,
        "seconds": seconds,
        "created": int(call.world.clock()),
    }
    there.append(video)
    call.world.save()
    return Reply(201, _video(call, video))


def list_videos(call: Call) -> Reply:
    there = call.listing().get("videos", [])
    return Reply(200, {"count": len(there), "results": [_video(call, v) for v in there]})


def upload_file(call: Call) -> Reply:
    call.shop()
    listing = call.listing()
    fields, parts = call.request.multipart()
    part, name = parts.get("file"), fields.get("name", "")
    validation.file(part, name, listing["files"])
    assert part is not None
    file = {
        "listing_file_id": call.world.new_id(),
        "rank": min(validation.rank(fields), len(listing["files"]) + 1),
        "name": name,
        "bytes": len(part.body),
        "sha256": call.world.keep_blob(part.body, picture=False),
        "created": int(call.world.clock()),
    }
    listing["files"].append(file)
    call.world.save()
    return Reply(201, _file(listing, file))


def list_files(call: Call) -> Reply:
    call.shop()
    listing = call.listing()
    return Reply(200, {"count": len(listing["files"]), "results": [_file(listing, f) for f in listing["files"]]})


def get_translation(call: Call) -> Reply:
    call.shop()
    return Reply(200, _translated(call))


def _translated(call: Call) -> dict[str, Any]:
    """What a listing says in the language asked for. Raises Refused where it says nothing in it."""
    there = call.listing().get("translations", {}).get(call.ids["language"])
    if there is None:
        raise Refused(404, "Could not find a translation in this language")
    return {"listing_id": call.ids["listing"], "language": call.ids["language"], **there}


def create_translation(call: Call) -> Reply:
    call.shop()
    text = validation.translation(call.request.form(), call.ids["language"])
    there = call.listing().setdefault("translations", {})
    if call.ids["language"] in there:
        raise Refused(409, "A translation in this language already exists")
    there[call.ids["language"]] = text
    call.world.save()
    return Reply(200, _translated(call))


def update_translation(call: Call) -> Reply:
    call.shop()
    _translated(call)
    call.listing()["translations"][call.ids["language"]] = validation.translation(
        call.request.form(), call.ids["language"]
    )
    call.world.save()
    return Reply(200, _translated(call))


_TRANSLATION = "/shops/{shop}/listings/{listing}/translations/{language}"
# (method, path, name, scope, operation); scope None: the application's key is enough.
OPERATIONS: tuple[tuple[str, re.Pattern[str], str, str | None, Operation], ...] = tuple(
    (method, re.compile(PREFIX + path.replace("{shop}", r"(?P<shop>\d+)").replace("{listing}", r"(?P<listing>\d+)")
        .replace("{language}", r"(?P<language>[A-Za-z-]{2,10})") + "$"),
     name, scope, operation)
    for method, path, name, scope, operation in (
        ("GET", "/openapi-ping", "ping", None, ping),
        ("GET", "/users/me", "me", "shops_r", me),
        ("GET", "/shops/{shop}", "getShop", None, get_shop),
        ("GET", "/seller-taxonomy/nodes", "taxonomy", None, taxonomy),
        ("POST", "/shops/{shop}/listings", "createDraft", "listings_w", create_draft),
        ("GET", "/shops/{shop}/listings", "listListings", "listings_r", list_listings),
        ("GET", "/listings/{listing}", "getListing", None, get_listing),
        ("PATCH", "/shops/{shop}/listings/{listing}", "updateListing", "listings_w", update_listing),
        ("POST", "/shops/{shop}/listings/{listing}/images", "uploadImage", "listings_w", upload_image),
        ("GET", "/listings/{listing}/images", "listImages", None, list_images),
        ("GET", _TRANSLATION, "getTranslation", "listings_r", get_translation),
        ("POST", _TRANSLATION, "createTranslation", "listings_w", create_translation),
        ("PUT", _TRANSLATION, "updateTranslation", "listings_w", update_translation),
        ("POST", "/shops/{shop}/listings/{listing}/videos", "uploadVideo", "listings_w", upload_video),
        ("GET", "/listings/{listing}/videos", "listVideos", None, list_videos),
        ("POST", "/shops/{shop}/listings/{listing}/files", "uploadFile", "listings_w", upload_file),
        ("GET", "/shops/{shop}/listings/{listing}/files", "listFiles", "listings_r", list_files),
    )
)  # fmt: skip


def route(method: str, path: str) -> tuple[str, str | None, Operation, dict[str, Any]] | None:
    """(name, scope, operation, ids) of a request; None when the sandbox does not know it."""
    for known, pattern, name, scope, operation in OPERATIONS:
        if known == method and (found := pattern.match(path)):
            return (
                name,
                scope,
                operation,
                {key: int(value) if value.isdigit() else value for key, value in found.groupdict().items()},
            )
    return None


def _shown(listing: dict[str, Any]) -> dict[str, Any]:
    same = ("listing_id", "user_id", "shop_id", "title", "description", "state", "quantity", "url", "tags", "materials",
            "who_made", "when_made", "is_supply", "taxonomy_id")  # fmt: skip
    times = ("creation_timestamp", "created_timestamp", "original_creation_timestamp", "last_modified_timestamp",
             "updated_timestamp", "state_timestamp")  # fmt: skip
    return {
        **{name: listing[name] for name in same},
        **dict.fromkeys(times, listing["created"]),
        "ending_timestamp": listing["created"] + 120 * 86400,
        "listing_type": listing["type"],
        "style": listing["styles"],
        "price": _money(listing["price_cents"], listing.get("currency", "USD")),
        "shipping_profile_id": None,
        "is_taxable": True,
        "shop_section_id": listing.get("shop_section_id"),
        "should_auto_renew": listing.get("should_auto_renew", False),
        "has_variations": False,
        "num_favorers": 0,
        "file_data": ", ".join(f["name"] for f in listing["files"]),
        "language": "en-US",
    }


def _money(cents: int, currency: str) -> dict[str, Any]:
    whole = validation.MONEY[currency].whole
    return {"amount": cents // 100 if whole else cents, "divisor": 1 if whole else 100, "currency_code": currency}


def _image(call: Call, listing: dict[str, Any], image: dict[str, Any]) -> dict[str, Any]:
    url = f"{call.base_url}/_sandbox/blobs/{image['sha256']}"
    urls = dict.fromkeys(("url_75x75", "url_170x135", "url_570xN", "url_fullxfull"), url)
    unknown_yet = dict.fromkeys(("hex_code", "red", "green", "blue", "hue", "saturation", "brightness"))
    return {
        "listing_id": listing["listing_id"],
        "listing_image_id": image["listing_image_id"],
        "rank": image["rank"],
        "alt_text": image["alt_text"],
        "full_width": image["width"],
        "full_height": image["height"],
        "creation_tsz": image["created"],
        "created_timestamp": image["created"],
        "is_black_and_white": None,
        **unknown_yet,
        **urls,
    }


def _video(call: Call, video: dict[str, Any]) -> dict[str, Any]:
    url = f"{call.base_url}/_sandbox/blobs/{video['sha256']}"
    return {
        "video_id": video["video_id"],
        "width": video["width"],
        "height": video["height"],
        "thumbnail_url": url,
        "video_url": url,
        "video_state": "active",
    }


def _file(listing: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
    return {
        "listing_file_id": file["listing_file_id"],
        "listing_id": listing["listing_id"],
        "rank": file["rank"],
        "filename": file["name"],
        "filesize": f"{file['bytes'] / 1_000_000:.2f} MB",
        "size_bytes": file["bytes"],
        "filetype": "application/octet-stream",
        "create_timestamp": file["created"],
        "created_timestamp": file["created"],
    }
