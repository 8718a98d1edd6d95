"""What `tidings check` says to people: tables of counts, then what is worth a look.

The tables go to standard output; problems of files, line by line, to standard error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tidings.cli.layout import columns, heading
from tidings.cli.show import show_diagnostics
from tidings.cli.text import number_of, plain
from tidings.engine.checking import CheckReport, ProviderCount
from tidings.model.diagnostic import Severity
from tidings.model.finding import Level

PROVIDERS = 20
"""Providers that are named."""
LISTED = 10
"""Findings of one rule that are named."""
ALWAYS_LISTED = ("same-title",)
"""Rules whose findings are named though they are no warnings."""
MOST = 3
"""Rules that are named for one provider."""


def show_check(report: CheckReport, source: Path) -> None:
    """Say what a check found."""
    show_diagnostics(report.diagnostics, source)
    if report.exit_code == 2:
        return
    for line in check_lines(report):
        click.echo(line)


def check_lines(report: CheckReport) -> Iterator[str]:
    """The report without the single problems of files."""
    yield _head(report)
    yield from _rule_lines(report)
    yield from _provider_lines(report)
    for rule in report.rules:
        if rule.level is Level.WARNING or rule.rule in ALWAYS_LISTED:
            yield from _finding_lines(report, rule.rule)
    if report.codes:
        yield ""
        yield heading("Problems of files")
        yield from columns(
            (each.code, each.severity.value, each.count) for each in report.codes
        )
    yield ""
    yield _verdict(report)


def _head(report: CheckReport) -> str:
    parts = [f"{report.shown} shown"]
    parts.extend(f"{count} {reason}" for reason, count in report.held.items())
    if report.skipped:
        parts.append(f"{report.skipped} left out because of errors")
    return f"{number_of(report.files, 'record file')}: {', '.join(parts)}"


def _rule_lines(report: CheckReport) -> Iterator[str]:
    found = [rule for rule in report.rules if rule.findings]
    if found:
        yield ""
        yield heading("Findings by rule: records, findings")
        yield from columns(
            (each.rule, each.level.value, each.records, each.findings, each.meaning)
            for each in found
        )
    nothing = [rule.rule for rule in report.rules if not rule.findings]
    if nothing:
        yield ""
        yield f"Nothing found by: {', '.join(nothing)}"


def _provider_lines(report: CheckReport) -> Iterator[str]:
    if not report.providers:
        return
    yield ""
    yield heading("By provider: records, shown, findings")
    yield from columns(map(_provider_row, report.providers[:PROVIDERS]))
    more = len(report.providers) - PROVIDERS
    if more > 0:
        yield f"  and {number_of(more, 'more provider', 'more providers')}; --json has all"


def _provider_row(each: ProviderCount) -> tuple[str, int, int, int, str]:
    ordered = sorted(each.findings.items(), key=lambda item: (-item[1], item[0]))
    most = ", ".join(f"{rule} {count}" for rule, count in ordered[:MOST])
    if len(ordered) > MOST:
        most += ", …"
    domain = each.domain or "(no provider)"
    return domain, each.records, each.shown, sum(each.findings.values()), most


def _finding_lines(report: CheckReport, rule: str) -> Iterator[str]:
    found = [each for each in report.findings if each.rule == rule]
    if not found:
        return
    yield ""
    yield heading(f"{rule}: {len(found)}")
    for each in found[:LISTED]:
        yield f"  {plain(each.file)}"
        yield f"    {plain(each.detail)}"
        lead = "leads: " if rule == "same-url" else ""
        yield from (f"    {lead}{plain(other)}" for other in each.others)
    if len(found) > LISTED:
        yield f"  and {len(found) - LISTED} more; --json has all"


def _verdict(report: CheckReport) -> str:
    errors = sum(each.count for each in report.codes if each.severity is Severity.ERROR)
    warnings = sum(each.count for each in report.codes if each.severity is Severity.WARNING)
    warnings += sum(each.findings for each in report.rules if each.level is Level.WARNING)
    return f"{number_of(errors, 'error')}, {number_of(warnings, 'warning')}"
