"""Looks through all memories of a session, with progress on stderr."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from typing import TYPE_CHECKING

from mem0_tui.detect.review_queues import ReviewQueues, ScanProgress
from mem0_tui.detect.source import BackendSource

if TYPE_CHECKING:
    from mem0_tui.cli.composition.wiring import Workspace
    from mem0_tui.detect.findings import Findings


def add_repository_option(parser: ArgumentParser) -> None:
    """Add the option that :func:`look_through` reads."""
    parser.add_argument(
        "--repo",
        action="append",
        default=[],
        metavar="[APP=]DIR",
        help="compare what memories name with this git repository, of that app; by default with"
        " that of the working folder and those that Codex knows",
    )


async def look_through(
    session: Workspace, args: Namespace, *, most_by_meaning: int | None = None
) -> Findings:
    """What deserves a look now, without what was judged; says on stderr what could not be read.

    Texts are compared by meaning where there are at most *most_by_meaning* of them, or as many as
    that can be done for.

    Raises:
        UsageError: a folder that was named is no repository.
        BackendError: the memories or the verdicts cannot be read.
    """
    output = session.output

    def tell(progress: ScanProgress) -> None:
        if progress.queues:
            output.progress(f"looking for {', '.join(progress.queues)}")
        else:
            of = f" of {progress.total:,}" if progress.total is not None else ""
            output.progress(f"reading {progress.read:,}{of}")

    from mem0_tui.cli.composition.checkouts import stale_names
    from mem0_tui.cli.composition.meaning import MOST, stored_vectors

    names = stale_names(args.repo, sessions=session.recorded.session)
    made = ReviewQueues(
        BackendSource(session.backend),
        session.curator.verdicts,
        session.clock,
        repositories=lambda: names,
        records=session.recorded.records(),
        vectors=stored_vectors(session.backend, most_by_meaning or MOST),
        audits=session.curator.audits,
    )
    with closing(made) as queues:
        found = await queues.scan(tell)
    for why in found.missing:
        output.warn(f"not all memories were looked at: {why}")
    return found
