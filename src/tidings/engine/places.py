"""Where a site's inputs lie: the only part of the engine that knows the names of folders."""

from __future__ import annotations

from pathlib import Path

import tidings

CONFIG = "tidings.toml"
NEWS = "content/news"
TOPICS = "content/topics"
PROVIDERS = "content/providers"
PAGES = "content/pages"
TEMPLATES = "templates"
STATIC = "static"


def record_id(path: str) -> str:
    """The id of the record in the file: its path below the folder of records."""
    return path.removeprefix(f"{NEWS}/")


def default_theme() -> Path:
    """The folder that holds `templates/` of the default theme.

    Installed from a wheel it lies in the package; in a checkout, at the top level.
    """
    package = Path(tidings.__file__).parent
    return package if (package / TEMPLATES).is_dir() else package.parent.parent


def watched_paths(source: Path) -> tuple[Path, ...]:
    """Files and folders whose changes call for a build; some may not exist yet."""
    own = [source / name for name in (CONFIG, "content", TEMPLATES, STATIC)]
    theme = default_theme() / TEMPLATES
    return (*own, theme) if theme not in own else tuple(own)
