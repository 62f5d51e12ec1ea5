"""What the doctor says: areas, findings with their evidence and root cause, and fixes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from mem0_tui.codex.files.spot import Spot
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from mem0_tui.codex.way.wiring import Wiring

AREAS = ("config", "mcp", "key", "plugin", "marketplace", "skills", "hooks", "project")


class Status(StrEnum):
    """How one area, or the install, is doing."""

    OK = "ok"
    INFO = "info"
    """Works, and there is something worth knowing."""
    WARN = "warn"
    """Degraded, or will break."""
    FAIL = "fail"
    """Broken now."""
    OFF = "off"
    """Not installed: neutral."""


_RANK = {Status.OFF: 0, Status.OK: 0, Status.INFO: 1, Status.WARN: 2, Status.FAIL: 3}


class Evidence(StrEnum):
    """How far somebody looked."""

    CONFIGURED = "configured"
    """A file says so."""
    TRUSTED = "trusted"
    """Codex's rules of trust were applied: it would, or would not, run it."""
    OBSERVED = "observed"
    """It was seen happening."""


class FileEdit(Record):
    """One file to be changed: its bytes before and after, None where there is no file."""

    path: str
    before: bytes | None
    after: bytes | None


class Move(Record):
    """One path to be moved out of the way."""

    path: str
    to: str


class Fix:
    """One repair: a ``codex`` command, careful edits, or, with neither, a step for the user."""

    def __init__(
        self,
        id: str,
        summary: str,
        *,
        argv: tuple[str, ...] = (),
        plan: Callable[[], Sequence[FileEdit]] | None = None,
        moves: tuple[Move, ...] = (),
        touches: tuple[str, ...] = (),
    ) -> None:
        self.id = id
        self.summary = summary
        self.argv = argv
        """The command, beginning with ``codex``."""
        self.moves = moves
        self.touches = touches
        """Files and folders that the command changes: saved before it runs."""
        self._plan = plan

    def renewed(self) -> Fix:
        """The same repair, its edits to be worked out from the files as they are now."""
        return Fix(
            self.id,
            self.summary,
            argv=self.argv,
            plan=self._plan,
            moves=self.moves,
            touches=self.touches,
        )

    @cached_property
    def edits(self) -> tuple[FileEdit, ...]:
        """The changed files, worked out when first asked for; none that would not change."""
        edits = self._plan() if self._plan else ()
        return tuple(edit for edit in edits if edit.before != edit.after)

    @property
    def command(self) -> str | None:
        """The command as one would type it."""
        import shlex

        return shlex.join(self.argv) if self.argv else None

    @property
    def automatic(self) -> bool:
        """Whether it can be applied here, rather than being an instruction."""
        return bool(self.argv or self.moves or self.edits)

    @property
    def diff(self) -> str | None:
        """The edits as a unified diff, keys masked; moves as one line each."""
        from mem0_tui.model.secret import redact

        parts = [_diff_of(edit) for edit in self.edits]
        parts += [f"move {move.path}\n  to {move.to}\n" for move in self.moves]
        return redact("".join(parts)) or None

    def to_json(self) -> dict[str, object]:
        """The fix as a finding of the JSON report carries it."""
        return {"id": self.id, "summary": self.summary, "command": self.command, "diff": self.diff}


def _diff_of(edit: FileEdit) -> str:
    import difflib

    before, after = _lines(edit.before), _lines(edit.after)
    lines = difflib.unified_diff(before, after, edit.path, edit.path)
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def _lines(data: bytes | None) -> list[str]:
    from mem0_tui.codex.files.mask import masked_settings

    return masked_settings((data or b"").decode("utf-8", "replace")).splitlines(keepends=True)


class Finding(Record):
    """One thing that is worth saying about the install."""

    id: str
    area: str
    status: Status
    title: str
    detail: str = ""
    where: tuple[Spot, ...] = ()
    cause: str | None = None
    fix: Fix | None = None
    evidence: Evidence = Evidence.CONFIGURED

    @property
    def recorded(self) -> bool:
        """Whether the hooks' own records tell it, and neither Codex nor a server was asked."""
        return self.evidence is Evidence.OBSERVED and self.id.startswith("capture.")

    def to_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "area": self.area,
            "status": self.status.value,
            "evidence": self.evidence.value,
            "title": self.title,
            "detail": self.detail,
            "where": [{"path": spot.path, "line": spot.line} for spot in self.where],
            "cause": self.cause,
            "fix": self.fix.to_json() if self.fix else None,
        }


class Area(Record):
    """One area's verdict and the sentence that goes with it."""

    name: str
    status: Status
    summary: str


class InstallReport(Record):
    """The whole verdict."""

    home: str
    codex_home: str
    codex: tuple[str, str | None] | None
    """The program's path and version."""
    rules: str
    """The version whose rules were applied, in words."""
    install: str
    areas: tuple[Area, ...]
    findings: tuple[Finding, ...]
    wiring: Wiring | None = None
    """What the install is made of, apart from what is wrong with it."""

    @property
    def overall(self) -> Status:
        """The worst area; ``off`` where nothing is installed and nothing is wrong."""
        found = worst([area.status for area in self.areas])
        return Status.OFF if self.install == "none" and found is Status.OK else found

    def area(self, name: str) -> Area:
        """The verdict on one area."""
        return next(area for area in self.areas if area.name == name)

    @property
    def roots(self) -> list[Finding]:
        """The findings that do not follow from another one, worst first."""
        found = [finding for finding in self.findings if finding.cause is None]
        return sorted(found, key=lambda finding: -_RANK[self.severity(finding)])

    def following(self, finding: Finding) -> list[Finding]:
        """What follows from *finding*, at first or at second hand."""
        found: list[Finding] = []
        for other in self.findings:
            if other.cause == finding.id:
                found += [other, *self.following(other)]
        return found

    def severity(self, finding: Finding) -> Status:
        """The worst of *finding* and of what follows from it."""
        return worst([finding.status, *(other.status for other in self.following(finding))])

    def area_severity(self, area: Area) -> Status:
        """What to show of *area*: where its summary is a finding's, the severity of that."""
        own = [f for f in self.findings if (f.area, f.title) == (area.name, area.summary)]
        found = worst([self.severity(finding) for finding in own])
        return found if _RANK[found] > _RANK[area.status] else area.status

    def evidence(self, area: str) -> Evidence:
        """How far somebody looked at an area: at its files, at Codex's trust, or at it working."""
        levels = {finding.evidence for finding in self.findings if finding.area == area}
        if Evidence.OBSERVED in levels:
            return Evidence.OBSERVED
        judged = area in ("hooks", "project") and self.area(area).status is not Status.OFF
        return Evidence.TRUSTED if judged else Evidence.CONFIGURED

    @property
    def fixes(self) -> list[Fix]:
        """Every repair, root causes first, each once."""
        ordered = [*self.roots, *(f for f in self.findings if f.cause is not None)]
        found: dict[str, Fix] = {}
        for finding in ordered:
            if finding.fix is not None:
                found.setdefault(finding.fix.id, finding.fix)
        return list(found.values())

    def to_json(self) -> dict[str, object]:
        """The report as ``mem0-tui doctor --json`` prints it, version 1."""
        codex = None if self.codex is None else {"path": self.codex[0], "version": self.codex[1]}
        return {
            "version": 1,
            "codex_home": self.codex_home,
            "codex": codex,
            "install": self.install,
            "overall": self.overall.value,
            "areas": {area.name: area.status.value for area in self.areas},
            "findings": [finding.to_json() for finding in self.findings],
        }


def worst(statuses: list[Status]) -> Status:
    """The worst of *statuses*, ``ok`` where there are none or only neutral ones."""
    ranked = max(statuses, key=lambda status: _RANK[status], default=Status.OK)
    return Status.OK if ranked is Status.OFF else ranked
