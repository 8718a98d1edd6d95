"""Catalogs made one after the other, in one process or in several, to test what is kept."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec
from story_records import encoded

from tidings.catalog.assemble import NO_STATE, CatalogState, make_catalog
from tidings.catalog.relating.kept import KeptRelations
from tidings.model.catalog import Catalog
from tidings.model.config import Config, ContentConfig
from tidings.model.record import ProviderMetadata, Record, TopicMetadata

CLOCK = datetime(2025, 1, 1, tzinfo=UTC)
SHOWN = Config(content=ContentConfig(unpublished=True))


def catalog_of(
    records: list[Record],
    state: CatalogState = NO_STATE,
    config: Config = SHOWN,
    declared: tuple[ProviderMetadata, ...] = (),
    marked: bool = False,
    topics: tuple[TopicMetadata, ...] = (),
) -> tuple[Catalog, CatalogState]:
    marks = {each.id: mark_of(each) for each in records} if marked else {}
    made = make_catalog(records, topics, declared, (), config, CLOCK, state, marks=marks)
    return made.catalog, made.state


def mark_of(record: Record) -> bytes:
    return hashlib.blake2b(encoded(record), digest_size=8).digest()


class Disk:
    """What is written of one catalog after the other; the rest is only remembered."""

    def __init__(self) -> None:
        self.told: bytes | None = None
        self.filed: bytes | None = None
        self.relations: KeptRelations | None = None

    def keep(self, state: CatalogState) -> CatalogState:
        """Writes what need be written of the state, and gives it back."""
        assert state.telling is not None
        assert state.filing is not None
        told, telling = state.telling.pack()
        self.told = self.told if told is None else told
        filed, filing = state.filing.pack()
        self.filed = self.filed if filed is None else filed
        self.relations = state.relations
        return msgspec.structs.replace(state, telling=telling, filing=filing)

    @property
    def state(self) -> CatalogState:
        """What another process has of it."""
        relations = None
        if self.relations is not None:
            parts = self.relations.parts
            relations = KeptRelations.read(bytes(parts.settled), bytes(parts.changes))
        return CatalogState(relations, written=self.told, filed=self.filed)


def read_anew(records: list[Record]) -> list[Record]:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(records), type=list[Record])
