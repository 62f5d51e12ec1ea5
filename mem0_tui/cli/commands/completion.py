"""``completion``: a script that completes commands, options and their values in the shell, printed
or put where the shell looks for it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import confirm
from mem0_tui.cli.commands.shells import (
    INSTALLABLE,
    PROGRAM,
    CompletionPlace,
    place_of,
    shell_in_use,
)
from mem0_tui.cli.rendering.output import Output
from mem0_tui.model.errors import ConfirmationError, RefusedError, UsageError
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
    parser.add_argument(
        "shell",
        nargs="?",
        metavar="SHELL",
        choices=SHELLS,
        help="bash, zsh, fish or tcsh; by default your login shell",
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--install", action="store_true", help="put the script where the shell looks for it"
    )
    action.add_argument("--uninstall", action="store_true", help="remove what --install wrote")
    parser.add_argument(
        "-y", "--yes", action="store_true", help="change the shell's start-up file without asking"
    )


def completion(args: Namespace) -> int:
    output: Output = args.output
    shell = args.shell or shell_in_use()
    if args.install or args.uninstall:
        if shell not in INSTALLABLE:
            raise UsageError(
                f"mem0-tui does not know where {shell} looks for completions",
                hint=_by_hand(shell),
            )
        place = place_of(shell)
        try:
            return (_install if args.install else _uninstall)(output, place, asks=not args.yes)
        except OSError as error:
            raise RefusedError(f"{error.filename}: {error.strerror or error}") from error
    if shell not in SHELLS:
        raise UsageError(f"there is no completion for {shell}", hint=_by_hand(shell))
    script = completion_script(shell)
    if output.json_only:
        output.document({"shell": shell, "script": script, "install": _INSTALL[shell]}, whole=True)
        return 0
    output.raw(script)
    if output.stdout.isatty():
        output.note(f"# To switch it on: {PROGRAM} completion --install, or {_INSTALL[shell]}")
    return 0


def completion_script(shell: str) -> str:
    """The script for *shell*, one of :data:`SHELLS`."""
    import shtab

    from mem0_tui.cli.parser import whole_parser

    parser = whole_parser()
    _complete_files(parser, shtab.FILE)
    _complete_backends(parser)
    return str(shtab.complete(parser, shell=shell)).rstrip("\n") + "\n"


def _by_hand(shell: str) -> str:
    line = _INSTALL.get(shell)
    return f"add this line: {line}" if line else f"there is one for {', '.join(SHELLS)}"


def _install(output: Output, place: CompletionPlace, *, asks: bool) -> int:
    """Write the script; where the start-up file has to name it, show how and ask."""
    place.check()
    place.write(completion_script(place.shell))
    output.note(f"Written: {place.file}")
    ready = not place.lines or place.installed_block == place.block
    if not ready:
        output.note(f"{place.startup} needs these lines at its top:")
        for line in place.lines:
            output.note(f"  {line}")
        ready = _agreed(output, f"Add this to {place.startup}?", asks=asks)
        if ready:
            place.remove_block()
            place.add_block()
            output.note(f"Changed: {place.startup}")
        else:
            output.note("It was not changed: add the lines yourself, or use --yes.")
    if ready:
        output.note(
            f"New shells complete {PROGRAM}. After an upgrade run this again."
            f" To take it back: {PROGRAM} completion {place.shell} --uninstall"
        )
    _document(output, place, installed=True, ready=ready)
    return 0 if ready else 1


def _uninstall(output: Output, place: CompletionPlace, *, asks: bool) -> int:
    """Remove what :func:`_install` has written."""
    place.check()
    there = place.file.exists()
    place.file.unlink(missing_ok=True)
    output.note(f"Removed: {place.file}" if there else f"There is no {place.file}.")
    block, clean = place.installed_block, True
    if block is not None:
        output.note(f"{place.startup} says:")
        for line in block.splitlines():
            output.note(f"  {line}")
        clean = _agreed(output, f"Take this out of {place.startup}?", asks=asks)
        if clean:
            place.remove_block()
            output.note(f"Changed: {place.startup}")
        else:
            output.note("It was not changed: remove the lines yourself, or use --yes.")
    _document(output, place, installed=False, ready=False)
    return 0 if clean else 1


def _agreed(output: Output, question: str, *, asks: bool) -> bool:
    if not asks:
        return True
    try:
        confirm(output, question)
    except ConfirmationError:
        return False
    return True


def _document(output: Output, place: CompletionPlace, *, installed: bool, ready: bool) -> None:
    if output.json_only:
        output.document(
            {
                "shell": place.shell,
                "file": str(place.file),
                "installed": installed,
                "ready": ready,
                "startup_file": str(place.startup),
                "startup_lines": list(place.lines),
            }
        )


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
