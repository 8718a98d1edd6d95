"""What `[publish.NAME]` of `tidings.toml` may say, for each type of target.

A docstring under a field is the reference text of that setting. No setting holds a secret:
passwords and keys come from the environment, or from the agent of the tool that uses them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Filled = Annotated[str, msgspec.Meta(min_length=1, description="a text that is not empty")]
HostName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,254}\Z", description="a host's name"
    ),
]
"""A name or an address. None begins with `-`: it would be an option of ssh."""
UserName = Annotated[
    str,
    msgspec.Meta(pattern=r"\A([A-Za-z0-9_][A-Za-z0-9_.@\\-]*)?\Z", description="a user's name"),
]
PlainText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A([^\x00-\x1f\x7f\"-][^\x00-\x1f\x7f\"]*)?\Z",
        description="a text without quotes and line breaks that does not begin with -",
    ),
]
PlainPath = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[^\x00-\x1f\x7f-][^\x00-\x1f\x7f]*\Z",
        description="a path without line breaks that does not begin with -",
    ),
]
BucketUrl = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A(s3|gs|az)://([^/@]*@)?(\$web|[A-Za-z0-9][A-Za-z0-9._-]*)"
        r"(/[^\x00-\x20\x7f?#%]*)?\Z",
        description="an address such as s3://bucket/folder",
    ),
]
"""Keys before an `@` are refused later, by a message that does not repeat them. `$web` is the
container that Azure shows as a website."""
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class TargetConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings that every type of target has."""

    base_url: str = ""
    """Where readers reach the site at this target, when not at the `base_url` of `[site]`."""
    allow_unpublished: bool = False
    """Publish records with `published: false` too, where `[content]` or `--unpublished` shows
    them. Without it such a site is refused."""
    allow_future: bool = False
    """The same for records dated in the future."""
    allow_base_url: bool = False
    """Publish a site whose `base_url` names this machine or an example host."""
    max_removed_percent: Percent = 20
    """When more of the published pages than this would be deleted or emptied, `tidings publish`
    asks; where it cannot ask, it refuses without `--yes`."""
    max_topics_removed: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    """The same for the number of topics that would be gone."""
    keep_assets_hours: Annotated[int, msgspec.Meta(ge=0, le=87_600)] = 24
    """Hours for which styles, scripts and pictures stay after the last page that names them has
    changed, for pages in readers' and networks' caches."""
    after: tuple[Filled, ...] = ()
    """Commands to run in the site's folder once something was published, one after the other:
    `["./purge-cache --all"]`. No shell reads them; write `sh -c '…'` for one. A command that
    fails is a warning."""
    websub: str = ""
    """Address of a WebSub hub that is told which feeds have changed."""
    indexnow_key: str = ""
    """Your public IndexNow key: search engines are told which pages have changed. The site must
    hold it as `KEY.txt`; put that file into `static/root/`."""
    indexnow_url: str = "https://api.indexnow.org/indexnow"
    """Where IndexNow is told."""


class FolderTarget(TargetConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another folder of this machine, or one that is mounted here."""

    type: Literal["folder"] = "folder"
    """The type of the target."""
    path: Filled
    """The folder, absolute or from the site's folder. It is made if it is not there."""
    releases: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    """0: files are replaced one by one. Otherwise each publish makes a tree of its own in
    `releases/`, the link `current` is switched to it, and this many are kept for
    `tidings publish --rollback`. Let the web server show `current`."""


class GitTarget(TargetConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A branch of a git repository, as GitHub Pages and GitLab Pages show them."""

    type: Literal["git"] = "git"
    """The type of the target."""
    remote: Filled = "origin"
    """Address of the repository, or the name of a remote of the one that the site lies in."""
    branch: Filled = "gh-pages"
    """The branch; it is made if it is not there."""
    folder: str = ""
    """The folder of the branch that holds the site, such as `docs`; empty for all of it."""
    orphan: bool = False
    """Keep a single commit in place of the history of all publishes."""
    message: Filled = "Publish {release}"
    """The commit's message; `{release}` stands for the publish's own id."""
    nojekyll: bool = True
    """Put an empty `.nojekyll` there when it is missing, so that GitHub Pages shows every file
    as it is."""


class SshTarget(TargetConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A folder of another machine, reached by the `ssh` and `rsync` of both machines."""

    type: Literal["ssh"] = "ssh"
    """The type of the target."""
    host: HostName
    """The machine, or a `Host` of your `~/.ssh/config`. Its key must be known already."""
    path: PlainPath
    """The folder there that the web server shows. Without `/` in front it starts at the home
    folder."""
    user: UserName = ""
    """Who to log in as, when not as ssh would by itself."""
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    """The port, when not the one that ssh would take by itself: 0 stands for that."""
    identity: PlainText = ""
    """The file of the private key to log in with, when not those of ssh or its agent."""
    known_hosts: PlainText = ""
    """The file that holds the machine's public key, from the site's folder; for CI. Otherwise
    it must be in `~/.ssh/known_hosts`."""


class S3Target(TargetConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A bucket of a service that speaks S3, of Google Cloud Storage, or of Azure Blob Storage.

    Needs `tidings[s3]`. Keys come from the environment: `AWS_ACCESS_KEY_ID` and
    `AWS_SECRET_ACCESS_KEY`, `GOOGLE_APPLICATION_CREDENTIALS`, `AZURE_STORAGE_ACCOUNT_NAME` and
    `AZURE_STORAGE_ACCOUNT_KEY`, or the roles that these services give to machines.
    """

    type: Literal["s3"] = "s3"
    """The type of the target."""
    url: BucketUrl
    """The bucket and the folder in it: `s3://bucket/folder`, `gs://bucket` or
    `az://container`."""
    endpoint: str = ""
    """Address of the service, when it is S3-compatible and not Amazon's."""
    region: PlainText = ""
    """The bucket's region, when `AWS_REGION` does not say it."""
    uploads: Annotated[int, msgspec.Meta(ge=1, le=256)] = 16
    """How many requests may be under way at once."""
    page_seconds: Annotated[int, msgspec.Meta(ge=0, le=31_536_000)] = 60
    """Seconds for which browsers and networks may keep pages and feeds without asking again.
    Files whose names change with their bytes may be kept for a year."""
    timeout_seconds: Annotated[int, msgspec.Meta(ge=1, le=3_600)] = 60
    """Seconds that one request may take. Requests that fail are tried again, after pauses that
    grow, for up to three minutes."""


AnyTarget = FolderTarget | GitTarget | SshTarget | S3Target
TARGET_TYPES: dict[str, type[TargetConfig]] = {
    "folder": FolderTarget,
    "git": GitTarget,
    "ssh": SshTarget,
    "s3": S3Target,
}
"""What a table must be, by its `type`."""
