"""``mem0-tui doctor``: the install's health in plain text or JSON, its repairs, and their undo."""

from __future__ import annotations

import argparse
import sys

from mem0_tui.cli.commands.preflight import exit_code
from mem0_tui.cli.rendering.doctor import Style, render, render_fix, render_fixes
from mem0_tui.cli.rendering.output import Output, make_output
from mem0_tui.codex import Fix, Install, InstallReport, diagnose, scan
from mem0_tui.model.errors import ConfirmationError, NotFoundError
from mem0_tui.model.record import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``doctor``."""
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print the report as one JSON document")
    output.add_argument("--quiet", action="store_true", help="print nothing; the exit code tells")
    output.add_argument(
        "--picture",
        action="store_true",
        help="draw the way of a memory even if the output is not a terminal",
    )
    parser.add_argument("--home", metavar="DIR", help="look at this home folder (default: HOME)")
    parser.add_argument(
        "--codex-home", metavar="DIR", help="look at this Codex home (default: CODEX_HOME)"
    )
    parser.add_argument("--cwd", metavar="DIR", help="look from this folder (default: this one)")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--fix", metavar="ID", help="apply one repair, or `all` of them")
    action.add_argument("--undo", action="store_true", help="take the last repair back")
    action.add_argument("--list-fixes", action="store_true", help="show every repair with its diff")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask before each repair")
    parser.add_argument(
        "--live",
        action="store_true",
        help="ask Codex itself and the Mem0 server too: starts `codex app-server`, which starts the"
        " configured MCP servers, and sends the key to the server that it is for",
    )
    parser.add_argument(
        "--live-write",
        action="store_true",
        help="like --live, and write one memory into a run of its own and delete it again",
    )


def run(args: argparse.Namespace) -> int:
    """Carry out ``doctor``: 0 healthy, 1 warnings, 5 failures.

    Raises the error tree's errors for what could not be carried out.
    """
    output: Output = getattr(args, "output", None) or make_output(json_only=args.json)
    doctor = _Doctor(args, output, yes=args.yes)
    if args.undo:
        report = doctor.undo()
    elif args.fix:
        report = doctor.fix(args.fix)
    elif not (args.live or args.live_write):
        report = diagnose(doctor.look())
    if args.live or args.live_write:
        report = doctor.live(write=args.live_write)
    if args.json:
        output.document(report.to_json())
    elif args.list_fixes:
        output.raw(render_fixes(report, doctor.style))
    elif not args.quiet and not args.undo:
        if args.picture or output.stdout.isatty():
            output.raw(doctor.picture(report))
        output.raw(render(report, doctor.style, home=report.home))
    return exit_code(report)


class _Doctor(Record):
    args: argparse.Namespace
    output: Output
    yes: bool

    @property
    def style(self) -> Style:
        return Style(self.output.width, self.output.color)

    def picture(self, report: InstallReport) -> str:
        import os

        from mem0_tui.cli.rendering.way import render_way
        from mem0_tui.model.clock import SystemClock
        from mem0_tui.presenting.ascii import ascii_wanted

        style, now = self.style, SystemClock().now()
        plain = ascii_wanted(os.environ, self.output.stdout.encoding)
        return render_way(report, style.width, colour=style.colour, plain=plain, now=now)

    def look(self) -> Install:
        return scan(self.args.home, self.args.codex_home, self.args.cwd, ask=True)

    def live(self, *, write: bool) -> InstallReport:
        """What the files say, and what Codex and the server answer."""
        from mem0_tui.backends.mcp.probe import McpProbe
        from mem0_tui.codex.live.check import check_live

        def tell(doing: str) -> None:
            if not self.args.quiet:
                self.output.note(f"{doing} …")

        return check_live(self.look(), McpProbe, tell, write=write).report

    def undo(self) -> InstallReport:
        """Take the newest repair back."""
        from mem0_tui.codex.fixes.backup import undo

        undone = undo(self.look().homes)
        self.output.note(f"{undone.fix} was taken back:")
        for path, _ in undone.items:
            self.output.note(f"  {path}")
        return diagnose(self.look())

    def fix(self, wanted: str) -> InstallReport:
        """Apply the repair *wanted*, or all of them, each against a fresh look."""
        install = self.look()
        report = diagnose(install)
        chosen = [fix for fix in report.fixes if wanted in ("all", fix.id)]
        if not chosen and wanted != "all":
            raise NotFoundError(
                f"no finding offers the repair {wanted!r}",
                hint="mem0-tui doctor --list-fixes shows those there are",
            )
        done: set[str] = set()
        while chosen:
            fix = chosen.pop(0)
            done.add(fix.id)
            self._apply(fix, install)
            install = self.look()
            report = diagnose(install)
            chosen = [f for f in report.fixes if wanted == "all" and f.id not in done]
        return report

    def _apply(self, fix: Fix, install: Install) -> None:
        from mem0_tui.codex.fixes.apply import apply

        style = Style(self.output.width, self.output.color_stderr)
        self.output.note(render_fix(fix, style).rstrip("\n"))
        if not fix.automatic:
            self.output.note("  you have to do this step yourself; nothing was changed")
        elif self.yes or self._agreed():
            applied = apply(fix, install)
            rest = "" if applied.resolved else ", and the finding is still there"
            self.output.note(f"  done{rest}; `mem0-tui doctor --undo` takes it back")

    def _agreed(self) -> bool:
        if not sys.stdin.isatty():
            raise ConfirmationError("there is no terminal to ask on", hint="pass --yes")
        self.output.note("  apply it? [y/N]")
        return sys.stdin.readline().strip().lower() in ("y", "yes")
