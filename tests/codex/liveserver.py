"""A Mem0 server that says what a test wants it to, and the live check against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mem0_tui.codex import Finding, InstallReport, Status
from mem0_tui.codex.facts.servers import TOOLS
from mem0_tui.codex.live.check import LiveCheck, check_live
from mem0_tui.model.errors import Mem0TuiError
from tests.codex.homes import Home


@dataclass
class Server:
    """What the server would say, and what it was told."""

    error: Mem0TuiError | None = None
    tools_offered: tuple[str, ...] = TOOLS
    failing: dict[str, Mem0TuiError] = field(default_factory=dict)
    memories: dict[str, str] = field(default_factory=dict)
    """Id to run."""
    forgets_adds: bool = False
    calls: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    closed: int = 0

    def connect(self, url: str, headers: Mapping[str, str]) -> Server:
        del url
        self.headers = dict(headers)
        return self

    def tools(self) -> tuple[str, ...]:
        if self.error is not None:
            raise self.error
        return self.tools_offered

    def call(self, tool: str, arguments: Mapping[str, object]) -> Any:
        self.calls.append((tool, arguments))
        if tool in self.failing:
            raise self.failing[tool]
        if tool == "add_memory" and not self.forgets_adds:
            self.memories[f"id{len(self.memories)}"] = str(arguments["run_id"])
        if tool == "delete_memory":
            del self.memories[str(arguments["memory_id"])]
        # Filters are ignored, as some servers do.
        return {"results": [{"id": id_, "run_id": run} for id_, run in self.memories.items()]}

    def close(self) -> None:
        self.closed += 1


def ask(home: Home, server: Server | None = None, **options: Any) -> LiveCheck:
    made = server or Server()
    return check_live(home.scan(), made.connect, lambda _: None, **options)


def by_id(report: InstallReport) -> dict[str, Finding]:
    return {finding.id: finding for finding in report.findings}


def bad(report: InstallReport) -> set[str]:
    return {f.id for f in report.findings if f.status in (Status.WARN, Status.FAIL)}
