"""Who may publish to a target: one publisher at a time, and how an abandoned lock is told.

Pure but for `own_claim`. Targets keep the lock as a small file of their own (`target.LOCK`),
made in a way that fails when it is there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import socket
import uuid
from pathlib import Path
from typing import Annotated

import msgspec

ABANDONED = dt.timedelta(minutes=30)
"""A lock that was not renewed for so long belongs to nobody any more."""
RENEWAL = 60.0
"""Seconds after which its holder renews a lock."""


Instant = Annotated[dt.datetime, msgspec.Meta(tz=True)]
"""What says its zone: others cannot be compared."""


class Claim(msgspec.Struct, frozen=True):
    """Who is publishing, as the lock at the target says it."""

    owner: str
    """The user's name on that machine."""
    host: str
    process: int
    token: str
    """Tells this claim from all others."""
    taken: Instant
    """Aware UTC instant."""
    renewed: Instant
    """When its holder last said that it is at work; aware UTC instant."""
    machine: str = ""
    """Tells the machine, since it was started, from others of its name; empty for unknown."""


def own_claim(now: dt.datetime) -> Claim:
    """The claim of this process."""
    token, host = secrets.token_hex(8), socket.gethostname()
    return Claim(_user(), host, os.getpid(), token, now, now, _machine())


def renewed(claim: Claim, now: dt.datetime) -> Claim:
    """The same claim, said again."""
    return msgspec.structs.replace(claim, renewed=now)


def encode_claim(claim: Claim) -> bytes:
    """The lock's bytes."""
    return msgspec.json.encode(claim) + b"\n"


def taken_by(data: bytes | None, claim: Claim, break_lock: bool) -> str:
    """Who holds the lock with these bytes, in words; empty when the claim may take it.

    It may be taken when there is none, when it is the claim's own, when it was not renewed for
    half an hour, when its holder was a process of this machine that has ended, and always with
    `break_lock`.
    """
    if data is None or break_lock:
        return ""
    try:
        holder = msgspec.json.decode(data, type=Claim)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "somebody whose lock cannot be read"
    if holder.token == claim.token or claim.renewed - holder.renewed > ABANDONED:
        return ""
    # Names are not enough: CI has many machines of one name, whose processes we cannot see.
    is_here = bool(claim.machine) and holder.machine == claim.machine
    # Another claim with our own number is of a process that ended before we began.
    if is_here and (holder.process == claim.process or not _is_alive(holder.process)):
        return ""
    since = holder.taken.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{holder.owner} on {holder.host} (process {holder.process}), since {since}"


def _machine() -> str:
    """Sixteen digits that this machine alone has until it is started anew, and of its
    containers, this one; empty where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
        number = os.stat("/proc/self/ns/pid").st_ino  # noqa: PTH116 - not of a file.
        told = f"{boot} {number}"
    except OSError:
        told = str(uuid.getnode()) if os.name == "posix" else ""
    host = socket.gethostname()
    return hashlib.blake2b(f"{host} {told}".encode(), digest_size=8).hexdigest() if told else ""


def _is_alive(process: int) -> bool:
    """Whether a process of this machine goes on; True where that cannot be known."""
    if os.name != "posix":
        return True  # There, the question itself would end the process.
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _user() -> str:
    """The user's name as the system has it; nothing is taken from the environment."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "somebody"
