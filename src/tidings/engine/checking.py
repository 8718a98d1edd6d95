"""The data-quality report: what the site's files and records show, counted; nothing is written.

Part of the engine: it runs the steps before rendering, then the rules of both steps that read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from tidings.catalog.quality import CATALOG_RULES, Scene, catalog_findings
from tidings.engine.prepare import Prepared, prepare
from tidings.engine.reading import BATCH, BATCHES, WORTH_FORKING
from tidings.engine.report import BuildRequest, Progress, no_progress
from tidings.engine.run import Run, read_config
from tidings.engine.schedule import Crew, in_batches
from tidings.model.diagnostic import Diagnostic, Severity, sorted_diagnostics
from tidings.model.finding import Finding, Level, Rule, sorted_findings
from tidings.model.record import ProviderMetadata, Record
from tidings.model.source import SourceFile
from tidings.sources.quality import RULES as FILE_RULES
from tidings.sources.quality import file_findings
from tidings.sources.scan import read_found

RULES: tuple[Rule, ...] = (*FILE_RULES, *(rule for rule, _ in CATALOG_RULES))
"""All rules, in the order of the report."""


ENCODER = msgspec.msgpack.Encoder()
FINDINGS = msgspec.msgpack.Decoder(list[Finding])


class RuleCount(msgspec.Struct, frozen=True):
    """How often a rule found something."""

    rule: str
    """The rule's code."""
    level: Level
    """`warning`, `note` or `repaired`."""
    meaning: str
    """What is found, in one sentence."""
    result: str
    """What readers get instead, or what to do."""
    records: int
    """Records with at least one finding."""
    findings: int


class CodeCount(msgspec.Struct, frozen=True):
    """How often a diagnostic was made."""

    code: str
    severity: Severity
    count: int


class ProviderCount(msgspec.Struct, frozen=True):
    """One outlet's records, and what was found in them."""

    domain: str
    """Empty for records without a provider."""
    name: str
    """As the site shows it."""
    records: int
    shown: int
    """Those of its records that the site shows."""
    findings: dict[str, int]
    """Findings by rule; rules that found nothing are left out."""


class CheckReport(msgspec.Struct, frozen=True):
    """What a check found."""

    ok: bool
    """Whether there is nothing that the exit code tells of."""
    exit_code: int
    """0 fine; 1 errors, or warnings under --strict; 2 the config is at fault."""
    files: int = 0
    """Record files found."""
    records: int = 0
    """Records that could be read."""
    shown: int = 0
    """Records that the site shows."""
    skipped: int = 0
    """Record files left out because of an error."""
    held: dict[str, int] = {}
    """Records held back, by reason."""
    rules: tuple[RuleCount, ...] = ()
    """All rules, those that found nothing too."""
    providers: tuple[ProviderCount, ...] = ()
    """Outlets with records, those with most findings first."""
    codes: tuple[CodeCount, ...] = ()
    """Diagnostics by code, errors first."""
    findings: tuple[Finding, ...] = ()
    """Everything found, by file."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """All problems of the files, by file, line and column."""


def check(request: BuildRequest, progress: Progress = no_progress) -> CheckReport:
    """Looks through the site's records; problems of the content never raise."""
    run = Run(request, progress)
    config = read_config(run)
    if config is None:
        return CheckReport(False, 2, diagnostics=sorted_diagnostics(run.diagnostics))
    prepared = prepare(config, run)
    findings = sorted_findings([*_of_files(prepared, run.jobs), *_of_catalog(prepared, run)])
    diagnostics = sorted_diagnostics(run.diagnostics)
    rules = tuple(_count_rule(rule, findings) for rule in RULES)
    failed = _fails(diagnostics, rules, request.strict)
    return CheckReport(
        ok=not failed,
        exit_code=1 if failed else 0,
        files=run.counts.files,
        records=len(prepared.loaded.records),
        shown=run.counts.records,
        skipped=run.counts.skipped,
        held=run.counts.held,
        rules=rules,
        providers=_count_providers(prepared, findings),
        codes=_count_codes(diagnostics),
        findings=findings,
        diagnostics=diagnostics,
    )


def record_findings(record: Record, prepared: Prepared, run: Run) -> tuple[Finding, ...]:
    """What the rules find in one record."""
    found = next(file for file in prepared.inputs.news if file.path == record.file)
    file = read_found(found)
    others = _of_catalog(prepared, run)
    return sorted_findings(
        [
            *(file_findings(file, record) if isinstance(file, SourceFile) else ()),
            *(each for each in others if record.file in (each.file, *each.others)),
        ]
    )


def _of_files(prepared: Prepared, jobs: int) -> Iterator[Finding]:
    """What the files show, in their order; read by so many processes where they are many."""
    records = {record.file: record for record in prepared.loaded.records}
    files = [found for found in prepared.inputs.news if found.path in records]

    def find(batch: range) -> bytes:
        read = [read_found(files[number]) for number in batch]
        return ENCODER.encode(
            [
                finding
                for file in read
                if isinstance(file, SourceFile)
                for finding in file_findings(file, records[file.path])
            ]
        )

    batches = in_batches(len(files), BATCHES, BATCH)
    with Crew(jobs if len(files) >= WORTH_FORKING else 1, {"find": find}) as crew:
        results = dict(crew.run("find", batches))
    for number in range(len(batches)):
        yield from FINDINGS.decode(results[number])


def _of_catalog(prepared: Prepared, run: Run) -> Iterator[Finding]:
    providers: dict[str, ProviderMetadata] = {}
    for each in sorted(prepared.loaded.providers, key=lambda provider: provider.file):
        providers.setdefault(each.domain, each)
    return catalog_findings(
        Scene(
            records=prepared.loaded.records,
            catalog=prepared.catalog,
            providers=providers,
            timezone=prepared.config.site.timezone,
            clock=run.request.clock,
        )
    )


def _count_rule(rule: Rule, findings: Iterable[Finding]) -> RuleCount:
    found = [each for each in findings if each.rule == rule.code]
    return RuleCount(
        rule=rule.code,
        level=rule.level,
        meaning=rule.meaning,
        result=rule.result,
        records=len({file for each in found for file in (each.file, *_also(each))}),
        findings=len(found),
    )


def _also(found: Finding) -> tuple[str, ...]:
    """The other files that a finding is as much about as about its own."""
    return found.others if found.rule == "same-title" else ()


def _count_codes(diagnostics: Iterable[Diagnostic]) -> tuple[CodeCount, ...]:
    counts: dict[tuple[Severity, str], int] = {}
    for each in diagnostics:
        counts[each.severity, each.code] = counts.get((each.severity, each.code), 0) + 1
    order = list(Severity)
    return tuple(
        CodeCount(code, severity, counts[severity, code])
        for severity, code in sorted(counts, key=lambda key: (order.index(key[0]), key[1]))
    )


def _count_providers(
    prepared: Prepared, findings: Iterable[Finding]
) -> tuple[ProviderCount, ...]:
    sources = prepared.catalog.sources
    shelves: dict[str, list[Record]] = {}
    domains: dict[str, str] = {}
    for record in prepared.loaded.records:
        # A shown record's outlet is the one that is declared for its domain.
        own = record.provider.domain if record.provider else ""
        domain = prepared.catalog.record_sources.get(record.id, own)
        domains[record.file] = domain
        shelves.setdefault(domain, []).append(record)
    counts: dict[str, dict[str, int]] = {domain: {} for domain in shelves}
    for found in findings:
        of_rule = counts[domains[found.file]]
        of_rule[found.rule] = of_rule.get(found.rule, 0) + 1
    providers = [
        ProviderCount(
            domain=domain,
            name=sources[domain].name if domain in sources else _name(shelf[0]),
            records=len(shelf),
            shown=sum(record.id in prepared.catalog.records for record in shelf),
            findings={
                rule.code: counts[domain][rule.code]
                for rule in RULES
                if rule.code in counts[domain]
            },
        )
        for domain, shelf in shelves.items()
    ]
    providers.sort(key=lambda each: (-sum(each.findings.values()), -each.records, each.domain))
    return tuple(providers)


def _name(record: Record) -> str:
    return record.provider.name if record.provider else ""


def _fails(diagnostics: Iterable[Diagnostic], rules: Iterable[RuleCount], strict: bool) -> bool:
    severities = {problem.severity for problem in diagnostics}
    if Severity.ERROR in severities:
        return True
    warned = any(each.findings and each.level is Level.WARNING for each in rules)
    return strict and (warned or Severity.WARNING in severities)
