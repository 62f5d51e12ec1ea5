"""What plugin 0.2 adds to a prompt: the memories that its hook looks for (mem0 plugin 0.2.13).

It always talks to Mem0's own service. Behind the memories it puts sentences of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mem0_tui.codex.capture.request import search
from mem0_tui.codex.facts.environment import codex_environment
from mem0_tui.codex.facts.identity import read_identity
from mem0_tui.codex.facts.keys import VARIABLE
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.files.text_file import read
from mem0_tui.codex.prompt.block import PromptBlock, PromptEntry
from mem0_tui.codex.prompt.former_sentences import (
    JOIN,
    UnknownScriptError,
    asks_to_resume,
    sentences,
)
from mem0_tui.codex.prompt.planned import Planned
from mem0_tui.hooks.server import HOSTED

COUNT, THRESHOLD, SHORTEST = 5, 0.3, 20
_HEADING = re.compile(r"heading='(Relevant[^']*)'")
"""The heading of a hook that looks for memories by the prompt; older ones have none."""
_MOST_OF_ONE = 200
_OWN = "the plugin adds sentences of its own after it"
_LATER = "shown as for the first prompt of a session; from the third on it may add a sentence more"
_RESUMES = (
    "the prompt asks where work was left: the plugin looks for the state of the last session"
    " instead, which is not shown here"
)
_OFF = ("0", "false", "no", "off", "")


def former_block(
    script: str,
    homes: Homes,
    prompt: str,
    deadline: float,
    planned: Planned | None = None,
    *,
    url: str = HOSTED,
) -> PromptBlock:
    """The memories that the hook *script* (``on_user_prompt.sh``) adds; it asks *url*."""
    environ = codex_environment(homes)
    program = read(script).text
    heading = _HEADING.search(program)
    if len(prompt) < SHORTEST:
        return PromptBlock(
            nothing=f"the prompt has fewer than {SHORTEST} characters: nothing is added"
        )
    if environ.get("MEM0_AUTO_SEARCH", "true") == "false":
        return PromptBlock(nothing="MEM0_AUTO_SEARCH switches the search off")
    if heading is None:
        return PromptBlock(nothing="it searches for nothing; it tells the model to search")
    if not environ.get(VARIABLE):
        return PromptBlock(nothing=f"{VARIABLE} is not set")
    if asks_to_resume(program, prompt):
        return PromptBlock(nothing=_RESUMES)
    if environ.get("MEM0_PREFETCH", "true") == "false":
        return _with_sentences(PromptBlock(nothing="MEM0_PREFETCH = false"), program, prompt)
    after = Planned() if planned is None else planned
    identity = read_identity(homes.replace(environ=environ))
    body: dict[str, object] = {
        "query": prompt,
        "top_k": after.most(COUNT),
        "threshold": THRESHOLD,
        "filters": {"AND": [{"user_id": identity.user}, {"app_id": identity.app}]},
    }
    if environ.get("MEM0_RERANK", "on").strip().lower() not in _OFF:
        body["rerank"] = True
    answer = search(url, environ[VARIABLE], body, deadline)
    if answer.problem:
        return _with_sentences(PromptBlock(nothing=answer.problem), program, prompt)
    left = [row for row in answer.rows if text(row.get("id")) not in after.gone][:COUNT]
    if not left:
        nothing = PromptBlock(nothing="the search finds nothing")
        return _with_sentences(nothing, program, prompt)
    lines, entries = _lines(left, after)
    notes = () if planned is None else planned.notes([entry.id for entry in entries])
    made = "\n".join((f"### {heading[1]}", "", *lines))
    return _with_sentences(PromptBlock(made, tuple(entries), notes=notes), program, prompt)


def _with_sentences(block: PromptBlock, script: str, prompt: str) -> PromptBlock:
    """*block*, and behind it what the script says by itself."""
    try:
        own = sentences(script, prompt)
    except UnknownScriptError:
        return block.replace(notes=(*block.notes, _OWN))
    parts = [block.text, *own] if block.text else own
    notes = (f"no memory is in it: {block.nothing}",) if block.nothing else ()
    return PromptBlock(JOIN.join(parts), block.entries, notes=(*block.notes, *notes, _LATER))


def _lines(
    rows: Iterable[Mapping[str, object]], planned: Planned
) -> tuple[list[str], list[PromptEntry]]:
    lines: list[str] = []
    entries: list[PromptEntry] = []
    for rank, row in enumerate(rows, 1):
        id_ = text(row.get("id")) or "?"
        own = planned.texts.get(id_) or text(row.get("memory")) or ""
        type_ = table(row.get("metadata")).get("type", "unknown")
        kind = planned.kinds.get(id_, type_)
        lines.append(f"- [{kind}] {own[:_MOST_OF_ONE]} [mem0:{id_[:8]}]")
        score = row.get("score")
        number = float(score) if isinstance(score, int | float) else None
        entries.append(PromptEntry(rank, id_, own, number))
    return lines, entries
