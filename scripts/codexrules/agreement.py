"""The doctor and a Codex program, asked about the same configurations."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from mem0_tui.codex import scan
from mem0_tui.codex.rules import Measured
from scripts.codexrules.cases import Case, cases
from scripts.codexrules.judge import Judge


def disagreements(judge: Judge, rules: Measured, version: str) -> Iterator[str]:
    """Every case of the rules in which one takes what the other refuses, in words."""
    yield from compared(judge, list(cases(rules, judge.file)), version)


def compared(judge: Judge, tried: list[Case], version: str) -> Iterator[str]:
    """The cases of *tried* in which the doctor, for Codex *version*, and *judge* do not agree."""
    verdicts = list(judge.ask_all(case.text for case in tried))
    for case, verdict, refused in zip(tried, verdicts, doctor(tried, version), strict=True):
        if verdict.taken == (refused is None):
            continue
        codex = "takes it" if verdict.taken else f"says: {verdict.said}"
        yield f"{case.way} ({case.about}): {case.text.strip()}"
        yield f"  Codex {codex}"
        yield f"  the doctor: {refused}"


def doctor(tried: Iterable[Case], version: str) -> Iterator[str | None]:
    """Why the doctor says that Codex refuses each case, None where it says that it does not."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / ".codex").mkdir()
        program = home / "bin" / "codex"
        program.parent.mkdir()
        program.write_text("")
        program.chmod(0o700)
        package = home / "package.json"
        package.write_text(f'{{"name": "@openai/codex", "version": "{version}"}}')
        environ = {"HOME": folder, "PATH": str(program.parent)}
        for case in tried:
            (home / ".codex" / "config.toml").write_text(case.text)
            fault = scan(home, None, home, environ).config.rejected
            yield None if fault is None else f"{'.'.join(map(str, fault.key))} {fault.message}"
