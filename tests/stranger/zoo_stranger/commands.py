"""A command."""

import click

import zoo


@click.command()
@click.argument("kind")
def count(kind):
    """Count the installed components of a kind."""
    if kind not in zoo.KINDS:
        raise zoo.UsageError(f'no kind "{kind}": choose one of {", ".join(zoo.KINDS)}')
    click.echo(len(zoo.list_components(kind)))
