"""Makes the embeddings that search by meaning needs; the screen runs it beside itself."""

from __future__ import annotations

import os
import sys
import threading
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from typing import Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.composition.wiring import embedder
from mem0_tui.cli.rendering.output import Output
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import UnsupportedError


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--watch",
        action="store_true",
        help="keep running as memories come in, until stdin is closed",
    )


def index(args: Namespace) -> int:
    """Embed what has no embedding yet."""
    from mem0_tui.store.search.indexer import Indexer
    from mem0_tui.store.store import open_store

    settings, output = settings_of(args), args.output
    if settings.backend != "local":
        raise UnsupportedError(f"{settings.backend} makes its embeddings itself")
    store = open_store(settings.store)
    indexer = Indexer(store, embedder)
    try:
        if args.watch:
            _watch(indexer)
            return 0
        done = indexer.run_pending()
    finally:
        indexer.stop()
        store.close()
    if done and embedder().warning:
        output.warn(embedder().warning)
    _say(output, done)
    return 0


def _watch(indexer: Any) -> None:
    """Embed until whoever started this closes the pipe, or is gone."""
    _give_way()
    indexer.start()
    closed = threading.Event()

    def wait() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        closed.set()

    threading.Thread(target=wait, daemon=True).start()
    closed.wait()


def _give_way() -> None:
    """Work only while nobody else wants the processor: a key pressed meanwhile comes first."""
    if sys.platform != "win32":
        os.nice(10)
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may forbid it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _say(output: Output, done: int) -> None:
    if output.json_only:
        output.document({"embedded": done})
    else:
        output.line(f"{plural(done, 'memory')} embedded")


COMMANDS = {"index": Command(add_arguments, index)}
