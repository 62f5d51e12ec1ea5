"""Shows queues and what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mem0_tui.cli.rendering.json_documents import Json, change_document
from mem0_tui.cli.rendering.layout import Cell, Column, table
from mem0_tui.cli.rendering.memories import short_ids
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.detect.findings import Findings, proposed
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.memory import Memory
from mem0_tui.presenting.suspicion import MEANINGS, TITLES, member_lines, reason_line


def summary_lines(output: Output, findings: Findings) -> list[str]:
    """One line per queue: how many memories are to be decided on, how many changes are proposed."""
    columns = [
        Column("QUEUE", style="bold"),
        Column("MEMORIES", right=True),
        Column("LOOK", right=True, style="dim"),
        Column("PROPOSED", right=True),
        Column("WHICH", style="dim"),
    ]
    rows: list[list[str | Cell]] = []
    for queue in Queue:
        if queue in findings.not_measured:
            row: list[str | Cell] = [TITLES[queue], "?", "", ""]
            rows.append([*row, f"not measured: {safe(findings.not_measured[queue])}"])
            continue
        found = findings.of(queue) if queue is not Queue.INBOX else ()
        looks = findings.count(queue, Tier.LOOK)
        changes = len(proposed({queue: found}))
        rows.append(
            [
                TITLES[queue],
                f"{findings.count(queue):,}",
                f"{looks:,}" if looks else "",
                f"{changes:,}" if changes else "",
                _meaning(queue, findings),
            ]
        )
    return table(output, columns, rows)


def _meaning(queue: Queue, findings: Findings) -> str:
    why = findings.partly.get(queue)
    return MEANINGS[queue] + (f" ({safe(why)})" if why else "")


def queue_lines(
    output: Output, suspicions: Sequence[Suspicion], memories: Mapping[str, Memory], *, most: int
) -> list[str]:
    """Each suspicion with its memories, at most *most* of a group."""
    names = short_ids(list(memories.values()))
    lines: list[str] = []
    for each in suspicions:
        if each.queue is not Queue.INBOX:  # there it is the same for all
            lines.append(paint(output, reason_line(each, output.masking), width=_width(output)))
        for member in member_lines(each, memories, output.masking, names=names, most=most):
            room = None if _width(output) is None else output.width - 2
            lines.append("  " + paint(output, member, width=room))
    return lines


def _width(output: Output) -> int | None:
    return output.width if output.cut else None


def suspicion_document(suspicion: Suspicion) -> Json:
    """One suspicion: its memories, why, the parts of their texts that it is about, and what could
    be done."""
    return {
        "key": suspicion.key,
        "queue": suspicion.queue.value,
        "id": suspicion.ids[0],
        "ids": list(suspicion.ids),
        "tier": suspicion.tier.value,
        "label": suspicion.label,
        "reason": suspicion.reason,
        "evidence": [
            {"id": id_, "start": mark.start, "end": mark.end, "label": mark.label}
            for id_, marks in suspicion.marks.items()
            for mark in marks
        ],
        "proposal": [change_document(change) for change in suspicion.proposal],
    }
