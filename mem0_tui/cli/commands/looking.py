"""Looks through all memories of a session, with progress on stderr."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from mem0_tui.detect.review_queues import ReviewQueues, ScanProgress
from mem0_tui.detect.source import BackendSource

if TYPE_CHECKING:
    from mem0_tui.cli.composition.wiring import Workspace
    from mem0_tui.detect.findings import Findings


async def look_through(session: Workspace) -> Findings:
    """What deserves a look now, without what was judged; says on stderr what could not be read.

    Raises:
        BackendError: the memories or the verdicts cannot be read.
    """
    output = session.output

    def tell(progress: ScanProgress) -> None:
        if progress.queues:
            output.progress(f"looking for {', '.join(progress.queues)}")
        else:
            of = f" of {progress.total:,}" if progress.total is not None else ""
            output.progress(f"reading {progress.read:,}{of}")

    source = BackendSource(session.backend)
    with closing(ReviewQueues(source, session.curator.verdicts, session.clock)) as queues:
        found = await queues.scan(tell)
    for why in found.missing:
        output.warn(f"not all memories were looked at: {why}")
    return found
