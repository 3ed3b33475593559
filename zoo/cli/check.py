"""``zoo check``: does a plugin keep its contract?"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from zoo.cli.table import columns
from zoo.discovery import KINDS
from zoo.errors import UsageError
from zoo.registry import Component, list_components
from zoo.specs import ComponentSpec

if TYPE_CHECKING:
    from zoo.testing import Result, Subject

_TENSORS = {"generator", "discriminator", "loss"}  # kinds whose checks need TensorFlow


def _complete_target(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    names = {name for c in _checkable() for name in (c.plugin.dist, c.spec.name)}
    return sorted(name for name in names if name.startswith(incomplete))


def _checkable(kind: str | None = None) -> list[Component]:
    return [c for c in list_components(kind) if isinstance(c.spec, ComponentSpec)]


@click.command("check")
@click.argument("targets", nargs=-1, metavar="[TARGET]...", shell_complete=_complete_target)
@click.option("--all", "everything", is_flag=True, help="Check all that is installed.")
@click.option("--kind", type=click.Choice(KINDS[:-2]), help="Only components of that kind.")
@click.option("-k", "patterns", metavar="PATTERN", multiple=True, help="Only checks of that id.")
@click.option("--slow", is_flag=True, help="The slow checks too: XLA, exports.")
@click.option("--list", "only_list", is_flag=True, help="List the checks, run none.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    everything: bool,
    kind: str | None,
    patterns: tuple[str, ...],
    slow: bool,
    only_list: bool,
    as_json: bool,
) -> None:
    """Prove that a plugin keeps its contract. Exit code 1 if a check fails.

    TARGET is a distribution, whose components are checked under their defaults, or a component
    with the options to check it under. PATTERN is a shell pattern, repeatable. Quote it:

    \b
      zoo check sketch-zoo-unet
      zoo check funnel:middle=residual unet:norm=batch
      zoo check unet -k '*noise*'
      zoo check --list --kind generator
    """
    if only_list:
        _list(kind, patterns, as_json)
        return
    from zoo.testing import subjects

    if everything:
        targets = tuple(dict.fromkeys(component.plugin.dist for component in _checkable(kind)))
    elif not targets:
        raise UsageError(
            "name what to check, a distribution or a component: zoo check sketch-zoo-unet "
            "(all that is installed: zoo check --all)"
        )
    chosen = [subject for target in targets for subject in subjects(target, kind)]
    results = list(_run(chosen, slow, patterns, as_json or ctx.obj.quiet))
    if not results:
        raise UsageError(f"no check matches {' or '.join(patterns)} (see: zoo check --list)")
    if as_json:
        click.echo(json.dumps([asdict(result) for result in results], indent=2))
    else:
        _print_reasons(results)
        click.echo(f"{len(chosen)} checked: {_counts(results)}")
    ctx.exit(1 if any(result.failed for result in results) else 0)


def _run(
    chosen: Sequence["Subject"], slow: bool, patterns: Sequence[str], quiet: bool
) -> Iterator["Result"]:
    """Check one subject after the other; a line for each once it is done."""
    from rich.console import Console

    from zoo.testing import check_subject

    if {subject.spec.kind for subject in chosen} & _TENSORS:
        _silence_tensorflow()
    # The line that is being written goes to stderr, and only to a terminal.
    console = Console(stderr=True, quiet=quiet)
    lines = columns([(subject.spec.kind, subject.label) for subject in chosen], indent="")
    width = max(map(len, lines))
    for subject, line in zip(chosen, lines, strict=True):
        done: list[Result] = []
        with console.status(line) as status:
            for result in check_subject(subject, slow=slow, patterns=patterns):
                done.append(result)
                status.update(f"{line}  {_counts(done)}")
        if not quiet and done:
            seconds = sum(result.seconds for result in done)
            click.echo(f"{line.ljust(width)}  {_counts(done)} in {seconds:.1f} s")
        yield from done


def _silence_tensorflow() -> None:
    """Import it now, quietly; the checks trace functions again and again, of which it warns."""
    import logging

    from zoo.quiet import import_tensorflow

    import_tensorflow()
    for name in ("tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _counts(results: Iterable["Result"]) -> str:
    counts = Counter[str](result.outcome for result in results)
    order = ("passed", "failed", "unexpected pass", "known failure", "skipped")
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in order if counts[outcome])


def _print_reasons(results: Iterable["Result"]) -> None:
    """What did not pass, and why. What several checks or subjects share stands once."""
    checks: dict[tuple[str, str, str], list[str]] = {}
    for r in results:
        if r.outcome != "passed":
            checks.setdefault((r.outcome, r.reason, r.subject), []).append(r.check)
    who: dict[tuple[str, str, str], list[str]] = {}
    for (outcome, reason, subject), ids in checks.items():
        who.setdefault((outcome, reason, ", ".join(ids)), []).append(subject)
    for (outcome, reason, failed), subjects in who.items():
        click.echo(f"\n{outcome}  {', '.join(subjects)}: {failed}\n  {reason}")
    if who:
        click.echo()


def _list(kind: str | None, patterns: Sequence[str], as_json: bool) -> None:
    from zoo.testing import list_checks

    _silence_tensorflow()
    checks = [check for check in list_checks(kind) if check.matches(patterns)]
    if as_json:
        rows = [{"id": c.id, "summary": c.summary, "slow": c.slow} for c in checks]
        click.echo(json.dumps(rows, indent=2))
    elif checks:
        click.echo("\n".join(columns([(c.id, c.summary) for c in checks], indent="")))
