"""A seller's program on openapi-generator's Python client: launches, approves, downloads, compares digests.

python use_openapi_generator.py URL KEY    with the generated package on PYTHONPATH
"""

from __future__ import annotations

import hashlib
import sys
import time

import openapi_client
from openapi_client import FilesApi, LaunchRequest, ProjectsApi, QuoteRequest

ORDER = {"product": "sticker", "idea": "a red fox and a hedgehog", "count": 2}
url, key = sys.argv[1:]

with openapi_client.ApiClient(openapi_client.Configuration(host=url, access_token=key)) as client:
    projects, files = ProjectsApi(client), FilesApi(client)
    quote = projects.quote(QuoteRequest.from_dict(ORDER))
    order = LaunchRequest.from_dict({**ORDER, "quote_id": quote.id})
    public_id = projects.launch(order, idempotency_key="openapi-generator").public_id

    def reaches(stage: str) -> None:
        until = time.monotonic() + 180
        while (now := projects.project(public_id).stage.value) != stage:
            if now == "failed" or time.monotonic() > until:
                raise SystemExit(f"{now}, not {stage}")
            time.sleep(0.5)

    reaches("awaiting_approval")
    projects.approve(public_id)
    reaches("completed")
    listed = files.files(public_id).items
    for file in listed:
        content = bytes(files.download(public_id, file.id))
        if (len(content), hashlib.sha256(content).hexdigest()) != (file.bytes, file.sha256):
            raise SystemExit(f"{file.name}: another digest")
    if len(listed) < 5:
        raise SystemExit("too few files")
    print(f"{len(listed)} files with equal digests")
