"""What to say, at a build's end, of records that are not shown. Part of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tidings.model.catalog import Held, Visibility

WORDS = {
    Visibility.UNPUBLISHED: (
        "is unpublished; show it with --unpublished or unpublished = true",
        "are unpublished; show them with --unpublished or unpublished = true",
    ),
    Visibility.FUTURE: (
        "is dated in the future; show it with --future or future = true",
        "are dated in the future; show them with --future or future = true",
    ),
    Visibility.EXPIRED: ("has expired", "have expired"),
    Visibility.BLOCKED: ("is blocked by tidings.toml", "are blocked by tidings.toml"),
    Visibility.DUPLICATE: (
        "repeats another record's article and redirects to it",
        "repeat another record's article and redirect to it",
    ),
}
"""What one such record does, and what several do."""


def count_held(held: Iterable[Held]) -> dict[str, int]:
    """How many records are held back for each reason that there is, by reason."""
    counts: dict[str, int] = {}
    for each in held:
        counts[each.visibility] = counts.get(each.visibility, 0) + 1
    return dict(sorted(counts.items()))


def held_notes(counts: Mapping[str, int], total: int) -> tuple[str, ...]:
    """One line for each reason: "2 of 2 records are unpublished; …". `total` counts all."""
    records = "record" if total == 1 else "records"
    return tuple(
        f"{counts[reason]} of {total} {records} {one if counts[reason] == 1 else several}"
        for reason, (one, several) in WORDS.items()
        if counts.get(reason)
    )
