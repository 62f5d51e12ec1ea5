"""``mem0-tui web``: the app in a browser on this machine, each tab an app of its own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from importlib.util import find_spec

from mem0_tui.cli.commands.serve import read_port
from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.composition.wiring import where
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.errors import UnsupportedError

_OPTIONS = {
    "backend": "--backend",
    "url": "--url",
    "server_command": "--command",
    "store": "--store",
    "profile": "--profile",
}
_FLAGS = {
    "demo": "--demo",
    "no_color": "--no-color",
    "show_secrets": "--show-secrets",
    "debug": "--debug",
}
"""What is handed on to the app of each tab, by the name that the parser gives it."""
_MODULE = "mem0_tui.cli.tab"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``web`` to *parser*."""
    parser.add_argument(
        "--port",
        type=read_port,
        default=0,
        help="port of 127.0.0.1 to listen on (default: any free one)",
    )
    parser.add_argument(
        "--write",
        dest="read_only",
        action="store_false",
        default=None,
        help="allow changes; without it, nothing can be changed in the browser",
    )


def run(args: Namespace) -> int:
    """Serve until stopped; 0 once every app of a tab has ended.

    Raises:
        UnsupportedError: the extra is not installed.
        SettingsError: the app would not start with these options.
        NetworkError: the port is taken.
    """
    if find_spec("textual_serve") is None or find_spec("aiohttp") is None:
        raise UnsupportedError(
            "the browser needs an extra that is not installed",
            hint="pip install 'mem0-tui[web]'",
        )
    from mem0_tui.web.app import TabProgram
    from mem0_tui.web.runner import bind, serve

    output: Output = args.output
    place = where(settings_of(args))
    write = args.read_only is False
    program = TabProgram(_MODULE, words_for_tab(args), write)

    def announce(address: str) -> None:
        may = "changes are allowed" if write else "read-only; --write allows changes"
        output.note(f"{safe(place)}: {may}")
        output.note("Open this in a browser on this machine. It works once; Ctrl+C ends it.")
        if args.json:
            output.document({"address": address, "read_only": not write}, whole=True)
        output.line(address)
        output.flush()

    with closing(bind(args.port)) as listener:
        serve(listener, program, ready=announce)
    output.note("stopped")
    return 0


def words_for_tab(args: Namespace) -> list[str]:
    """The command line of the app of a tab: what was given to this one."""
    words = [option for name, option in _FLAGS.items() if getattr(args, name)]
    for name, option in _OPTIONS.items():
        value = getattr(args, name)
        if value is not None:
            words += [f"{option}={value}"]
    return [*words, "--write" if args.read_only is False else "--read-only"]
