"""Whether Codex takes the front matter of a SKILL.md, and why not.

Fields are judged by what was measured of them; the rest was learnt from Codex 0.171.0. Where the
block is no YAML, Codex puts quotes around what looks like prose, line by line, and reads it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from mem0_tui.codex.facts.skills.flow import YamlFault, read_flow
from mem0_tui.codex.facts.skills.yaml import TWICE, Node, read_yaml
from mem0_tui.codex.rules import Rule

Document: TypeAlias = Mapping[str, Rule]
"""What was measured of the fields; see `mem0_tui.codex.rules`."""

_BRACKETS = frozenset("[{@`")


def fault_of(text: str, document: Document) -> str | None:
    """Why Codex skips a SKILL.md that holds *text*, as the end of a sentence; None if it does not.

    *text* is what was read, a byte order mark at its beginning included.
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if lines[0].strip() != "---":
        mark = text.startswith("\ufeff")
        return (
            "begins with a byte order mark"
            if mark
            else "has no front matter (a block between two lines of ---)"
        )
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        return "has front matter that does not end"
    if end == 1:
        return "has empty front matter"
    return _fault(lines[1:end], document)


def _fault(lines: list[str], document: Document) -> str | None:
    try:
        return _fields_fault(read_yaml("\n".join(lines)), document)
    except YamlFault as fault:
        quoted = list(_quoted(lines))
        if quoted != lines:
            try:
                return _fields_fault(read_yaml("\n".join(quoted)), document)
            except YamlFault:
                pass
        return _message(fault, lines)


def _message(fault: YamlFault, lines: list[str]) -> str:
    line = lines[fault.line] if fault.line is not None and fault.line < len(lines) else ""
    name = line.partition(":")[0].strip()
    field = f"a value of {name} that " if re.fullmatch(r"[\w-]+", name) and ":" in line else ""
    return f"has {field or 'front matter that '}{fault}"


def _fields_fault(found: Node, document: Document) -> str | None:
    """Why Codex does not take what the front matter holds.

    Raises:
        YamlFault: a field is of a kind that Codex cannot read, which it treats like no YAML.
    """
    if not isinstance(found, dict):
        raise YamlFault("is not a list of names and values")
    twice = found.get(TWICE)
    if name := next((n for n in document if isinstance(twice, list) and n in twice), None):
        raise YamlFault(f"has {name} twice")
    for name, rule in document.items():
        value = _field(found, name)
        if value is not None and not set(_kinds(value)) & set(rule["is"]):
            wanted = "text" if "s" in rule["is"] else "a table"
            raise YamlFault(f"gives something else than {wanted} for {name}")
    for name, rule in document.items():
        length = len(" ".join(str(_field(found, name) or "").split()))
        if length > rule.get("longest", length):
            return f"has a {name} of more than {rule['longest']} characters"
        if length == 0 and rule.get("filled"):
            return f"has no {name} in its front matter"
    return None


def _field(found: Node, name: str) -> Node:
    """The value of the field *name*, such as ``metadata.short-description``."""
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _kinds(value: Node) -> str:
    """The letters of a value's kind, see `mem0_tui.codex.rules`; text may be any scalar."""
    if isinstance(value, str):
        return "sbif"
    return "a" if isinstance(value, list) else "t" if isinstance(value, dict) else "n"


def _quoted(lines: list[str]) -> Iterator[str]:
    """*lines* with quotes around values that are prose: a colon in them, or a bracket first."""
    block: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            yield line
            continue
        block = None
        key, colon, value = line.partition(":")
        text = value.lstrip()
        if colon and key.strip() and value[:1].isspace() and text[:1] in ("|", ">"):
            block = indent
        if not (colon and key.strip() and value[:1].isspace() and _is_prose(text)):
            yield line
            continue
        comment = re.search(r"\s#", text)
        end = len(text) if comment is None else comment.start()
        escaped = text[:end].rstrip().replace("'", "''")
        yield f"{key}: '{escaped}'{text[end:]}"


def _is_prose(value: str) -> bool:
    text = re.split(r"\s#", value, maxsplit=1)[0].rstrip()
    if not text or text[0] in "\"'|>#":
        return False
    if re.search(r":\s", text):
        return True
    if text[0] not in _BRACKETS:
        return False
    try:
        return text[0] in "@`" or read_flow(text)[1] != len(text)
    except YamlFault:
        return True
