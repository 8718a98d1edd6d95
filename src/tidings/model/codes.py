"""The codes of all diagnostics: docs/reference/diagnostics.md is made from this table.

A code never changes its meaning once it is released; a test holds that none is missing here.
"""

from __future__ import annotations

CODES: dict[str, dict[str, str]] = {
    "Reading files": {
        "empty-file": "The file holds nothing.",
        "link-leaves-content": "A link leads out of `content/`, `templates/` or `static/`.",
        "repeated-file": "Two files have one name, spelt with different Unicode characters.",
        "too-large": "The file is larger than `max_file_bytes` allows.",
        "unreadable": "The file cannot be read, or its name is not valid text.",
    },
    "Front matter": {
        "duplicate-key": "A key stands twice in one mapping.",
        "no-front-matter": "The file does not begin with a line `---`.",
        "not-a-mapping": "The front matter is not a mapping of keys to values.",
        "invalid-utf8": "The file is not UTF-8 text.",
        "second-document": "The front matter holds more than one YAML document.",
        "more-problems": "A file has more problems than are told at once.",
        "too-deep": "Lists and mappings lie in each other too deeply.",
        "unclosed-front-matter": "The front matter has no closing line `---`.",
        "wrong-key": "A key of a mapping is not a plain text.",
        "yaml-alias": "YAML aliases are not read: say the value again.",
        "yaml-anchor": "YAML anchors are not read: say the value where it belongs.",
        "yaml-syntax": "The front matter is not YAML.",
        "yaml-tag": "YAML tags are not read: every value is text until a field asks for more.",
    },
    "Fields of records and metadata": {
        "empty-entry": "A list has an entry that holds nothing; it is left out.",
        "incomplete-related": "An entry of `related` lacks what a link needs; it is left out.",
        "long-text": "A body or `featuredContent` is too long to be read; it is left out.",
        "missing-date": "The record has no `publishedDateTime`.",
        "missing-domain": "The provider has no `domain`.",
        "missing-name": "The topic or provider has no `name`.",
        "missing-title": "The record or page has no `title`.",
        "missing-url": "The record has neither `webUrl` nor `originalUrl`.",
        "unknown-key": "A key that no field reads; said once for each key.",
        "wrong-alias": "An entry of `aliases` is no path of this site, or of no use.",
        "wrong-date": "A date that does not exist, or is not written as one.",
        "wrong-domain": "The `domain` of a provider is not a host name; the URL's host counts.",
        "wrong-picture": "A picture in a body is neither a path of this site nor a URL.",
        "wrong-slug": "A slug that cannot be part of an address.",
        "wrong-type": "A value of another type than its field's.",
        "wrong-url": "A URL that is not an absolute http or https address.",
    },
    "Topics, providers and links": {
        "broken-link": "A link in a body leads to no record, or to no page of this site.",
        "link-to-held": "A link in a body names a record that is not shown.",
        "missing-picture": "A picture that a body shows is not in `static/`.",
        "repeated-provider": "Two files declare one provider.",
        "repeated-topic": "Two files declare one topic.",
        "topic-circle": "A topic is its own ancestor.",
        "unknown-parent": "A topic names a parent that is no topic.",
        "unknown-root-topic": "`root_topic` in `tidings.toml` names no topic.",
    },
    "Addresses": {
        "path-clash": "Two pages claim one address. Nothing is written.",
        "shared-permalink": "Two records would have one address; one got a suffix.",
    },
    "Templates": {
        "missing-asset": "A template or `logo` names a file that no `static/` folder holds.",
        "template-error": "A template failed while a page was rendered.",
        "template-syntax": "A template is not valid Jinja, or not UTF-8.",
    },
    "Settings": {
        "config-syntax": "`tidings.toml` is not TOML, or not UTF-8.",
        "no-search": "There is no search page, because Pagefind is not installed.",
        "no-content": "The site's folder has no `content/news/`.",
        "missing-extra": "A setting or command needs an optional package that is not there.",
        "missing-setting": "`tidings.toml` lacks a setting that a table or a command needs.",
        "unknown-setting": "`tidings.toml` names a table or setting that does not exist.",
        "unknown-timezone": "`timezone` is not an IANA name that this machine knows.",
        "wrong-setting-type": "A setting has a value of another type than it must have.",
        "wrong-setting-value": "A setting has the right type, but a value that it cannot have.",
    },
    "Working on a cluster": {
        "cluster-differs": "A worker has another tidings, Python, library or time zone.",
        "cluster-lost": "The cluster was lost during a build. The site is as it was.",
        "cluster-unreachable": "The cluster's scheduler does not answer, or has no worker.",
    },
    "Writing": {
        "edited-output": "A file that no longer belongs to the site was edited; it stays.",
        "manifest-damaged": "The list of our own files is of no use; nothing is deleted by it.",
        "search-failed": "The search index could not be made; the site is whole without it.",
        "output-blocked": "Something that is not ours stands where a page belongs. "
        "Nothing is written.",
        "output-busy": "Another build kept the output folder for too long.",
        "output-refused": "A build must not write to this folder.",
        "write-failed": "The system refused a file to be written or deleted.",
    },
    "Publishing": {
        "after-publish": "Something that follows a publish failed; the site is published.",
        "mass-change": "A publish would remove more than the target's settings allow.",
        "not-for-the-public": "The site shows what is not meant for the public, or names "
        "addresses that only this machine knows.",
        "publish-failed": "The target refused something. The site that is online is whole; the "
        "same command goes on.",
        "replaces-foreign": "The target has files of others where files of the site belong.",
        "target-busy": "Another publish to the target is going on, or was cut off.",
        "target-damaged": "The list of what was published, kept at the target, is of no use.",
        "target-unreachable": "The target cannot be opened.",
        "unknown-target": "`tidings.toml` has no target of this name.",
        "verify-differs": "The public site does not show what was published.",
    },
    "Newsletter": {
        "empty-newsletter": "There is no story of that time and topic. Nothing is written.",
        "newsletter-too-large": "The e-mail's template leaves no room for a single story.",
        "unknown-topic": "There is no topic of that name.",
    },
    "Preview": {
        "internal-error": "A bug in tidings; the preview goes on with the last good pages.",
    },
}
"""By group: code, and one sentence of what it means."""
