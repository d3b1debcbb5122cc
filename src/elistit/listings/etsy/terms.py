"""What Etsy's API fixes for everyone who speaks of it: paths, scopes, and the notice its terms demand.

The sandbox takes them from here: it must never need Django, whose models would be all it held in memory.
"""

from __future__ import annotations

API_PATH = "/v3/application"
AUTH_PATH = "/oauth/connect"
TOKEN_PATH = "/v3/public/oauth/token"
SCOPES = ("listings_r", "listings_w", "shops_r")

# To be shown wherever a page speaks of Etsy (rules §4; Etsy's API terms give the wording).
TRADEMARK_NOTICE = (
    "The term 'Etsy' is a trademark of Etsy, Inc. This application uses the Etsy API but is not endorsed or certified "
    "by Etsy, Inc."
)
