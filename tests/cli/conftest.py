"""Commands are tried on the small sites of `tests/sites/fixture_site.py`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "sites"))
