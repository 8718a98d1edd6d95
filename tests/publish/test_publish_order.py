"""What a publish decides to do, and in which order: nothing is named before it is there."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidings.output.manifest import digest_of
from tidings.publish.changes import HOUR, Changes, There, compare, unknown_paths
from tidings.publish.published import (
    Pending,
    Published,
    Sent,
    encode_notes,
    read_pending,
    read_published,
)
from tidings.publish.stages import make_upload
from tidings.publish.target import MANIFEST, PENDING, How, Kind, Upload

NOW = 1_750_000_000
STYLE, NEW_STYLE = "static/style.0a1b2c3d.css", "static/style.ffffffff.css"
ARTICLE, NEW_ARTICLE = "2024/01/01/a/index.html", "2024/01/02/b/index.html"


def sent(text: str) -> Sent:
    return Sent(digest_of(text.encode()), len(text))


def site(**changed: str) -> dict[str, Sent]:
    """A site by path; `_` in names given stands for nothing special."""
    files = {
        path: path
        for path in (
            STYLE,
            ARTICLE,
            "index.html",
            "topics/t/index.html",
            "feed.xml",
            "404.html",
        )
    }
    return {path: sent(text) for path, text in {**files, **changed}.items()}


def upload_of(changes: Changes, built: dict[str, Sent], how: How = How.FILES) -> Upload:
    from pathlib import Path

    return make_upload(changes, built, Path("site"), "20250601T000000000Z-00000000", how)


def test_what_a_page_names_goes_up_before_it_and_deletes_come_last() -> None:
    before = site()
    after = {
        **site(
            **{
                ARTICLE: "changed",
                "index.html": "changed",
                "topics/t/index.html": "changed",
                "feed.xml": "changed",
            }
        ),
        NEW_STYLE: sent("new style"),
        NEW_ARTICLE: sent("new article"),
        "topics/new/index.html": sent("new topic"),
        "topics/new/feed.xml": sent("its feed"),
    }
    del after[STYLE]
    del after["404.html"]
    changes = compare(after, There(Published(files=before)), NOW, 0)
    stages = upload_of(changes, after).stages
    order = [
        (stage.kind, [put.path for put in stage.puts], list(stage.deletes)) for stage in stages
    ]
    assert order == [
        (Kind.NOTE, [PENDING], []),
        (Kind.ASSET, [NEW_STYLE], []),
        (Kind.NEW, [NEW_ARTICLE, "topics/new/feed.xml", "topics/new/index.html"], []),
        (Kind.NOTE, [PENDING], []),
        (Kind.CHANGED, [ARTICLE], []),
        (Kind.LIST, ["index.html", "topics/t/index.html"], []),
        (Kind.FEED, ["feed.xml"], []),
        (Kind.MANIFEST, [MANIFEST, PENDING], []),
        (Kind.DELETE, [], ["404.html", STYLE]),
        (Kind.NOTE, [], [PENDING]),
    ]


def test_a_first_front_waits_for_all_that_it_names() -> None:
    built = site()
    changes = compare(built, There(None), NOW)
    kinds = [stage.kind for stage in upload_of(changes, built).stages]
    assert [kind for kind in kinds if kind is not Kind.NOTE] == [
        *(Kind.ASSET, Kind.NEW, Kind.LIST, Kind.MANIFEST)
    ]
    fronts = [change.path for change in changes.changes if change.kind is Kind.LIST]
    assert fronts == ["404.html", "index.html"]


def test_a_whole_target_needs_no_notes_of_the_way() -> None:
    built = site()
    changes = compare(built, There(None), NOW)
    upload = upload_of(changes, built, How.WHOLE)
    assert Kind.NOTE not in [stage.kind for stage in upload.stages]


def test_the_same_site_is_nothing_to_do() -> None:
    changes = compare(site(), There(Published(files=site())), NOW)
    assert changes.is_empty


def test_assets_stay_for_caches_and_go_later() -> None:
    before, after = site(), site()
    del after[STYLE]
    after[NEW_STYLE] = sent("new")
    first = compare(after, There(Published(files=before)), NOW, 24 * HOUR)
    assert [(c.path, c.what) for c in first.changes if c.path == STYLE] == [(STYLE, "retired")]
    assert upload_of(first, after).deletes == [PENDING]
    soon = compare(after, There(first.after), NOW + 23 * HOUR, 24 * HOUR)
    assert soon.is_empty
    assert STYLE in soon.after.retired
    late = compare(after, There(first.after), NOW + 24 * HOUR, 24 * HOUR)
    assert [(c.path, c.what) for c in late.changes] == [(STYLE, "deleted")]
    back = compare(site(), There(first.after), NOW + HOUR, 24 * HOUR)
    assert STYLE not in [change.path for change in back.changes]
    assert STYLE in back.after.files


def test_parts_of_the_search_index_stay_for_caches_too() -> None:
    part = "pagefind/fragment/en_8d7b482.pf_fragment"
    changes = compare(site(), There(Published(files={**site(), part: sent("a")})), NOW)
    assert [(change.path, change.what) for change in changes.changes] == [(part, "retired")]
    assert changes.is_empty  # It goes with a publish that has something to do.


def test_only_what_we_published_is_ever_deleted() -> None:
    there = There(Published(files=site()), found={"mine.html": "x"})
    changes = compare({}, there, NOW, 0)
    assert {change.path for change in changes.changes} == set(site())


def test_what_a_cut_off_publish_began_is_finished_or_taken_away() -> None:
    before, after = site(), {**site(), NEW_ARTICLE: sent("new")}
    pending = Pending(
        writes={NEW_ARTICLE: sent("new"), "gone/index.html": sent("gone"), ARTICLE: sent("b")},
        deletes=("old/index.html",),
    )
    published = Published(files=before)
    asked = unknown_paths(after, published, pending)
    assert asked == [ARTICLE, NEW_ARTICLE]
    found = {NEW_ARTICLE: digest_of(b"new"), ARTICLE: digest_of(b"b")}
    changes = compare(after, There(published, pending, found), NOW)
    assert [(change.path, change.what) for change in changes.changes] == [
        (ARTICLE, "changed"),
        ("gone/index.html", "deleted"),
        ("old/index.html", "deleted"),
    ]
    assert list(changes.unsure) == [NEW_ARTICLE]


def test_a_file_that_was_to_be_deleted_and_is_wanted_again_stays_known_as_ours() -> None:
    """Or it would be left over for ever after one more publish that is cut off."""
    after = {**site(), NEW_ARTICLE: sent("new")}
    pending = Pending(deletes=(NEW_ARTICLE,))
    found = {NEW_ARTICLE: digest_of(b"new")}
    changes = compare(after, There(Published(files=site()), pending, found), NOW)
    note = upload_of(changes, after).stages[0].puts[0]
    assert NEW_ARTICLE in (note.data or b"").decode()


def test_a_page_that_a_cut_off_publish_has_changed_stays_in_doubt() -> None:
    """Or a return to its old bytes, after one more publish that is cut off, goes unseen."""
    after = site(**{ARTICLE: "changed"})
    pending = Pending(writes={ARTICLE: sent("changed")})
    found = {ARTICLE: digest_of(b"changed")}
    changes = compare(after, There(Published(files=site()), pending, found), NOW)
    note = upload_of(changes, after).stages[0].puts[0]
    assert ARTICLE in (note.data or b"").decode()


def test_notes_of_finished_and_unfinished_publishes_hold_every_file_of_ours() -> None:
    before, after = site(), {**site(), NEW_ARTICLE: sent("new")}
    pending = Pending(writes={NEW_ARTICLE: sent("new")})
    found = {NEW_ARTICLE: digest_of(b"new")}
    changes = compare(after, There(Published(files=before), pending, found), NOW)
    assert not changes.is_empty  # The manifest has yet to name the new file.
    assert NEW_ARTICLE in changes.after.files


def test_a_file_that_becomes_a_folder_is_deleted_first() -> None:
    before = {"notes": sent("a"), "b/index.html": sent("b")}
    after = {"notes/index.html": sent("a"), "b": sent("b")}
    changes = compare(after, There(Published(files=before)), NOW, 0)
    stages = upload_of(changes, after).stages
    assert stages[1].deletes == ("b/index.html", "notes")


PATHS = st.sampled_from(
    [STYLE, NEW_STYLE, ARTICLE, NEW_ARTICLE, "index.html", "feed.xml", "a.txt", "t/index.html"]
)
SITES = st.dictionaries(PATHS, st.sampled_from("abc").map(sent))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SITES, min_size=2, max_size=5), st.integers(0, 48))
def test_after_any_row_of_publishes_the_target_holds_the_last_site(
    sites: list[dict[str, Sent]], hours: int
) -> None:
    there: dict[str, str] = {"mine.html": "not ours"}
    published: Published | None = None
    for number, built in enumerate(sites):
        changes = compare(built, There(published), NOW + number * hours * HOUR)
        for change in changes.changes:
            if change.what in ("new", "changed"):
                there[change.path] = built[change.path].digest
            elif change.what == "deleted":
                del there[change.path]
        published = read_published(encode_notes(changes.after))
        assert published is not None
        kept = {path: old.digest for path, old in published.retired.items()}
        shown = {path: each.digest for path, each in built.items()}
        assert there == {**kept, **shown, "mine.html": "not ours"}


def publish_until(target: dict[str, bytes], built: dict[str, Sent], cut: int, now: int) -> None:
    """One publish to a target in memory, cut off after so many steps."""
    published = read_published(target.get(MANIFEST))
    pending = read_pending(target.get(PENDING))
    asked = unknown_paths(built, published, pending)
    found = {path: target[path].decode() for path in asked if path in target}
    there = There(published, pending, found)
    changes = compare(built, there, now)
    if changes.is_empty and there.is_settled:
        return
    for stage in upload_of(changes, built).stages:
        for put in stage.puts:
            if cut == 0:
                return
            cut -= 1
            target[put.path] = put.digest.encode() if put.data is None else put.data
        for path in stage.deletes:
            if cut == 0:
                return
            cut -= 1
            target.pop(path, None)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(SITES, st.integers(0, 14)), max_size=6), SITES)
def test_after_any_row_of_publishes_that_were_cut_off_one_puts_all_right(
    cut_off: list[tuple[dict[str, Sent], int]], last: dict[str, Sent]
) -> None:
    target = {"mine.html": b"not ours"}
    for number, (built, cut) in enumerate(cut_off):
        publish_until(target, built, cut, NOW + number * 10 * HOUR)
    publish_until(target, last, -1, NOW + 100 * HOUR)
    published = read_published(target.pop(MANIFEST))
    assert PENDING not in target
    assert published is not None
    ours = {**published.retired, **published.files}
    told = {path: each.digest.encode() for path, each in ours.items()}
    assert target == {**told, "mine.html": b"not ours"}
    # An asset may wait for the next publish that has something to do.
    waiting = {
        path: ours[path].digest for path in told.keys() - last if path in (STYLE, NEW_STYLE)
    }
    shown = {path: each.digest for path, each in last.items()}
    assert {path: each.digest for path, each in ours.items()} == {**waiting, **shown}
