"""The settings of this installation: one typed `Config`, read once from the environment by this package alone.

    from elistit import config
    config.current().workers.lease_seconds

`current()` reads the environment when it is first called and holds for the life of the process. A value that can't be read
refuses the whole configuration with one sentence for each (`BadConfig`); nothing is guessed in its place. What depends on
other packages (files a setting names, tools, workflows) is checked by `elistit.cli.environment`. Pure packages (`artwork`,
the simulator's rules) take values from their callers and never this package.
"""

from __future__ import annotations

from elistit.config.model import Config
from elistit.config.reading import BadConfig, Problem, Reading, change, current, family_of, forget, read, settings

__all__ = ["BadConfig", "Config", "Problem", "Reading", "change", "current", "family_of", "forget", "read", "settings"]
