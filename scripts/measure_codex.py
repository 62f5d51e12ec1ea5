"""Measures what a released Codex takes in its files, for the doctor's rules.

    python -m scripts.measure_codex 0.171.0            # writes mem0_tui/codex/rules/0.171.0.json
    python -m scripts.measure_codex 0.171.0 --check    # the doctor against that Codex, every rule
    python -m scripts.measure_codex latest --compare   # fails where the newest release differs

Codex comes from npm into a cache folder. Measuring config.toml anew takes a quarter of an hour on
an idle machine; ``--more`` and ``--only hooks,skill`` take less.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from mem0_tui.codex import rules as kept
from scripts.codexrules import hooks as hookdocs
from scripts.codexrules import plugindocs, skills
from scripts.codexrules import unknown as passedover
from scripts.codexrules.agreement import disagreements
from scripts.codexrules.difference import differences
from scripts.codexrules.judge import Judge, native_program
from scripts.codexrules.names import candidates
from scripts.codexrules.probe import Rules
from scripts.codexrules.shape import split
from scripts.codexrules.table import table
from scripts.codexrules.tidy import tidied
from scripts.codexrules.walk import more, settings

MEASURED: Mapping[str, Callable[[Judge], Rules]] = {
    "hooks": hookdocs.hooks,
    "manifest": plugindocs.manifest,
    "marketplace": plugindocs.marketplace,
    "skill": skills.skill,
}
"""What measures each document beside config.toml."""
DOCUMENTS = ("config", *MEASURED)

_RULES = Path(kept.__file__).parent
_SEEDS = Path(__file__).parent / "codexrules" / "seeds.txt"


def main() -> int:
    """0: written, or nothing differs; 1: differences, on stdout."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("version", help="a version on npm, or latest")
    parser.add_argument("--check", action="store_true", help="try every rule on that Codex")
    parser.add_argument(
        "--compare", action="store_true", help="measure, write nothing, say what the rules lack"
    )
    parser.add_argument(
        "--more", action="store_true", help="keep what is known of config.toml, add what is not"
    )
    parser.add_argument("--only", help="documents to measure, with commas; the others are kept")
    args = parser.parse_args()
    folder = installed(args.version)
    version = _version_of(folder)
    program = native_program(folder)
    if args.check:
        return _check(program, version)
    documents = args.only.split(",") if args.only else DOCUMENTS
    text = measure(program, version, documents, more_only=args.more)
    if args.compare:
        found = list(differences(kept.measured(_numbers(version)), kept.Measured(json.loads(text))))
        print("\n".join(found) or f"Codex {version} takes what the rules say")
        return 1 if found else 0
    (_RULES / f"{version}.json").write_text(text, encoding="utf-8")
    return 0


def installed(version: str) -> Path:
    """The folder of the npm package, installed where it is not there yet."""
    base = os.environ.get("MEM0_TUI_CODEX_CACHE")
    cache = Path(base) if base else Path.home() / ".cache" / "mem0-tui-tests" / "codex"
    folder = cache / version
    if version == "latest" or not (folder / "node_modules").exists():
        command = (
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",  # why it fails belongs in the log
            "--prefix",
            str(folder),
            f"@openai/codex@{version}",
        )
        subprocess.run(command, check=True, stdout=sys.stderr)
    return folder


def _version_of(folder: Path) -> str:
    package = json.loads((folder / "node_modules/@openai/codex/package.json").read_text())
    return str(package["version"])


def _numbers(version: str) -> kept.Version:
    major, minor, patch = version.split(".")[:3]
    return int(major), int(minor), int(patch)


def measure(
    program: str, version: str, documents: Collection[str] = DOCUMENTS, *, more_only: bool = False
) -> str:
    """The text of the version's JSON file; what is not in *documents* is kept as it is.

    *more_only*: keep the rules of config.toml, too, and add those that they lack.
    """
    found: dict[str, Rules] = {}
    old = kept.measured(_numbers(version))
    known = old.document("config") if more_only else None
    with Judge(program, quick=True) as judge:
        features = _features(judge)
        if "config" in documents:
            found["config"] = _config(judge, features, known)
        found |= {name: measured(judge) for name, measured in MEASURED.items() if name in documents}
    return table(version, features, {n: found.get(n) or old.document(n) for n in DOCUMENTS})


def _tell(said: str) -> None:
    print(said, file=sys.stderr)


def _config(judge: Judge, features: Mapping[str, str], known: Mapping[str, Any] | None) -> Rules:
    names = candidates(judge.program, {*_SEEDS.read_text().split(), *_known_names()})
    if known is None:
        found = settings(judge, names, list(features), _tell)
    else:
        found = more(judge, names, known, _tell)
    rules = tidied(judge, found, names)
    passedover.mark(judge, rules, names, features)
    return rules


def _known_names() -> set[str]:
    """Names that the measured versions know; others are found in the program."""
    known = [kept.load(version) for version in kept.versions()]
    return {
        *(name for rules in known for way in rules.document("config") for name in split(way)),
        *(name for rules in known for name in rules.features),
    } - {"*", "[]"}


def _features(judge: Judge) -> Mapping[str, str]:
    rows = (line.split() for line in judge.run("features", "list").splitlines())
    return {row[0]: " ".join(row[1:]) for row in rows if len(row) > 1}


def _check(program: str, version: str) -> int:
    with Judge(program) as judge:
        found = list(disagreements(judge, kept.measured(_numbers(version)), version))
    print("\n".join(found) or "the doctor agrees with Codex in every case")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
