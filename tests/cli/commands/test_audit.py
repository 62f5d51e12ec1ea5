"""The audit's document: its shape is what scripts rely on."""

from __future__ import annotations

import json

from mem0_tui.backends.base import BackendInfo
from mem0_tui.cli.rendering.audit import audit_document, audit_markdown, since_document
from mem0_tui.detect.findings import Findings
from mem0_tui.detect.known import KnownMemory
from mem0_tui.detect.newest_first import Ids
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete

INFO = BackendInfo("local", "store.db")
KNOWN = {id_: KnownMemory(0, b"", pinned=False) for id_ in "abcdefgh"}
FINDINGS = Findings(
    known=KNOWN,
    inbox=Ids([["a", "b"]]),
    found={
        Queue.REPEATS: (
            Suspicion(Queue.REPEATS, ("a", "b", "c"), "say *the same*", proposal=(Delete("b"),)),
            Suspicion(Queue.REPEATS, ("d", "e"), "much alike", Tier.LOOK),
        ),
        Queue.CONFLICTS: (Suspicion(Queue.CONFLICTS, ("f", "g"), "80, then 81", label="port"),),
        Queue.SECRETS: (
            Suspicion(Queue.SECRETS, ("a",), "a token", label="GitHub token"),
            Suspicion(Queue.SECRETS, ("a",), "another", label="password"),
        ),
        Queue.INSTRUCTIONS: (),
        Queue.NOISE: (
            Suspicion(
                Queue.NOISE,
                ("g", "h"),
                "a summary per turn",
                label="stop-hook/session_summary",
                proposal=(Delete("h"),),
            ),
        ),
    },
    not_measured={Queue.STALE: "no clock", Queue.UNUSED: "no records"},
)


def test_the_shape() -> None:
    document = audit_document(FINDINGS, INFO)
    assert document == {
        "version": 1,
        "target": {"name": "local", "target": "store.db", "account": None},
        "total": 8,
        "queues": {
            "repeats": {
                "count": 2,
                "rate": 0.25,
                "ids": ["b", "c"],
                "groups": [{"keep": "a", "rest": ["b", "c"], "why": "say *the same*"}],
                "look": {
                    "count": 1,
                    "ids": ["e"],
                    "groups": [{"keep": "d", "rest": ["e"], "why": "much alike"}],
                },
            },
            "conflicts": {
                "count": 2,
                "rate": 0.25,
                "ids": ["f", "g"],
                "groups": [{"ids": ["f", "g"], "subject": "port", "why": "80, then 81"}],
            },
            "secrets": {
                "count": 1,
                "rate": 0.125,
                "ids": ["a"],
                "kinds": {"GitHub token": 1, "password": 1},
            },
            "instructions": {"count": 0, "rate": 0.0, "ids": [], "kinds": {}},
            "noise": {
                "count": 1,
                "rate": 0.125,
                "ids": ["h"],
                "producers": {"stop-hook/session_summary": {"count": 1, "keep": ["g"]}},
            },
            "inbox": {"count": 2, "rate": 0.25, "ids": ["a", "b"]},
        },
        "not_measured": {"stale": "no clock", "unused": "no records"},
    }


def test_nothing_found_in_a_part_of_the_memories_is_not_measured() -> None:
    part = Findings(known=KNOWN, found=FINDINGS.found, missing=("only 8 of 9 came",))
    document = audit_document(part, INFO)
    assert document["missing"] == ["only 8 of 9 came"]
    assert document["queues"]["repeats"]["count"] == 2
    assert document["not_measured"]["instructions"] == "nothing found, but only 8 of 9 came"
    assert "instructions" not in document["queues"]


def test_of_no_memories_there_is_no_rate() -> None:
    assert audit_document(Findings(), INFO)["queues"]["inbox"]["rate"] is None


def test_what_changed_since_an_earlier_audit() -> None:
    before = json.loads(json.dumps(audit_document(FINDINGS, INFO)))
    before["queues"]["repeats"] |= {"count": 2, "ids": ["x", "c"]}
    del before["queues"]["secrets"]
    since = since_document(audit_document(FINDINGS, INFO), before)
    assert since["total"] == 8
    assert since["queues"]["repeats"] == {"count": 2, "new": ["b"], "gone": ["x"]}
    assert since["queues"]["secrets"] == {"count": None, "new": None, "gone": None}


def test_nothing_in_the_page_is_markup_that_came_from_a_memory() -> None:
    page = "\n".join(audit_markdown(audit_document(FINDINGS, INFO)))
    assert "say \\*the same\\*: `a`, `b`, `c`" in page
    assert "| Repeats | 2 | 25.0 % | 1 |" in page
    assert "Stale: not measured: no clock" in page
