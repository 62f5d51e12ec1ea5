"""``mem0-tui serve``: the embedded store as a Mem0 server for Codex and Mem0's own clients.

Bound to this machine unless told otherwise; reachable from others only with a key.
"""

from __future__ import annotations

import argparse
import os

from mem0_tui.cli.output import Output, safe
from mem0_tui.cli.wiring import settings_of
from mem0_tui.model.errors import RefusedError, UsageError
from mem0_tui.model.secret import mask
from mem0_tui.settings.locations import tilde

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``serve`` to *parser*."""
    parser.add_argument(
        "--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=_port,
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
        RefusedError: it would be open to other machines without a key.
        StoreError: the store cannot be opened.
        NetworkError: the port is taken.
    """
    from mem0_tui.server.auth import Access, is_loopback
    from mem0_tui.server.key import choose_key
    from mem0_tui.server.platform import platform_app
    from mem0_tui.server.runner import bind, serve, url_of
    from mem0_tui.server.service import open_service

    output: Output = args.output
    store = settings_of(args).store
    if args.no_auth and not is_loopback(args.host):
        raise RefusedError(
            f"--no-auth on {args.host} would open the memories to other machines",
            hint="leave out --no-auth, or --host",
        )
    if args.api_key is not None and not _fit_for_header(args.api_key):
        raise UsageError("--api-key must be printable ASCII without blanks")
    listener = bind(args.host, args.port)
    try:
        service = open_service(store)
        key = None if args.no_auth else choose_key(args.api_key, os.environ, store.parent)
    except BaseException:
        listener.close()
        raise
    access = Access(
        key=key.key if key else None,
        bound_to=args.host,
        hosts=frozenset(name.casefold() for name in args.allow_host),
    )

    def ready() -> None:
        output.note(f"store: {safe(tilde(store, os.environ))}")
        if key is None:
            output.warn("no key is asked for: every program on this machine is let in")
        else:
            output.note(f"key: {mask(key.key)} from {safe(tilde(key.origin, os.environ))}")
        output.note(f"listening on {url_of(listener)}")
        output.flush()

    serve(platform_app(service, access), listener, ready=ready)
    output.note("stopped")
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)


def _fit_for_header(key: str) -> bool:
    return bool(key) and key.isascii() and key.isprintable() and " " not in key
