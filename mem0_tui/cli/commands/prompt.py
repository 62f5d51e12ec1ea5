"""``prompt``: what Codex would be given for a prompt, by each source, now and after a plan."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.remove import read_file
from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.model.errors import UsageError
from mem0_tui.presenting.prompt import source_lines, total

if TYPE_CHECKING:
    from mem0_tui.codex.prompt.block import PromptBlock, SourcePreview
    from mem0_tui.codex.prompt.planned import Planned

VERSION = 1


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="+", metavar="TEXT", help="the prompt, as you would type it")
    parser.add_argument("--cwd", metavar="DIR", help="the session's folder (default: this one)")
    parser.add_argument(
        "--plan", metavar="FILE", help="show also what it would be after this plan (--plan-out)"
    )
    parser.add_argument("--home", metavar="DIR", help="look at this home folder (default: HOME)")
    parser.add_argument(
        "--codex-home", metavar="DIR", help="look at this Codex home (default: CODEX_HOME)"
    )


def show_prompt(args: Namespace) -> int:
    """Print what each source adds to a session that begins with the prompt.

    Raises:
        UsageError: the prompt is blank, or --cwd is no folder.
        FileFormatError: the plan cannot be read.
    """
    from mem0_tui.codex import scan
    from mem0_tui.codex.prompt import preview

    output: Output = args.output
    prompt = " ".join(args.text)
    if not prompt.strip():
        raise UsageError("the prompt is blank")
    if args.cwd is not None and not Path(args.cwd).is_dir():
        raise UsageError(f"{args.cwd} is not a folder")
    planned = None if args.plan is None else _planned(args.plan)
    install = scan(args.home, args.codex_home, args.cwd)
    found = preview(install, prompt, planned)
    if args.json:
        output.document(_document(prompt, install.homes.cwd, found))
        return 0
    for each in found:
        for line in source_lines(each, install.homes.home, output.masking):
            output.line(paint(output, line))
        output.line()
    output.note(total(found))
    return 0


def _planned(file: str) -> Planned:
    from mem0_tui.cli.composition.planned_state import planned_state
    from mem0_tui.curator.planning.plan_file import load

    return planned_state(load(read_file(Path(file))))


def _document(prompt: str, cwd: str, found: list[SourcePreview]) -> dict[str, object]:
    return {
        "version": VERSION,
        "prompt": prompt,
        "cwd": cwd,
        "sources": [
            {
                "source": each.source,
                "name": each.name,
                "moment": each.moment,
                **_block(each.now),
                "after_plan": None if each.planned is None else _block(each.planned),
            }
            for each in found
        ],
    }


def _block(block: PromptBlock) -> dict[str, object]:
    return {
        "text": block.text,
        "characters": block.characters,
        "tokens": block.tokens,
        "memories": [
            {"rank": entry.rank, "id": entry.id, "memory": entry.text, "score": entry.score}
            for entry in block.entries
        ],
        "why_nothing": block.nothing or None,
        "notes": list(block.notes),
    }


COMMANDS = {"prompt": Command(add_arguments, show_prompt)}
