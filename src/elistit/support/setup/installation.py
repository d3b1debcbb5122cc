"""The installation's own side of its setup: the secret key and the backups.

Asked by `elistit doctor` and by the console's setup page. It only looks, and must never show a key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from elistit import config, ports
from elistit.config.reading import SECRET_MIN
from elistit.maintenance.backups import schedule
from elistit.maintenance.backups.layout import Place

Finding = tuple[bool, str, str]


def secret() -> Finding:
    """The installation's secret is long enough and private."""
    if given := config.current().general.secret_key.get_secret_value().strip():
        return _long_enough(given, "from ELISTIT_SECRET_KEY")
    file = Path(settings.DATA_DIR) / "secret.key"
    if not file.exists():
        return True, "from the environment, or made at the first start", ""
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        return False, f"{file} can be read by others (mode {mode:o})", f"Run: chmod 600 {file}"
    return _long_enough(file.read_text().strip(), f"{file} is readable by its owner only")


def _long_enough(key: str, where: str) -> Finding:
    if len(key) < SECRET_MIN:
        fix = f"Use at least {SECRET_MIN} random characters; docs/operations/security.md says how to change the key."
        return False, f"{where}; it has only {len(key)} characters", fix
    return True, f"{where}; long enough", ""


def backups() -> Finding:
    """The newest backup is young enough, where backups are scheduled."""
    if not schedule.address():
        return True, f"none are scheduled; set {schedule.URL} (docs/operations/backup.md)", ""
    newest = Place(schedule.address()).newest()
    if newest is None:
        return False, "none has been taken yet", "A worker takes the first within minutes, or run: elistit backup"
    age = ports.now() - dt.datetime.fromisoformat(newest.taken_at)
    words = f"{newest.id}, {age.total_seconds() / 3600:.1f} hours old, {newest.file_count:,} files"
    if age > 2 * schedule.every():
        return False, f"the newest is {words}", "See the task “backup” in the console, or run: elistit backup"
    return True, words, ""


CHECKS: dict[str, Callable[[], Finding]] = {"secret": secret, "backups": backups}
