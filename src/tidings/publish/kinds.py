"""From a target's settings to the target: the only module that knows all kinds."""

from __future__ import annotations

import os
from pathlib import Path

from tidings.model.publishing import AnyTarget, FolderTarget, GitTarget, S3Target, SshTarget
from tidings.publish.disk import refuse_place
from tidings.publish.target import Target


def make_target(config: AnyTarget, source: Path, work: Path) -> Target:
    """The target, not yet opened.

    Paths in the settings start at the site's folder `source`; `work` is a folder of our own for
    what a target keeps on this machine. Raises TargetError for a folder that is no place to
    publish to.
    """
    if isinstance(config, FolderTarget):
        path = Path(os.path.abspath(source / Path(config.path).expanduser()))  # noqa: PTH100
        refuse_place(path, source)
        if config.releases:
            from tidings.publish.releases import Releases

            return Releases(path, config.releases)
        from tidings.publish.folder import Folder

        return Folder(path)
    if isinstance(config, GitTarget):
        from tidings.publish.git import Git

        return Git(config, source, work / "git")
    if isinstance(config, SshTarget):
        from tidings.publish.ssh import Ssh

        return Ssh(config, source)
    if isinstance(config, S3Target):
        from tidings.publish.s3 import S3

        return S3(config)
    raise AssertionError(config)
