"""``mem0-tui serve``: the embedded store as a Mem0 server for Codex and Mem0's own clients, by REST
and MCP on one port, or by MCP on standard input and output.

Bound to this machine unless told otherwise; reachable from others only with a key.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from mem0_tui.cli.commands.demo import ensure
from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import RefusedError, UsageError
from mem0_tui.model.secret import mask
from mem0_tui.settings.locations import tilde

if TYPE_CHECKING:
    from mem0_tui.server.key import ServeKey
    from mem0_tui.server.service import Service
    from mem0_tui.server.stop import Stop
    from mem0_tui.settings.schema import Settings

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``serve`` to *parser*."""
    parser.add_argument(
        "--status",
        action="store_true",
        help="only say whether such a server is running and accepts the key",
    )
    parser.add_argument(
        "--stdio",
        action="store_true",
        help="speak MCP on standard input and output, for a client that starts this itself; "
        "no port is opened and no key is asked for",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="print a line for every request: time, status, what was asked for, and by whom",
    )
    parser.add_argument(
        "--default-user",
        metavar="ID",
        help="user for MCP calls that name none (default: MEM0_USER_ID, else your login name)",
    )
    parser.add_argument(
        "--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=read_port,
        default=DEFAULT_PORT,
        help="port to listen on, 0 for any free one (default: %(default)s)",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="further host name that clients may use; may be repeated",
    )
    doors = parser.add_mutually_exclusive_group()
    doors.add_argument(
        "--api-key",
        metavar="KEY",
        help="key that clients must show; better set in MEM0_TUI_SERVE_KEY or MEM0_API_KEY, where "
        "other users do not see it (default: one is made and kept beside the store)",
    )
    doors.add_argument(
        "--no-auth",
        action="store_true",
        help="ask for no key: every program on this machine can read and change everything",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; 0 once everything that was begun has ended.

    Raises:
        RefusedError: it would be open to other machines without a key, or the default user is no
            id.
        StoreError: the store cannot be opened.
        NetworkError: the port is taken.
    """
    _check(args)
    if args.status:
        from mem0_tui.cli.commands.serve_status import show_status

        return show_status(args)
    settings = settings_of(args)
    if args.stdio:
        _serve_stdio(args, settings)
    else:
        _serve_port(args, settings)
    args.output.note("stopped")
    return 0


def _serve_port(args: argparse.Namespace, settings: Settings) -> None:
    from mem0_tui.server.stop import stopping

    with stopping() as stop:
        _serve_until(stop, args, settings)


def _serve_until(stop: Stop, args: argparse.Namespace, settings: Settings) -> None:
    from mem0_tui.server.auth import Access
    from mem0_tui.server.key import choose_key
    from mem0_tui.server.mcp.endpoint import mcp_mount
    from mem0_tui.server.mcp.tools import ToolCalls
    from mem0_tui.server.rest.routes import platform_app
    from mem0_tui.server.runner import bind, serve

    output: Output = args.output
    with ExitStack() as stack:
        listener = stack.enter_context(closing(bind(args.host, args.port)))
        service = _opened(stack, args, settings)
        key = None if args.no_auth else choose_key(args.api_key, os.environ, settings.store.parent)
        access = Access(
            key=key.key if key else None,
            bound_to=args.host,
            hosts=frozenset(name.casefold() for name in args.allow_host),
        )
        note = partial(_announce, output, settings.store, key, listener, service.read_only)
        tools = mcp_mount(ToolCalls(service, _default_user(args, settings)))
        app = platform_app(service, access, mounts=[tools])
        if args.verbose:
            from mem0_tui.server.access_log import RequestLines

            app = RequestLines(app, output.note)
        serve(app, listener, stop, ready=note)


def _serve_stdio(args: argparse.Namespace, settings: Settings) -> None:
    from mem0_tui.server.mcp.endpoint import serve_stdio
    from mem0_tui.server.mcp.tools import ToolCalls

    async def whole(service: Service) -> None:
        async with service.running():
            await serve_stdio(ToolCalls(service, _default_user(args, settings)))

    # What waits for standard input cannot be interrupted, and the store survives a sudden end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with ExitStack() as stack:
        service = _opened(stack, args, settings)
        _say_store(args.output, settings.store, service.read_only)
        args.output.flush()
        asyncio.run(whole(service))


def _opened(stack: ExitStack, args: argparse.Namespace, settings: Settings) -> Service:
    """The service of the embedded store, closed with *stack*."""
    from mem0_tui.model.holding_back import KEPT_TEXTS
    from mem0_tui.server.service import open_service

    if settings.demo:
        ensure(settings, args.output)
    # Remote backends are read-only unless told otherwise; what is served here is the local store.
    read_only = settings.read_only if settings.backend == "local" else bool(args.read_only)
    kept_texts = settings.journal.with_name(KEPT_TEXTS) if settings.hold_back else None
    service = open_service(settings.store, read_only=read_only, kept_texts=kept_texts)
    stack.callback(service.close)
    return service


def _default_user(args: argparse.Namespace, settings: Settings) -> str:
    user = args.default_user or settings.scope.user_id or "default"
    return EntityRef(EntityKind.USER, user).checked().id


def _check(args: argparse.Namespace) -> None:
    from mem0_tui.server.auth import is_loopback

    if args.verbose and (args.stdio or args.status):
        raise UsageError("--verbose is about requests to a port", hint="see mem0-tui serve --help")
    if args.no_auth and not is_loopback(args.host):
        raise RefusedError(
            f"--no-auth on {args.host} would open the memories to other machines",
            hint="leave out --no-auth, or --host",
        )
    key = args.api_key
    if key is not None and (not key.isascii() or not key.isprintable() or " " in key or not key):
        raise UsageError("--api-key must be printable ASCII without blanks")


def _announce(
    output: Output, store: Path, key: ServeKey | None, listener: socket, read_only: bool
) -> None:
    """Say what is served, to whom, and where; the last line means that requests are answered."""
    from mem0_tui.server.runner import url_of

    _say_store(output, store, read_only)
    if key is None:
        output.warn("no key is asked for: every program on this machine is let in")
    else:
        output.note(f"key: {mask(key.key)} from {safe(tilde(key.origin, os.environ))}")
    output.note(f"listening on {url_of(listener)}")
    output.flush()


def _say_store(output: Output, store: Path, read_only: bool) -> None:
    mode = " (read-only)" if read_only else ""
    output.note(f"store: {safe(tilde(store, os.environ))}{mode}")


def read_port(text: str) -> int:
    """*text* as a port for argparse; 0 lets the system choose one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)
