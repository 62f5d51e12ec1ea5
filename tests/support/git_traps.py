"""A repository whose configuration names a program wherever one can be named."""

from __future__ import annotations

import shutil
from pathlib import Path


def set_traps(folder: Path, mark: Path) -> None:
    """Have the configuration name a program, which leaves a file, wherever one can be named."""
    program = folder / ".git" / "leave-a-mark"
    program.write_text(f"#!/bin/sh\necho \"$0\" >> '{mark}'\n")
    program.chmod(0o755)
    (folder / ".git" / "included").write_text(f"[core]\n\tpager = {program}\n")
    (folder / ".git" / "hooks").mkdir(exist_ok=True)
    for hook in ("post-index-change", "post-checkout", "reference-transaction"):
        shutil.copy(program, folder / ".git" / "hooks" / hook)
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "attributes").write_text("* diff=trap filter=trap\n")
    with (folder / ".git" / "config").open("a") as config:
        config.write(
            f"""
[core]
	fsmonitor = {program}
	sshCommand = {program}
	editor = {program}
	hooksPath = {folder / ".git" / "hooks"}
	worktree = {folder}
	alternateRefsCommand = {program}
	gitProxy = {program}
[diff]
	external = {program}
[diff "trap"]
	textconv = {program}
	command = {program}
[filter "trap"]
	smudge = {program}
	clean = {program}
	process = {program}
	required = true
[log]
	showSignature = true
[gpg]
	program = {program}
[credential]
	helper = {program}
[alias]
	log = !{program}
	ls-tree = !{program}
[include]
	path = included
[remote "origin"]
	url = ext::{program}
	promisor = true
	partialclonefilter = blob:none
[extensions]
	partialClone = origin
"""
        )
