"""The audit: every queue in numbers and ids, as a JSON document, as Markdown, and as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.cli.rendering.json_documents import Json, backend_document
from mem0_tui.cli.rendering.layout import Cell, Column, table
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.detect.findings import Findings
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier, ids_to_decide
from mem0_tui.model.counting import plural
from mem0_tui.presenting.suspicion import LOOK, MEANINGS, TITLES

VERSION = 1
_ORDER = (
    Queue.REPEATS,
    Queue.CONFLICTS,
    Queue.SECRETS,
    Queue.INSTRUCTIONS,
    Queue.NOISE,
    Queue.STALE,
    Queue.UNUSED,
    Queue.INBOX,
)
_NAMED = 20
"""Groups, and ids, of a queue that the Markdown report names."""


def audit_document(findings: Findings, info: BackendInfo) -> Json:
    """Every queue with counts, rates and ids, which hold for memories, not for groups.

    The same memories, verdicts and day give the same document. A queue that was not measured is
    only in ``not_measured``; so is an empty one where not all memories could be read.
    """
    not_measured = {queue.value: why for queue, why in findings.not_measured.items()}
    queues: Json = {}
    for queue in _ORDER:
        if queue in findings.not_measured:
            continue
        document = _queue_document(queue, findings)
        if findings.missing and not document["count"]:
            not_measured[queue.value] = f"nothing found, but {'; '.join(findings.missing)}"
        else:
            queues[queue.value] = document
    document = {
        "version": VERSION,
        "target": backend_document(info),
        "total": findings.total,
        "queues": queues,
        "not_measured": not_measured,
    }
    if findings.partly:
        document["partly"] = {queue.value: why for queue, why in findings.partly.items()}
    if findings.missing:
        document["missing"] = list(findings.missing)
    return document


def _queue_document(queue: Queue, findings: Findings) -> Json:
    if queue is Queue.INBOX:
        return _counted(findings.inbox, findings.total)
    suspicions = findings.of(queue)
    sure = [each for each in suspicions if each.tier is Tier.FINDING]
    looks = [each for each in suspicions if each.tier is Tier.LOOK]
    document = {**_counted(ids_to_decide(sure), findings.total), **_details(queue, sure)}
    if looks:
        ids = ids_to_decide(looks)
        document["look"] = {"count": len(ids), "ids": ids, **_details(queue, looks)}
    return document


def _counted(ids: Sequence[str], total: int) -> Json:
    rate = round(len(ids) / total, 4) if total else None
    return {"count": len(ids), "rate": rate, "ids": list(ids)}


def _details(queue: Queue, suspicions: Sequence[Suspicion]) -> Json:
    match queue:
        case Queue.REPEATS:
            return {
                "groups": [
                    {"keep": each.ids[0], "rest": list(each.ids[1:]), "why": each.reason}
                    for each in suspicions
                ]
            }
        case Queue.CONFLICTS:
            return {
                "groups": [
                    {"ids": list(each.ids), "subject": each.label, "why": each.reason}
                    for each in suspicions
                ]
            }
        case Queue.NOISE:
            return {"producers": _producers(suspicions)}
        case _:
            by_label = _by_label(suspicions)
            return {
                "kinds": {label: len(ids_to_decide(those)) for label, those in by_label.items()}
            }


def _producers(suspicions: Sequence[Suspicion]) -> Json:
    found: Json = {}
    for label, those in _by_label(suspicions).items():
        blamed = set(ids_to_decide(those))
        every = dict.fromkeys(id_ for each in those for id_ in each.ids)
        kept = [id_ for id_ in every if id_ not in blamed]
        found[label] = {"count": len(blamed), "keep": kept}
    return found


def _by_label(suspicions: Sequence[Suspicion]) -> dict[str, list[Suspicion]]:
    found: dict[str, list[Suspicion]] = {}
    for each in suspicions:
        found.setdefault(each.label, []).append(each)
    return dict(sorted(found.items()))


def since_document(document: Json, earlier: Mapping[str, Any]) -> Json:
    """What changed from the document of an *earlier* audit to *document*."""
    return {
        "total": earlier["total"],
        "queues": {
            name: _difference(queue, earlier["queues"].get(name))
            for name, queue in document["queues"].items()
        },
    }


def _difference(now: Json, before: Mapping[str, Any] | None) -> Json:
    """What is new and what is gone; nothing of either is known where it was not measured."""
    if before is None:
        return {"count": None, "new": None, "gone": None}
    had, has = set(before["ids"]), set(now["ids"])
    return {
        "count": before["count"],
        "new": [id_ for id_ in now["ids"] if id_ not in had],
        "gone": [id_ for id_ in before["ids"] if id_ not in has],
    }


def audit_lines(output: Output, document: Json) -> list[str]:
    """The audit as a table, for people."""
    since = document.get("since")
    columns = [
        Column("QUEUE", style="bold"),
        Column("MEMORIES", right=True),
        Column("RATE", right=True, style="dim"),
        Column("LOOK", right=True),
    ]
    if since:
        columns += [Column("NEW", right=True), Column("GONE", right=True)]
    columns.append(Column("WHICH", style="dim"))
    rows: list[list[str | Cell]] = []
    for name, queue in document["queues"].items():
        look = queue.get("look", {}).get("count", 0)
        row: list[str | Cell] = [
            TITLES[Queue(name)],
            f"{queue['count']:,}",
            _percent(queue["rate"]),
            f"{look:,}" if look else "",
        ]
        if since:
            changed = since["queues"][name]
            row += [_amount(changed["new"], "+"), _amount(changed["gone"], "−")]
        rows.append([*row, MEANINGS[Queue(name)]])
    lines = [f"{_total(document)}", "", *table(output, columns, rows)]
    for name, why in document["not_measured"].items():
        lines.append(f"{TITLES[Queue(name)]}: not measured: {safe(why)}")
    for name, why in document.get("partly", {}).items():
        lines.append(f"{TITLES[Queue(name)]}: {safe(why)}")
    return lines


def _total(document: Json) -> str:
    amount = plural(document["total"], "memory")
    return f"at least {amount}" if document.get("missing") else amount


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{100 * rate:.1f} %"


def _amount(ids: Sequence[str] | None, sign: str) -> str:
    if ids is None:
        return "?"
    return f"{sign}{len(ids):,}" if ids else ""


def audit_markdown(document: Json) -> list[str]:
    """The audit as the lines of a Markdown page; nothing in it that comes from a memory is
    markup."""
    target = document["target"]
    lines = [
        "# What deserves a look",
        "",
        f"{_total(document)} · {_plain(target['name'])} {_plain(target['target'])}",
        "",
        "| queue | memories | rate | " + LOOK + " |",
        "|---|---:|---:|---:|",
    ]
    for name, queue in document["queues"].items():
        look = queue.get("look", {}).get("count", 0)
        rate = _percent(queue["rate"])
        lines.append(f"| {TITLES[Queue(name)]} | {queue['count']:,} | {rate} | {look:,} |")
    for name, why in document["not_measured"].items():
        lines += ["", f"{TITLES[Queue(name)]}: not measured: {_plain(why)}"]
    for name, why in document.get("partly", {}).items():
        lines += ["", f"{TITLES[Queue(name)]}: {_plain(why)}"]
    since = document.get("since")
    for name, queue in document["queues"].items():
        if name != Queue.INBOX and queue["count"]:
            lines += ["", f"## {TITLES[Queue(name)]}", ""]
            lines += [f"- {each}" for each in _items(queue)]
        changed = since["queues"][name] if since else None
        if changed and changed["new"] is not None and (changed["new"] or changed["gone"]):
            new, gone = len(changed["new"]), len(changed["gone"])
            lines += ["", f"{TITLES[Queue(name)]} since then: {new:,} new, {gone:,} gone"]
    return lines


def _items(queue: Json) -> list[str]:
    if "groups" in queue:
        said = [
            f"{_plain(group['why'])}: {_codes(group.get('ids') or [group['keep'], *group['rest']])}"
            for group in queue["groups"]
        ]
    elif "producers" in queue:
        said = [
            f"{_plain(name)}: {producer['count']:,}"
            + (f", of which {len(producer['keep']):,} more are kept" if producer["keep"] else "")
            for name, producer in queue["producers"].items()
        ]
    else:
        kinds = [f"{_plain(kind)}: {count:,}" for kind, count in queue["kinds"].items() if kind]
        said = [*kinds, _codes(queue["ids"])]
    more = len(said) - _NAMED
    return [*said[:_NAMED], *([f"and {more:,} more"] if more > 0 else [])]


def _codes(ids: Sequence[str]) -> str:
    shown = ", ".join(f"`{_code(id_)}`" for id_ in ids[:_NAMED])
    more = len(ids) - _NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _code(text: str) -> str:
    return safe(text).replace("`", "'")


def _plain(text: object) -> str:
    """*text* so that Markdown takes all of it for words."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&:@/$^=])", r"\\\1", safe(text))
