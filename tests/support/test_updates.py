"""Owners learn what an update changed, from the changelog that comes with the installation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client

from elistit.accounts.models import User
from elistit.accounts.roles import Role
from elistit.support import updates
from elistit.support.models import ReadChanges

ROOT = Path(__file__).resolve().parents[2]
LOG = """# Changelog

What changes. The format is kept.

## Unreleased

### Added

* **Bulk actions.** For `elistit`
  and [others](docs/others.md).

* Second <script>alert(1)</script>

### Fixed
- Third

## 1.0.0 - 2026-01-02

### Security

* Fourth
"""


def test_entries_are_found_with_their_release_and_kind() -> None:
    found = updates.parse(LOG)
    assert [(c.release, c.kind, c.text) for c in found] == [
        ("Unreleased", "Added", "**Bulk actions.** For `elistit` and [others](docs/others.md)."),
        ("Unreleased", "Added", "Second <script>alert(1)</script>"),
        ("Unreleased", "Fixed", "Third"),
        ("1.0.0 - 2026-01-02", "Security", "Fourth"),
    ]
    assert found[0].html == '<strong>Bulk actions.</strong> For <span class="code">elistit</span> and others.'
    assert found[1].html == "Second &lt;script&gt;alert(1)&lt;/script&gt;"


def test_the_installation_carries_the_changelog_and_every_entry_is_read() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    assert updates.PATH.read_text() == text
    found = updates.changes()
    assert len(found) == len(re.findall(r"^\* ", text, re.MULTILINE)) > 20
    assert len({c.digest for c in found}) == len(found)
    assert all(c.kind in {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"} for c in found)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The changelog of an installation, as one text that a test may replace."""
    texts = [LOG]
    monkeypatch.setattr(updates, "changes", lambda: updates.parse(texts[-1]))
    return texts


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner@example.com", is_staff=True)


def test_nothing_is_new_at_first_and_an_update_is_until_it_is_read(log: list[str], owner: User) -> None:
    assert updates.unread(owner) == []
    log.append(LOG.replace("* Second", "* Sixth, **new**\n* Second"))
    assert [c.text for c in updates.unread(owner)] == ["Sixth, **new**"]
    updates.mark_read(owner)
    assert updates.unread(owner) == []
    log.append(log[-1].replace("## Unreleased", "## Unreleased\n\n## 1.1.0 - 2026-03-04"))
    assert updates.unread(owner) == [], "an entry that was read stays read when it is released"


def test_the_console_tells_owners_and_marks_as_read(log: list[str], owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert "was updated" not in client.get("/console/").content.decode()
    log.append(LOG.replace("* Fourth", "* Fourth\n* Fifth"))
    assert "This studio was updated: 1 change you haven’t read" in client.get("/console/").content.decode()
    page = client.get("/console/updates/").content.decode()
    assert page.index("Since you last looked") < page.index("Fifth") < page.index("Earlier") < page.index("Third")
    client.post("/console/updates/read/")
    assert "was updated" not in client.get("/console/").content.decode()
    assert "You have read everything" in client.get("/console/updates/").content.decode()


def test_support_and_sellers_have_no_such_page(log: list[str], db: None) -> None:
    for role in (Role.SUPPORT, Role.SELLER):
        person = User.objects.create_user(f"{role.value}@example.com", is_support=role is Role.SUPPORT)
        client = Client()
        client.force_login(person)
        assert client.get("/console/updates/").status_code == 404
        assert client.post("/console/updates/read/").status_code == 404


def test_the_console_opens_where_nothing_can_be_written(
    log: list[str], owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**named: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(ReadChanges.objects, "update_or_create", refuse)
    client = Client()
    client.force_login(owner)
    assert client.get("/console/").status_code == 200
    assert not ReadChanges.objects.exists()
