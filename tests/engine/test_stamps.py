"""Times prove that a file stayed as it is only where a later change would have shown."""

from __future__ import annotations

import pytest

from tidings.engine.stamps import proving_mtime
from tidings.sources.scan import Found

SECOND, MILLISECOND = 10**9, 10**6
WHOLE = 10**18
"""An instant that a disk with times of whole seconds may tell."""
FINE = WHOLE + 123_456_789


@pytest.mark.parametrize(
    ("changed", "touched", "listed", "proves"),
    [
        (FINE, FINE, FINE + 51 * MILLISECOND, True),
        (FINE, FINE, FINE + 49 * MILLISECOND, False),
        # Put there just now by a program that keeps times.
        (FINE - 9 * SECOND, FINE, FINE + 49 * MILLISECOND, False),
        (FINE, FINE - 9 * SECOND, FINE + 49 * MILLISECOND, False),
        (WHOLE, WHOLE, WHOLE + 2200 * MILLISECOND, True),
        (WHOLE, WHOLE, WHOLE + 1900 * MILLISECOND, False),
        (WHOLE, FINE, FINE + 1900 * MILLISECOND, False),
        (FINE, WHOLE, FINE + 1900 * MILLISECOND, False),
    ],
)
def test_a_file_that_changed_long_enough_ago_is_known_by_its_times(
    changed: int, touched: int, listed: int, proves: bool
) -> None:
    found = Found("a.md", "a.md", 1, changed, touched)
    assert proving_mtime(found, listed) == (changed if proves else -1)
