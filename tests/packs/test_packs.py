"""A pack is the very files that were pinned, whole or not at all; without any the studio works and says what is missing."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from elistit import packs
from elistit.cli.commands import elistit
from elistit.packs import Pack, fetch

from .conftest import CONTENT, archive_of


def test_a_pack_is_added_once_and_taken_away(art: Pack, tmp_path: Path, data: Path) -> None:
    archive = archive_of(tmp_path, CONTENT)
    assert fetch.add(art, archive) is True
    assert packs.installed(art.name) and fetch.add(art, archive) is False
    assert sorted(p.name for p in (data / "packs").iterdir()) == [art.name], "nothing half-made is left beside it"
    assert fetch.remove(art) is True and fetch.remove(art) is False
    assert not packs.installed(art.name)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({**CONTENT, "package/icons.json": b"{}"}, "is not the file this studio was made for"),
        ({"package/icons.json": CONTENT["package/icons.json"]}, "does not hold package/metadata.json"),
    ],
)
def test_another_file_than_the_pinned_one_is_refused_and_nothing_is_installed(
    art: Pack, tmp_path: Path, data: Path, files: dict[str, bytes], words: str
) -> None:
    with pytest.raises(fetch.NotFetched, match=words):
        fetch.add(art, archive_of(tmp_path, files))
    assert not (data / "packs").exists()


def test_an_archive_that_is_none_is_refused(art: Pack, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tgz"
    broken.write_bytes(b"not a tar")
    with pytest.raises(fetch.NotFetched, match="cannot be read"):
        fetch.add(art, broken)


def test_a_pack_whose_file_was_lost_or_of_another_version_counts_as_not_installed(art: Pack, tmp_path: Path) -> None:
    fetch.add(art, archive_of(tmp_path, CONTENT))
    receipt = packs.folder(art.name) / packs.RECEIPT
    receipt.write_text(json.dumps({**json.loads(receipt.read_text()), "version": "0.9"}))
    assert not packs.installed(art.name)
    assert fetch.add(art, archive_of(tmp_path, CONTENT)) is True
    (packs.folder(art.name) / "icons.json").unlink()
    assert not packs.installed(art.name)


def test_a_package_manager_that_fails_is_told_in_one_sentence(
    art: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    npm = tools / "npm"
    npm.write_text("#!/bin/sh\necho 'network is down' >&2\nexit 1\n")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(
        fetch.NotFetched, match=r"could not be fetched with npm \(network is down\). The studio works without it"
    ):
        fetch.add(art)


def test_a_package_manager_that_brings_the_package_is_enough(
    art: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_of(tmp_path, CONTENT)
    tools = tmp_path / "tools"
    tools.mkdir()
    npm = tools / "npm"
    # npm pack NAME@VERSION --silent --ignore-scripts --pack-destination FOLDER
    npm.write_text(f'#!/bin/sh\n[ "$2" = "{art.package}@{art.version}" ] && cp "{archive}" "$6/art.tgz"\n')
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    assert fetch.add(art) is True and packs.installed(art.name)


def test_the_command_line_lists_adds_and_refuses(art: Pack, tmp_path: Path) -> None:
    run = CliRunner()
    listed = json.loads(run.invoke(elistit, ["packs", "list", "--json"]).output)["packs"]
    assert {p["name"]: p["installed"] for p in listed} == {"upscale": False, "fluent": False, "noto": False}
    added = run.invoke(elistit, ["packs", "add", "fluent", "--from", str(archive_of(tmp_path, CONTENT))])
    assert added.exit_code == 0 and "is installed (MIT)" in added.output
    assert run.invoke(elistit, ["packs", "remove", "fluent"]).output.endswith("is removed.\n")
    unknown = run.invoke(elistit, ["packs", "add", "emoji"], standalone_mode=False)
    assert "There is no pack “emoji”" in str(unknown.exception)


def test_insisting_on_the_network_without_it_is_an_operators_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packs.upscale_weights() == ""
    monkeypatch.setenv("ELISTIT_UPSCALE", "neural")
    with pytest.raises(LookupError, match="elistit packs add upscale"):
        packs.upscale_weights()
    monkeypatch.setenv("ELISTIT_UPSCALE", "fast")
    assert packs.upscale_weights() == ""


def test_every_pack_has_a_licence_text_to_travel_with() -> None:
    assert "Permission is hereby granted" in packs.notice(packs.FLUENT) and "Microsoft" in packs.notice(packs.FLUENT)
    assert "Apache License" in packs.notice(packs.NOTO) and "Google" in packs.notice(packs.NOTO)
