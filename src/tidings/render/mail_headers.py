"""Headers of an e-mail as they are written down (RFC 5322, RFC 2047). Part of rendering.

Python folds a header word by word. Where words beyond ASCII follow each other it loses the
blank between them, cuts an encoded word in two, or gives up; so such a text is encoded here as
a whole, and a reader sees it letter by letter.
"""

from __future__ import annotations

from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import Policy
from email.utils import formataddr, parseaddr

LONGEST_LINE = 76
"""Characters of a line with an encoded word (RFC 2047, section 2)."""


def header_text(text: str) -> str:
    """The text as a header takes it: in one line, and such as UTF-8 can hold.

    Nothing in it is an encoded word (RFC 2047): Python would decode it, and write a line's end
    within as one, so that a stranger's headline could add headers.
    """
    return " ".join(text.split()).replace("=?", "= ?").encode("utf-8", "replace").decode()


def header_registry() -> HeaderRegistry:
    """Makes the headers of a message, those that Python writes wrongly in our own way."""
    registry = HeaderRegistry()
    registry.map_to_type("subject", _Text)
    for name in ("from", "to"):
        registry.map_to_type(name, _Mailbox)
    for name in ("list-id", "list-unsubscribe"):
        registry.map_to_type(name, _Address)
    return registry


class _Text(UnstructuredHeader, BaseHeader):
    """A header that is read by people."""

    def fold(self, *, policy: Policy) -> str:
        """The header in lines, encoded where it must be."""
        if self.isascii():
            return super().fold(policy=policy)
        return f"{self.name}: {_encoded(self, self.name, policy)}{policy.linesep}"


class _Mailbox(UnstructuredHeader, BaseHeader):
    """A header with one address, and perhaps a name before it."""

    def fold(self, *, policy: Policy) -> str:
        """The header in lines. A name in ASCII stands in one, since it may be in quotes."""
        name, address = parseaddr(self)
        if name.isascii():
            return f"{self.name}: {formataddr((name, address))}{policy.linesep}"
        written = f"{self.name}: {_encoded(name, self.name, policy)}"
        last = written[written.rfind("\n") + 1 :]
        fits = len(f"{last} <{address}>") <= LONGEST_LINE
        return f"{written}{'' if fits else policy.linesep} <{address}>{policy.linesep}"


class _Address(UnstructuredHeader, BaseHeader):
    """A header whose one address must not be broken or encoded, however long it is."""

    def fold(self, *, policy: Policy) -> str:
        """The header in one line."""
        return f"{self.name}: {self}{policy.linesep}"


def _encoded(text: str, header: str, policy: Policy) -> str:
    """The text in encoded words, a line each, as they follow the header's name."""
    made = Header(text, "utf-8", maxlinelen=LONGEST_LINE, header_name=header)
    return made.encode(linesep=policy.linesep)
