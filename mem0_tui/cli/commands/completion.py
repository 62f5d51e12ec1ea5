"""``completion``: a script that completes commands, options and their values in the shell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mem0_tui.cli.command import Command
from mem0_tui.cli.rendering.output import Output
from mem0_tui.settings.schema import BACKENDS

_FILES = ("FILE", "PLAN", "PATH", "DIR")
SHELLS = ("bash", "zsh", "fish", "tcsh")
_INSTALL = {
    "bash": 'eval "$(mem0-tui completion bash)"    # in ~/.bashrc',
    "zsh": 'eval "$(mem0-tui completion zsh)"     # in ~/.zshrc, after compinit',
    "fish": "mem0-tui completion fish | source    # in ~/.config/fish/config.fish",
    "tcsh": 'eval "`mem0-tui completion tcsh`"   # in ~/.tcshrc',
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS)


def completion(args: Namespace) -> int:
    import shtab

    from mem0_tui.cli.parser import whole_parser

    output: Output = args.output
    parser = whole_parser()
    _complete_files(parser, shtab.FILE)
    _complete_backends(parser)
    script = shtab.complete(parser, shell=args.shell)
    if output.json_only:
        output.document(
            {"shell": args.shell, "script": script, "install": _INSTALL[args.shell]}, whole=True
        )
        return 0
    output.raw(script.rstrip("\n") + "\n")
    if output.stdout.isatty():
        output.note(f"# To switch it on: {_INSTALL[args.shell]}")
    return 0


def _complete_files(parser: ArgumentParser, completer: object) -> None:
    """Let every argument that is a file complete as one, in all commands."""
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                _complete_files(command, completer)
        elif action.metavar in _FILES:
            setattr(action, "complete", completer)  # noqa: B010


def _complete_backends(parser: ArgumentParser) -> None:
    """Let ``--backend`` offer its values; the settings say which there are, not argparse."""
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                _complete_backends(command)
        elif action.dest == "backend" and action.choices is None:
            action.choices = BACKENDS


COMMANDS = {"completion": Command(add_arguments, completion)}
