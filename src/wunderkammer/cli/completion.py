"""``wk completion``."""

from __future__ import annotations

import click


@click.command(short_help="Print what a shell needs to complete wk's words.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a SHELL.

    \b
    bash: wk completion bash > ~/.local/share/bash-completion/completions/wk
    zsh:  wk completion zsh > ~/.zfunc/_wk
    fish: wk completion fish > ~/.config/fish/completions/wk.fish

    zsh looks there if ~/.zshrc says: fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit
    """  # noqa: D301 - \b keeps click from joining the lines
    from click.shell_completion import get_completion_class

    from wunderkammer.cli.main import wk

    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(wk, {}, "wk", "_WK_COMPLETE").source())
