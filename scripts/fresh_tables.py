"""Write src/elistit/fresh_tables.sql, the tables of a new SQLite database, from the migrations. Run it after adding one.

python scripts/fresh_tables.py            write it
python scripts/fresh_tables.py --check    exit status 1 when the file differs from what would be written
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))


def migrated(folder: str) -> str:
    """The script of a database that went through every migration, one by one."""
    os.environ |= {"ELISTIT_DATA": folder, "DJANGO_SETTINGS_MODULE": "elistit.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command
    from django.db import connection

    from elistit import fresh_tables

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        return fresh_tables.script(database)


def main(arguments: list[str]) -> int:
    from elistit.fresh_tables import FILE

    with tempfile.TemporaryDirectory() as folder:
        after = migrated(folder)
    if "--check" in arguments:
        same = FILE.read_text(encoding="utf-8") == after
        if not same:
            print(f"{FILE.relative_to(ROOT)} is not what the migrations make; run: python scripts/fresh_tables.py")
        return int(not same)
    FILE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
