"""`python -m elistit.cli`: the same as the `elistit` command."""

import sys

from elistit.cli import main

sys.exit(main())
