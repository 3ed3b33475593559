"""``zoo completion``: the script that makes a shell complete ``zoo``."""

import click
from click.shell_completion import get_completion_class

from zoo.cli import COMPLETE_VAR, main

_INSTALL = {
    "bash": "zoo completion bash > ~/.local/share/bash-completion/completions/zoo",
    "zsh": 'zoo completion zsh > "${fpath[1]}/_zoo"',
    "fish": "zoo completion fish > ~/.config/fish/completions/zoo.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_INSTALL)))
def command(shell: str) -> None:
    """Print the completion script of a shell. To install it:

    \b
      bash   zoo completion bash > ~/.local/share/bash-completion/completions/zoo
      zsh    zoo completion zsh > "${fpath[1]}/_zoo"
      fish   zoo completion fish > ~/.config/fish/completions/zoo.fish

    Then open a new shell.
    """
    script = get_completion_class(shell)
    assert script is not None, shell
    click.echo(script(main, {}, "zoo", COMPLETE_VAR).source().strip())
    # At the end: zsh wants its #compdef line first.
    click.echo(f"\n# Install with: {_INSTALL[shell]}")
