"""The command line. One file per command, imported when the command is run."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click
from click.shell_completion import CompletionItem

from zoo import __version__
from zoo.commands import COMMANDS
from zoo.errors import PluginError, UsageError, ZooError, did_you_mean

COMPLETE_VAR = "_ZOO_COMPLETE"


@dataclass(frozen=True)
class Verbosity:
    """How much to say: ``ctx.obj`` of every command.

    Attributes:
        quiet: Only errors and results.
        verbose: How often ``-v`` was given.
        debug: Tracebacks and everything that TensorFlow logs.
    """

    quiet: bool = False
    verbose: int = 0
    debug: bool = False


class LazyGroup(click.Group):
    """Built-in commands from a table and plugins' from discovery, imported when they are run.

    Every error ends as one line on stderr: a ``ZooError`` with its own exit code, bad usage with
    2, Ctrl-C with 130, anything unforeseen with 1 (``--debug`` shows the traceback).
    """

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        """Run and exit, as ``click.Command.main`` does."""
        if COMPLETE_VAR in os.environ:
            # A line about a broken plugin would land in what the user is typing.
            sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        extra |= {"prog_name": "zoo", "complete_var": COMPLETE_VAR, "standalone_mode": False}
        try:
            # Without standalone mode click returns the code of ctx.exit().
            code = super().main(args, **extra)
        except Exception as error:
            code = _report(error)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the built-in commands, then those of the plugins."""
        # Not list(): once zoo.cli.list is imported, `list` in here is that module.
        return [*_one_liners()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command.

        Raises:
            PluginError: The import string of a plugin's command leads nowhere.
        """
        from zoo.registry import load

        if cmd_name in COMMANDS:
            return _checked(cmd_name, load(COMMANDS[cmd_name][0]))
        target = _plugin_commands().get(cmd_name, ("", ""))[0]
        return _checked(cmd_name, load(target)) if target else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name.

        Raises:
            UsageError: There is none; the close match is named.
        """
        name = args[0]
        if not ctx.resilient_parsing and name not in COMMANDS and name not in _plugin_commands():
            known = self.list_commands(ctx)
            raise UsageError(
                f'No command "{name}".{did_you_mean(name, known)} Commands: {", ".join(known)}'
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([*_one_liners().items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name or a global flag."""
        names = [
            CompletionItem(name, help=line)
            for name, line in _one_liners().items()
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


def _plugin_commands() -> dict[str, tuple[str, str]]:
    from zoo.discovery import discover

    return {
        name: (target, f"From plugin {plugin.id}.")
        for plugin in discover().plugins
        for name, target in plugin.commands.items()
    }


def _one_liners() -> dict[str, str]:
    return {name: line for name, (_, line) in (COMMANDS | _plugin_commands()).items()}


def _checked(name: str, command: object) -> click.Command:
    if not isinstance(command, click.Command):
        raise PluginError(f'command "{name}" is a {type(command).__name__}, not a click.Command')
    return command


def _report(error: Exception) -> int:
    if isinstance(error, click.Abort):
        return 130
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return error.exit_code
    code = error.exit_code if isinstance(error, ZooError | click.ClickException) else 1
    if os.environ.get("ZOO_DEBUG") == "1" and not isinstance(error, click.ClickException):
        import traceback

        traceback.print_exception(error)
        return code
    click.echo(f"Error: {' '.join(_message(error).split())}", err=True)
    return code


def _message(error: Exception) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{error.format_message()} (see: {error.ctx.command_path} --help)"
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, ZooError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    return f"internal: {text}; run again with: zoo --debug …"


def _remember_debug(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    # The environment, so that errors while parsing and child processes know it too.
    if value:
        os.environ["ZOO_DEBUG"] = "1"
    return value


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", message="%(prog)s %(version)s")
@click.option("-q", "--quiet", is_flag=True, help="Say only what was asked for, and errors.")
@click.option("-v", "--verbose", count=True, help="Say more; -v -v: what TensorFlow logs, too.")
@click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    envvar="ZOO_DEBUG",
    callback=_remember_debug,
    help="Show tracebacks (also: ZOO_DEBUG=1).",
)
@click.pass_context
def main(ctx: click.Context, quiet: bool, verbose: int, debug: bool) -> None:
    """Train GANs that complete hand-drawn sketches: mix and match parts from plugins.

    \b
      zoo list                                                what is installed
      zoo train --gen unet --disc convdense                   train on the built-in doodles
      zoo complete sketch.png --mask hole.png --model RUN     redraw a part of a drawing
    """
    if verbose < 2 and not debug:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    ctx.obj = Verbosity(quiet, verbose, debug)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
