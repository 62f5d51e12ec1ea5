"""Whether a Mem0 server answers: ``mem0-tui serve --status``, and a part of ``codex status``."""

from __future__ import annotations

import os
from argparse import Namespace
from time import monotonic

from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.hooks.exchange import ExchangeError, exchange
from mem0_tui.hooks.server import MemoryServer

_PATIENCE = 3.0
"""Seconds that a server has to answer."""
NOT_RUNNING = 4


def ping(server: MemoryServer) -> tuple[str, str]:
    """``ok`` or ``fail``, and what is to be said of *server*."""
    try:
        status, answer = exchange(server, "GET", "/v1/ping/", None, monotonic() + _PATIENCE)
    except ExchangeError as error:
        return "fail", f"does not answer: {error}"
    if status in (401, 403):
        return "fail", "answers, and refuses the key" if server.key else "answers, and wants a key"
    if status >= 300 or not isinstance(answer, dict) or answer.get("status") != "ok":
        return "fail", f"answers, but not as a Mem0 server does ({status})"
    return "ok", "answers"


def show_status(args: Namespace) -> int:
    """Say whether the server answers that these options of ``serve`` would start; 0 if it does."""
    from mem0_tui.cli.composition.chosen import settings_of
    from mem0_tui.server.key import FILE_NAME, VARIABLES

    output: Output = args.output
    key_file = settings_of(args).store.parent / FILE_NAME
    named = (os.environ.get(name, "").strip() for name in VARIABLES)
    key = args.api_key or next(filter(None, named), None)
    if key is None and key_file.is_file():
        key = key_file.read_text(encoding="ascii", errors="replace").strip()
    host = f"[{args.host}]" if ":" in args.host else args.host
    server = MemoryServer(f"http://{host}:{args.port}", "" if args.no_auth else key or "")
    status, message = ping(server)
    if output.json_only:
        output.document({"url": server.base, "running": status == "ok", "said": message})
    else:
        glyph, color = ("✓", "green") if status == "ok" else ("✗", "red")
        output.line(f"{output.styled(glyph, color)} {safe(server.base)} {safe(message)}")
        if status != "ok":
            output.note(
                "start it: mem0-tui serve; at every login: mem0-tui codex install --service"
            )
    return 0 if status == "ok" else NOT_RUNNING
