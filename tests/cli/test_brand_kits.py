"""`elistit brand-kits`, and launching with one and into a series."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_brand_kit_is_made_used_edited_and_deleted(elistit: Run, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    license_file = tmp_path / "license.txt"
    license_file.write_text("Personal use only.\nAsk us first.\n", encoding="utf-8")
    elistit("users", "add", "a@example.com", "--credits", "60", "--json", ELISTIT_DATA=data)

    def run(*told: str, code: int = 0) -> dict[str, object]:
        done = elistit(*told, "--json", ELISTIT_DATA=data)
        assert done.returncode == code, done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    made = run(
        "brand-kits", "add", "Fern & Fox", "--license", f"@{license_file}", "--palette", "sage green",
        "--style", "builtin/gouache", "--minimum-price", "4.50", "--price", "poster=9.99",
    )  # fmt: skip
    assert made["license_text"] == "Personal use only.\nAsk us first." and made["is_default"] is True
    assert (made["minimum_price"], made["prices"]) == (450, {"poster": 999})
    wrong = run("brand-kits", "edit", "Fern & Fox", "--price", "poster=much", code=2)
    assert "isn't a price in USD" in str(wrong)

    order = (
        "launch",
        "red fox",
        "--product",
        "sticker",
        "--count",
        "1",
        "--brand-kit",
        "fern & fox",
        "--series",
        "Forest",
    )
    quoted = run(*order, "--quote")
    first, again = run(*order, "--key", "k"), run(*order, "--key", "k")
    assert first["public_id"] == again["public_id"] and first["quote"]["total"] == quoted["total"]  # type: ignore[index]
    run("brand-kits", "edit", "Fern & Fox", "--name", "Fern", "--palette", "red")
    assert (
        run(*order[:6], "--brand-kit", made["id"], "--series", "Forest", "--key", "k")["public_id"]
        == first["public_id"]
    )  # type: ignore[arg-type]
    shown = run("status", "--series", "forest")["projects"]
    assert [p["public_id"] for p in shown] == [first["public_id"]]  # type: ignore[attr-defined]
    refused = run(*order[:6], "--series", "Forest", "--option", "color_palette=red", code=2)
    assert list(refused["errors"]) == ["options.color_palette"]  # type: ignore[call-overload]

    run("brand-kits", "delete", "Fern")
    assert run("brand-kits", "list") == {"items": []}
    assert "There is no brand kit" in str(run(*order, code=2))
