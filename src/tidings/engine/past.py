"""What a build asks of the ones before it, step by step.

Part of the engine; `memory` has it on disk and for the programs that build again and again.
"""

from __future__ import annotations

from typing import Protocol

from tidings.catalog.assemble import NO_STATE, CatalogState
from tidings.engine.kept import NOTHING_KEPT, KeptReadings
from tidings.engine.reach import KeptBases
from tidings.engine.reading import Read
from tidings.render.compiled import CompiledTemplates
from tidings.sources.record import ReadOptions


class Past(Protocol):
    """What earlier builds left, and where this one leaves what the next can be made with.

    Each part is asked for when its step begins, and taken back when that has ended: together
    they are as large as all records.
    """

    def readings(self, options: ReadOptions) -> KeptReadings:
        """What they read."""

    def keep_readings(self, kept: KeptReadings, read: Read) -> None:
        """Takes what was read now, beside what was kept."""

    def catalog(self) -> CatalogState:
        """What their last catalog was made with."""

    def keep_catalog(self, state: CatalogState) -> None:
        """Takes what this one was made with."""

    def templates(self) -> CompiledTemplates | None:
        """Their templates, compiled."""

    def bases(self) -> KeptBases:
        """What the pages of the last finished one were planned from."""


class NoPast:
    """For those who look, and build nothing."""

    def readings(self, _options: ReadOptions) -> KeptReadings:
        """Nothing."""
        return NOTHING_KEPT

    def keep_readings(self, _kept: KeptReadings, _read: Read) -> None:
        """Lets it go."""

    def catalog(self) -> CatalogState:
        """Nothing."""
        return NO_STATE

    def keep_catalog(self, _state: CatalogState) -> None:
        """Lets it go."""

    def templates(self) -> CompiledTemplates | None:
        """None."""
        return None

    def bases(self) -> KeptBases:
        """Nothing."""
        return KeptBases()
