"""The commits that may have been checked out when a memory was made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mem0_tui.evidence.repository.history import History
from mem0_tui.evidence.staleness.question import StalenessQuestion

_ID = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True)
class CommitBaseline:
    """Where to look whether a thing was there."""

    commits: tuple[int, ...]
    """Numbers of commits of the history, the surest first."""
    why_not: str = ""
    """Where there are none: why, as a clause."""


def baseline_of(question: StalenessQuestion, history: History) -> CommitBaseline:
    """The commit that the metadata or the session name, else what was newest when the memory was
    made. A commit that is not in the history says nothing: it may have been squashed."""
    for id_ in question.commits:
        if _ID.fullmatch(id_) and (commit := history.find(id_)) is not None:
            return CommitBaseline((commit,))
    if question.created_at is None:
        return CommitBaseline((), "it is not known when it was made")
    commits = history.at(question.created_at)
    return CommitBaseline(commits, "" if commits else "it is older than the history")
