"""Where Codex looks for a plugin's skills, and which SKILL.md it takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.codex.homes import Scenario
from tests.codex.scenarios.manifest import made, says

SKILL = "---\nname: {}\ndescription: {}\n---\n# Text\n"


def _add(place: str, text: str | bytes = "") -> Callable[[Path], None]:
    """One more SKILL.md in the folder *place*."""

    def change(root: Path) -> None:
        path = root / place / "SKILL.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text or SKILL.format("more", "Does more with memories.")
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


def _both(*changes: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


def _s(name: str, change: Callable[[Path], object], broken: bool = False) -> Scenario:
    areas, findings = ("skills=warn", "skills.broken") if broken else ("", "")
    return Scenario(f"s_{name}", made(change), areas, findings, "plugin")


def _described(name: str, value: str, broken: bool = False) -> Scenario:
    return _s(name, _add("skills/more", SKILL.format("more", value)), broken)


def _deep(levels: int) -> str:
    return "/".join(["skills", *(f"level{n}" for n in range(1, levels + 1))])


def _elsewhere(root: Path) -> None:
    (root / "skills").rename(root / "abilities")


SCENARIOS = [
    # Where they are.
    _s("list", says(skills=["./skills/"])),
    _s("list_of_two", _both(says(skills=["./skills", "./more"]), _add("more/one"))),
    _s("list_once_each", says(skills=["./skills", "./skills/pin"])),
    _s("list_with_no_path", _both(_elsewhere, says(skills=["skills", "./abilities"]))),
    _s("list_of_numbers", says(skills=["./abilities", 1])),
    _s("list_empty", says(skills=[])),
    Scenario(
        "s_list_elsewhere",
        made(says(skills=["./abilities"])),
        "skills=fail",
        "skills.none",
        "plugin",
    ),
    _s("at_the_top", _add("skills")),
    _s("below_another", _add("skills/pin/inner")),
    _s("six_deep", _add(_deep(6))),
    _s("seven_deep", _add(_deep(7))),
    _s("hidden", _add("skills/.draft", "no front matter")),
    # What they hold.
    _described("colon", "Use it when: the user asks"),
    _described("bracket", "[beta] does more"),
    _described("at_sign", "@mem0 does more"),
    _described("backtick", "`mem0` does more"),
    _described("quotes", '"Use it when: asked"'),
    _described("folded", ">\n  Use it: when\n  asked"),
    _described("below", "\n  Does more"),
    _described("quotes_below", '"Does\n  more"'),
    _described("comment_behind", "Does more # really"),
    _described("number", "12"),
    _described("exclamation", "!Does more"),
    _described("colon_last", "Use it when:", True),
    _described("ampersand", "& more", True),
    _described("anchor_only", "&more", True),
    _described("star", "*more", True),
    _described("percent", "%more", True),
    _described("dash", "- more", True),
    _described("question", "? more", True),
    _described("comment", "# more", True),
    _described("list_value", "[a, b]", True),
    _described("null", "~", True),
    _described("blank", '"  "', True),
    _described("escape", '"\\q"', True),
    _described("quotes_open", '"more', True),
    _described("twice", "a\ndescription: b", True),
    _described("tab", "a\nmetadata:\n\tshort-description: b", True),
    _described("bare_line", "a\nmore", True),
    _described("other_field", "a\nargument-hint: [id]"),
    _described("other_list", "a\nallowed-tools:\n- Read\n- Bash(git log:*)"),
    _described("metadata_number", "a\nmetadata: 1", True),
    _described("metadata_text", "a\nmetadata:\n  short-description: 1"),
    _described("metadata_list", "a\nmetadata:\n  short-description:\n    - b", True),
    _described("large", "a" * (1 << 19)),
    _s("name_64", _add("skills/more", SKILL.format("n" * 64, "d"))),
    _s("name_65", _add("skills/more", SKILL.format("n" * 65, "d")), True),
    _s("name_list", _add("skills/more", SKILL.format("[more]", "d")), True),
    _s("name_none", _add("skills/more", "---\ndescription: d\n---\n")),
    _s("indented", _add("skills/more", "---\n  name: more\n  description: d\n---\n")),
    _s("braces", _add("skills/more", "---\n{name: more, description: d}\n---\n")),
    _s("line_ends", _add("skills/more", SKILL.format("more", "d").replace("\n", "\r\n"))),
    _s("mark", _add("skills/more", "\ufeff" + SKILL.format("more", "d")), True),
    _s("blank_first", _add("skills/more", "\n" + SKILL.format("more", "d")), True),
    _s("open", _add("skills/more", "---\nname: more\ndescription: d\n"), True),
    _s("latin", _add("skills/more", b"---\nname: more\ndescription: caf\xe9\n---\n"), True),
    _s("long", _add("skills/more", SKILL.format("more", "d") + "x\n" * 200_000)),
]
