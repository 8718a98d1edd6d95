"""Mappings in layers: a change costs what it reaches, however much there is below it.

A lower layer is never changed and may be shared by many states. `Stored` reads its values from
where they lie when they are asked for, and remembers them; that saves time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar, overload

V = TypeVar("V")
D = TypeVar("D")
R = TypeVar("R")


class _Missing:
    """What no mapping has."""


MISSING: Any = _Missing()


class Layers(Mapping[str, V]):
    """Entries over those of another mapping; None hides the one below."""

    __slots__ = ("base", "over")

    def __init__(self, base: Mapping[str, V], over: Mapping[str, V | None]) -> None:
        self.base = base
        self.over = over

    @overload
    def get(self, key: str, /) -> V | None: ...
    @overload
    def get(self, key: str, default: V | D, /) -> V | D: ...
    def get(self, key: str, default: Any = None, /) -> Any:
        """The value, or the default."""
        found = self.over.get(key, MISSING)
        if found is MISSING:
            return self.base.get(key, default)
        return default if found is None else found

    def __getitem__(self, key: str) -> V:
        found: V | None = self.over.get(key, MISSING)
        if found is MISSING:
            return self.base[key]
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return self.get(str(key), MISSING) is not MISSING

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self.base if key not in self.over)
        yield from (key for key, value in self.over.items() if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Stored(Mapping[str, V]):
    """Values that lie in numbered places, each read when it is first asked for."""

    __slots__ = ("_numbers", "_read", "_seen")

    def __init__(self, numbers: Mapping[str, R], read: Callable[[R], V]) -> None:
        self._numbers: Mapping[str, Any] = numbers
        self._read: Callable[[Any], V] = read
        self._seen: dict[str, V] = {}

    @overload
    def get(self, key: str, /) -> V | None: ...
    @overload
    def get(self, key: str, default: V | D, /) -> V | D: ...
    def get(self, key: str, default: Any = None, /) -> Any:
        """The value, or the default."""
        found = self._seen.get(key, MISSING)
        if found is not MISSING:
            return found
        number = self._numbers.get(key)
        if number is None:
            return default
        value = self._seen[key] = self._read(number)
        return value

    def __getitem__(self, key: str) -> V:
        found: V = self._seen.get(key, MISSING)
        if found is MISSING:
            found = self._seen[key] = self._read(self._numbers[key])
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def overlaid(
    known: Mapping[str, V], new: Mapping[str, V], gone: Collection[str] = ()
) -> Layers[V]:
    """The mapping with these entries new or replaced, and without those that have gone.

    Costs the entries of the upper layer. What has gone is kept as None only where a lower
    layer has it.
    """
    layers = known if isinstance(known, Layers) else Layers(known, {})
    over: dict[str, V | None] = dict(layers.over)
    for key in gone:
        if key in layers.base:
            over[key] = None
        else:
            over.pop(key, None)
    over.update(new)
    return Layers(layers.base, over)


def flattened(layers: Mapping[str, V]) -> dict[str, V]:
    """All entries of all layers as one dictionary."""
    if not isinstance(layers, Layers):
        return dict(layers)
    found = flattened(layers.base)
    for key, value in layers.over.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = value
    return found
