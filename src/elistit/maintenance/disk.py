"""What uses disk space: the database, the files of projects, the data folder, and data that a restore set aside. Read-only."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum

from elistit.projects.models import Project, ProjectFile, Upload

FIRST = 10
"""How many tables and projects are shown."""


@dataclass(frozen=True)
class Room:
    """Something that uses space, in bytes. `count` is its number of files or rows."""

    name: str
    bytes: int
    count: int


@dataclass
class Disk:
    """What uses disk space. `folders` are those in the data folder on this machine; `roles` are the files of all
    projects by purpose, wherever they are stored, as recorded in the database; `tables` and `projects` are the
    largest."""

    data: str
    free_bytes: int
    total_bytes: int
    database_bytes: int
    folders: list[Room] = field(default_factory=list)
    roles: list[Room] = field(default_factory=list)
    tables: list[Room] = field(default_factory=list)
    projects: list[Room] = field(default_factory=list)


def look() -> Disk:
    """What uses disk space now. Walks the data folder; reads no file."""
    folder = Path(settings.DATA_DIR)
    usage = shutil.disk_usage(folder)
    disk = Disk(str(folder), usage.free, usage.total, _database_bytes())
    disk.folders = _folders(folder)
    disk.roles = _roles()
    disk.tables = _tables()
    disk.projects = _projects()
    return disk


def _folders(folder: Path) -> list[Room]:
    found = []
    for entry in folder.iterdir():
        if entry.is_symlink():
            continue
        size, count = _tree(entry) if entry.is_dir() else (_size(entry), 1)
        found.append(Room(entry.name, size, count))
    return sorted(found, key=lambda room: (-room.bytes, room.name))


def _tree(folder: Path) -> tuple[int, int]:
    size = count = 0
    for here, _, names in os.walk(folder):
        for name in names:
            size, count = size + _size(Path(here, name)), count + 1
    return size, count


def _size(path: Path) -> int:
    """The space a file uses on the disk: a sparse file uses less than its length, a small one a whole block."""
    with contextlib.suppress(FileNotFoundError):
        return path.lstat().st_blocks * 512
    return 0


def _roles() -> list[Room]:
    rows = ProjectFile.objects.values("role").annotate(size=Sum("bytes"), count=Count("id")).order_by("-size")
    found = [Room(str(row["role"]), int(row["size"] or 0), int(row["count"])) for row in rows]
    unused = Upload.objects.aggregate(size=Sum("bytes"), count=Count("pk"))
    return [*found, Room("uploads", int(unused["size"] or 0), int(unused["count"]))]


def _projects() -> list[Room]:
    rows = (
        ProjectFile.objects.values("project").annotate(size=Sum("bytes"), count=Count("id")).order_by("-size")[:FIRST]
    )
    names = dict(Project.objects.filter(pk__in=[row["project"] for row in rows]).values_list("pk", "name"))
    return [Room(f"{names[r['project']]} ({r['project']})", int(r["size"] or 0), int(r["count"])) for r in rows]


def _database_bytes() -> int:
    if connection.vendor == "sqlite":
        file = str(connection.settings_dict["NAME"])
        return sum(os.path.getsize(file + end) for end in ("", "-wal") if os.path.exists(file + end))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _tables() -> list[Room]:
    """The largest tables with their indexes; empty on SQLite builds without page statistics."""
    if connection.vendor == "sqlite":
        sql = (
            "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize), 0 FROM dbstat s LEFT JOIN sqlite_master m ON m.name = s.name"
            " WHERE s.aggregate = 1 GROUP BY 1 ORDER BY 2 DESC LIMIT %s"
        )
    else:
        sql = (
            "SELECT n.nspname || '.' || c.relname, pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 2 DESC LIMIT %s"
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, [FIRST])
            rows = cursor.fetchall()
    except Exception as missing:
        if isinstance(missing.__cause__, sqlite3.OperationalError):
            return []
        raise
    return [Room(str(name), int(size), int(count)) for name, size, count in rows]
