"""What the far side of an `ssh` target is asked to do: scripts for a POSIX shell. Pure.

Scripts reach `sh -s` by its standard input, so that no login shell reads a path. Each is one
group in braces: a script whose end got lost on the way does nothing at all. Paths are always
quoted. What a script answers are texts that end with NUL, after a mark of our own, since login
scripts may print something first.

Where the far side has `flock`, everything of ours that is at work there holds it for sharing.
Who takes over after a publish that was cut off waits until he has it for himself: by then
nothing of the earlier publish goes on.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence

from tidings.publish.lock import Claim, encode_claim
from tidings.publish.target import LOCK, MANIFEST, NOTES, PENDING

MARK = b"tidings:\0"
OVERTAKEN = 77
"""The exit code of a script that found the lock in other hands."""
INCOMING = f"{NOTES}/incoming"
"""Where rsync keeps files that are still on their way."""
WORKING = f"{NOTES}/working"
"""The file whose `flock` tells that something of ours is at work."""
DELAYED = ".~tmp~"
"""Where rsync's `--delay-updates` keeps files that have arrived, beside their places."""
BATCH = 200
"""Paths in one command: its length stays far below every system's limit."""
PATIENCE = 60
"""Seconds that what a cut-off publish has left at work has to end."""

TELL = """\
tell() { if [ -f "$1" ]; then printf +; cat -- "$1"; else printf -; fi; printf '\\000'; }"""
NOTES_TOLD = f"tell {LOCK}; tell {MANIFEST}; tell {PENDING}"
SHARE = f"if command -v flock >/dev/null; then exec 9>>{WORKING}; flock -s 9; fi"
ALONE = f"""\
if command -v flock >/dev/null; then
exec 8>>{WORKING}
flock -w {PATIENCE} 8 || {{ echo 'an earlier publish is still at work' >&2; exit 1; }}
exec 8>&-
else sleep 1; fi"""
FLOCK_TOLD = "command -v flock >/dev/null && printf + || printf -; printf '\\000'"


def look_script(top: str) -> bytes:
    """Tells the lock, the notes, and whether there is `flock`; changes nothing."""
    folder = shlex.quote(top)
    absent = f"if [ ! -e {folder} ]; then printf -- '-\\000-\\000-\\000-\\000'; exit 0; fi"
    return _script([_mark(), absent, f"cd -- {folder}", TELL, NOTES_TOLD, FLOCK_TOLD])


def take_script(top: str, claim: Claim) -> bytes:
    """Takes the lock if nobody has it; then tells the same as `look_script`."""
    own = f"{NOTES}/publish-lock-{claim.token}"
    return _script(
        [
            f"mkdir -p -- {shlex.quote(top)}",
            f"cd -- {shlex.quote(top)}",
            f"if [ -h {NOTES} ]; then echo '{NOTES} is a symbolic link' >&2; exit 1; fi",
            f"mkdir -p {INCOMING}",
            _write(own, encode_claim(claim)),
            *_link_lock(own),
            f'if [ -e {PENDING} ]; then case "$(cat {LOCK})" in {_own_lock(claim)})',
            f"{ALONE};; esac; fi",
            _mark(),
            TELL,
            NOTES_TOLD,
            FLOCK_TOLD,
        ]
    )


def take_over_script(top: str, claim: Claim, seen: bytes | None) -> bytes:
    """Takes the lock of somebody who lost it; then tells the same as `look_script`.

    Nothing is taken when the lock is not what was seen any more; None for any.
    """
    own, gone = (f"{NOTES}/publish-lock-{name}{claim.token}" for name in ("", "gone-"))
    matches = "true"
    if seen is not None:
        text = seen.decode("utf-8", "surrogateescape").rstrip("\n")
        matches = f'[ "$(cat {gone})" = {shlex.quote(text)} ]'
    return _script(
        [
            f"cd -- {shlex.quote(top)}",
            _write(own, encode_claim(claim)),
            f"if mv -- {LOCK} {gone} 2>/dev/null; then",
            # Somebody else's, taken meanwhile, goes back to its place.
            f"if ! {matches}; then ln -- {gone} {LOCK} || mv -- {gone} {LOCK}; fi",
            f"rm -f -- {gone}; fi",
            *_link_lock(own),
            ALONE,
            _mark(),
            TELL,
            NOTES_TOLD,
            FLOCK_TOLD,
        ]
    )


def renew_script(top: str, claim: Claim) -> bytes:
    """Writes the claim's present form into the lock, which must still be its own."""
    return _script([*_at_work(top, claim), _replace(LOCK, encode_claim(claim), claim)])


def give_back_script(top: str, claim: Claim) -> bytes:
    """Removes the lock, which must still be the claim's own."""
    return _script([*_at_work(top, claim), f"rm -f -- {LOCK}"])


def survey_script(top: str, paths: Collection[str]) -> bytes:
    """Tells what is there: a line `=path` for each, and `digest  path` for plain files; before
    that, a line `@folder` for each symbolic link in which one would lie.

    Digests come from GNU's `b2sum`; where that is missing, there are none.
    """
    look = """\
look() {
for p do shift
if [ -h "$p" ]; then printf '=%s\\n' "$p"
elif [ -e "$p" ]; then printf '=%s\\n' "$p"; if [ -f "$p" ]; then set -- "$@" "$p"; fi; fi
done
if [ $# -gt 0 ]; then b2sum -l 128 -- "$@" 2>/dev/null || :; fi
}"""
    links = """links() { for d do if [ -h "$d" ]; then printf '@%s\\n' "$d"; fi; done; }"""
    folder = shlex.quote(top)
    return _script(
        [
            _mark(),
            f"if [ ! -e {folder} ]; then exit 0; fi",
            f"cd -- {folder}",
            links,
            *(f"links {batch}" for batch in _batches(sorted(folders_above(paths)))),
            look,
            *(f"look {batch}" for batch in _batches(sorted(paths))),
        ]
    )


def links_script(top: str, claim: Claim, folders: Collection[str]) -> bytes:
    """Tells which of these are symbolic links, each ended by NUL."""
    look = """look() { for d do if [ -h "$d" ]; then printf '%s\\000' "$d"; fi; done; }"""
    commands = [f"look {batch}" for batch in _batches(sorted(folders))]
    return _script([*_at_work(top, claim), _mark(), look, *commands])


def tidy_commands(paths: Collection[str]) -> list[str]:
    """Remove what rsync may have left beside these paths when it was cut off."""
    left = []
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        left.append(f"{folder}/{DELAYED}/{name}" if folder else f"{DELAYED}/{name}")
    return [f"rm -rf {INCOMING}", f"mkdir -p {INCOMING}", *delete_commands(left)]


def delete_commands(paths: Collection[str]) -> list[str]:
    """Delete files that are there, and folders that this empties. Folders stay as they are."""
    remove = """\
gone() {
for p do shift; if [ -h "$p" ] || [ ! -d "$p" ]; then set -- "$@" "$p"; fi; done
if [ $# -gt 0 ]; then rm -f -- "$@"; fi
}"""
    folders = sorted(folders_above(paths), key=lambda path: (-path.count("/"), path))
    return [
        remove,
        *(f"gone {batch}" for batch in _batches(sorted(paths))),
        *(f"rmdir -- {batch} 2>/dev/null || :" for batch in _batches(folders)),
    ]


def put_commands(path: str, data: bytes, claim: Claim) -> list[str]:
    """Write one of our notes, whole or not at all."""
    return [_replace(path, data, claim)]


def work_script(top: str, claim: Claim, commands: Iterable[str]) -> bytes:
    """The commands, one after the other, if the lock is still the claim's own."""
    return _script([*_at_work(top, claim), *commands])


def folders_above(paths: Collection[str]) -> set[str]:
    """All folders that the paths lie in, below the top."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _script(commands: Sequence[str]) -> bytes:
    text = "\n".join(("{", "set -eu", "unset CDPATH", *commands, "}", ""))
    return text.encode("utf-8", "surrogateescape")


def _mark() -> str:
    return "printf 'tidings:\\000'"


def _at_work(top: str, claim: Claim) -> list[str]:
    """Go to the top, hold `flock`, and go on only while the lock is ours."""
    return [
        f"cd -- {shlex.quote(top)}",
        SHARE,
        f'case "$(cat {LOCK} 2>/dev/null || :)" in {_own_lock(claim)}) ;;'
        f" *) exit {OVERTAKEN};; esac",
    ]


def _own_lock(claim: Claim) -> str:
    """A pattern of the shell's `case` for the lock of this claim."""
    return f'*\'"token":"{claim.token}"\'*'


def _link_lock(own: str) -> list[str]:
    """A link appears with all its bytes, and fails when there is one already."""
    return [
        f"if ln -- {own} {LOCK} 2>/dev/null || [ -e {LOCK} ]; then :",
        # A file system without links.
        f"else (set -C; cat {own} >{LOCK}) 2>/dev/null || :; fi",
        f"rm -f -- {own}",
    ]


def _replace(path: str, data: bytes, claim: Claim) -> str:
    waiting = f"{NOTES}/note-{claim.token}"
    return f"{_write(waiting, data)}\nmv -f -- {waiting} {shlex.quote(path)}"


def _write(path: str, data: bytes) -> str:
    """A command that writes the bytes, which are lines of JSON."""
    text = data.decode()
    assert text.endswith("\n")
    assert "\ntidings-end\n" not in text
    return f"cat >{shlex.quote(path)} <<'tidings-end'\n{text}tidings-end"


def _batches(paths: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(paths), BATCH):
        yield " ".join(shlex.quote(path) for path in paths[start : start + BATCH])
