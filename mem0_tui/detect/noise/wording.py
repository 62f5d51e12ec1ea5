"""Noise that is known by its wording, whoever wrote it.

Each test is about the whole text: a rule that speaks of heartbeats, tests or AGENTS.md is no noise.
"""

from __future__ import annotations

import re
from enum import StrEnum


class NoiseKind(StrEnum):
    """What sort of noise it is, as people are told."""

    TURNS = "notes of one session"
    BOOT = "an instruction file, imported again"
    RESTATED = "an instruction file, restated"
    RECALLED = "recalled memories, stored again"
    HEARTBEAT = "heartbeats"
    PROBE = "health probes"
    PROMPT = "prompts of a word or two"
    OUTPUT = "output of tools"
    STATUS = "status lines of one form"


_RECALLED = re.compile(
    r"(?:[^\n]{0,60}?[:\s])?(?:<\s*/?(?:mem0[\w-]*|recalled[-_]?memor\w+|relevant[-_]memor\w+"
    r"|memory[-_]context|memories|memory|long[-_]term[-_]memor\w+)\b[^>\n]{0,200}>"
    r"|#{1,4}\s*(?:recalled|relevant|retrieved|related)\s+(?:\w+\s+){0,2}memor\w+"
    r"|(?:\*\*)?(?:recalled|relevant|retrieved|related"
    r"|stored)\s+(?:\w+\s+){0,2}memor\w+[^\n:]{0,60}:"
    r"|recalled from memory\b[^\n:]{0,40}:"
    r"|mem0 found (?:these|the following|\d+)\b[^\n:]{0,80}:"
    r"|(?:the assistant|the agent|codex|the model|i) (?:was|were|has been) (?:given|shown) (?:these"
    r"|the following|\d+)\s+(?:\w+\s+)?memor\w+\b"
    r"|(?:here are|these are|following are) (?:the |some )?(?:relevant|recalled|stored|related)"
    r"\s+(?:\w+\s+)?memor\w+"
    r"|(?:context|notes?|results?|facts?|information)\s+(?:returned |found )?(?:from|in) (?:mem0"
    r"|(?:the )?memory)\b[^\n:]{0,40}:"
    r"|search(?:ing|es)? (?:of |in )?(?:the |mem0 )?(?:memor\w+ )?(?:returned|found"
    r"|gave)\b[^\n:]{0,40}:"
    r"|(?:the assistant|the agent|codex|the model|i) (?:recalled|remembered|retrieved|found) [^\n:]"
    r"{0,40}memor\w+[^\n:]{0,40}:"
    r"|(?:the |these )?(?:following )?memories (?:were|have been) (?:retrieved|recalled|found"
    r"|loaded)\b"
    r"|(?:using )?recalled (?:context|facts|notes)\b[^\n:]{0,40}:"
    r"|memory search results?\b[^\n:]{0,40}:|search_memories (?:returned|result)[^\n:]{0,40}:)",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"<\s*((?:mem0|recalled|relevant|memor)[\w-]*)\b[^>]{0,200}>.*?(?:</\s*\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_FILE = (
    r"(?:(?:[\w./~-]*/)?(?:AGENTS|CLAUDE|GEMINI|SOUL|IDENTITY|TOOLS|HEARTBEAT|BOOTSTRAP"
    r"|CODEX)(?:\.\w+)?"
    r"\.md|\.cursorrules|\.windsurfrules|(?:\.github/)?copilot-instructions\.md)"
)
_SAYS = (
    r"(?:says|states|instructs|tells|requires?|specifies|mandates|contains|reads|defines|notes"
    r"|outlines|told|said|stated)\b"
)
_RESTATED = re.compile(
    rf"#+\s*{_FILE}(?:\s+instructions\b|\s*$|\s*\n)"
    r"|(?:the )?(?:contents?|text|instructions?|rules)\s+(?:of|from|in)\s+(?:the )?(?:\w+ )?"
    rf"{_FILE}\s*(?:\([^()\n]{{0,40}}\)\s*)?(?::|(?:are|is|says?|states?|reads?)\b)"
    r"|(?:according to|as (?:stated|written|described|required) (?:in|by)|as per|per|from) "
    rf"(?:the )?(?:\w+ )?{_FILE}(?!\w)"
    rf"|[^.:\n]{{0,50}}{_FILE}(?:\[\d+/\d+\])?\)?(?:\s+(?:file|of|in|for)\s+[\w./-]+)?\s*"
    r"(?:(?:rules|instructions|guidelines)\s*(?=:))?"
    rf"(?::\s|(?:file |which |that |instructions )?{_SAYS}(?!\s+(?:only|how|where|who|when)\b)"
    r"[^.]{0,40}(?::\s|\bthat\b|\bto\b))"
    r"|<user_instructions>|codebase and user instructions are shown below",
    re.IGNORECASE,
)
_SOURCED = re.compile(
    rf"\((?:as )?(?:from|stated in|in|per|source:?|see|according to|via)\s+{_FILE}\)\W*$",
    re.IGNORECASE,
)
_WRAPPER = re.compile(
    r"(?:the )?user(?:'s prompt was| just)?\s*(?:said|says|asked|typed|replied|wrote|answered"
    r"|responded|prompted|sent|entered|confirmed|requested|prompt|input|message)?\s*(?:that|with|to"
    r"|:)?\s+|prompt:\s*|message:\s*|user:\s*",
    re.IGNORECASE,
)
PUNCTUATION = str.maketrans(dict.fromkeys("\"'`.,;:!?()[]{}<>#*_/|\\-=@~^&+%$«»“”‘’…", " "))


def _words(block: str) -> frozenset[str]:
    return frozenset(block.split())


_STAMP = re.compile(r"[0-9a-f]{6,}$")
_PROBE_CORE = _words(
    """
    test testing ping pong probe probing healthcheck smoketest hello smoke dummy selftest asdf foo
    sample
    """
)
_CHECKED, _CHECK = (
    _words("health connectivity connection smoke verify"),
    _words("check checks probe ok works working"),
)
_PROBE = _PROBE_CORE | _words(
    """
    mem0 memory memories health connectivity connection check checks checking test probe number no
    world hi this is a an the just please ignore me delete of for from at on ok okay passed works
    working work successful success if whether that can you server mcp tool api hook hooks entry
    message sample example foo bar baz store stored storing add added save saved write read one two
    three setup install installation verify verification verifying does it id run user assistant
    agent codex write read round trip to and with new first second disregard safe remove tui doctor
    utc t
    """
)
_HEART_CORE = _words("heartbeat heartbeats heartbeatok keepalive alive tick")
_CLOCKED = _words("cron scheduled periodic idle poll polling beat check checked activity events")
_QUIET = _words("nothing no quiet waiting ok healthy")
"""What a program that only looked says beside what woke it."""
_HEART = _HEART_CORE | _words(
    """
    ok okay still keep cron ack acknowledged received sent no new activity message messages nothing
    to report do status idle running all good well session agent assistant user system worker
    scheduler the a an at since last check checked checks poll polled passed and is was are with
    replied responded returned reply response md file read run ran job from for of needs attention
    task tasks pending due t utc quiet answered answer sends sending changes change
    action needed completed complete periodic scheduled waiting here now time beat every
    minutes minute seconds number healthy up online ping polling event events by finished in we i
    it everything fine clear updates update
    """
)
_REPLY = _words(
    """
    yes no ok okay sure thanks thank you go on ahead continue please do it that this looks good
    great perfect fine next again try stop wait done nice cool yep nope yeah lgtm more keep going
    carry right correct hi hello hey bye proceed resume retry undo commit push ship help clear exit
    quit compact status k y n thx ty awesome agreed approved approve confirmed so one all now just
    same sounds and
    """
)
_ASKED = _REPLY | _words(
    """
    run fix test tests build deploy merge revert rebase update open show explain check format lint
    the them everything code changes branch app server diff log logs again type types suite errors
    """
)
"""Words of a prompt that only makes sense after the one before."""
_OUTPUT_HEAD = re.compile(
    r"(?:tool (?:output|result|response)|command output|output of [^\n:]{1,60}|stdout|stderr"
    r"|terminal output|function_call_output|\[tool_result\]|exit code:? \d+"
    r"|process exited)\b[^\n]{0,60}"
    r"(?::|\n)|\$ \S[^\n]*\n",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"std(?:out|err):\s|Traceback \(most recent call last\)|diff --git a/|added \d+ packages? in \d"
    r"|Successfully installed \S+-\d|=+ (?:test session starts|\d+ (?:passed|failed))",
)
_OUTPUT_LINE = re.compile(
    r"\s*(?:PASS|FAIL|ERROR|WARN|INFO|DEBUG|OK|not ok|ok)\b|\s*[✓✔✗✘√×●○]\s|\s*\d+ (?:passed|failed"
    r"|files? changed)|\s*\[[^\]\n]{1,30}\]\s|\s*\d{4}-\d\d-\d\d[T ]\d\d:|\s*\d\d:\d\d:\d\d\b"
    r"|npm (?:WARN"
    r"|ERR|notice)|Traceback|\s+File \"|\s+at \S+[ (].*:\d+|[-dlrwxst]{10}[ .@+]|[+-]{3} [ab/]|@@ "
    r"|diff --git|index [0-9a-f]{7}|\s+(?:modified|new file|deleted):|(?:\?\?|[ MADRU]{2}) \S+$"
    r"|On branch"
    r"|\S+:\d+(?::\d+)?:? |[=\-_*#]{5,}|\s*\d+(?:\.\d+)?%|Collecting |Downloading |Installing "
    r"|Requirement"
    r"|Successfully |\s*Compiling |\s*Running |warning[:\[]|error[:\[]|\$ |> "
    r"|\s*\d+\s+\S+\s+\S+\s+\S+"
    r"|total \d+|added \d+ packages|NAME\s+\S+|\S+\s+\d+/\d+\s"
    r"|\S+\s+(?:Running|Pending|Completed|CrashLoop\w+)\s",
)
_FEWEST_LINES, _OUTPUT_SHARE = 6, 0.6
_LONGEST_PROBE, _LONGEST_REPLY = 12, 4
_LONGEST_EMOJI = 3
_SHORT, _HEAD = 120, 60
_OF_MEMORY = re.compile(
    r"\bmemories\b|\bmem0\b|\bfrom (?:the )?memory\b|\brecalled\b"
    r"|\bI (?:remember|recall) about (?:this|the|your) (?:project|repo\w*|code ?base|user)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*\u2022]|\d+[.)])\s")


def recalled(text: str) -> bool:
    """Whether *text* is a block of recalled memories, or little more."""
    head = text[:240].lower()
    if ("memor" not in head and "mem0" not in head) or not _RECALLED.match(text):
        return False
    if "<" in text[:80] and _BLOCK.search(text):
        return len(_BLOCK.sub("", text).strip()) * 3 <= len(text)
    return True


def listed(text: str) -> bool:
    """Whether *text* is a list under a line that speaks of memories."""
    head, _, rest = text.partition("\n")
    if len(head) > _HEAD or not head.rstrip(" *").endswith(":") or not _OF_MEMORY.search(head):
        return False
    lines = [line for line in rest.split("\n") if line.strip()]
    return bool(lines) and all(_ITEM.match(line) for line in lines[:5])


def restated(text: str) -> bool:
    """Whether *text* says of itself that it repeats what an instruction file says."""
    low = text[:400].lower()
    if ".md" not in low and "rules" not in low and "instructions" not in low:
        return False
    return bool(_RESTATED.match(text.lstrip(" *>-")) or _SOURCED.search(text[-80:]))


def of_wording(text: str) -> NoiseKind | None:
    """What sort of noise *text* is by its words, None for anything else."""
    if len(text) < _SHORT:
        words = text.lower().translate(PUNCTUATION).split()
        if len(words) <= _LONGEST_PROBE:
            plain = frozenset(word for word in words if not _is_number(word))
            if plain <= _HEART and _beats(plain):
                return NoiseKind.HEARTBEAT
            if plain <= _PROBE and _probes(plain):
                return NoiseKind.PROBE
            if len(words) <= _LONGEST_REPLY + 5 and _is_reply(text.strip()):
                return NoiseKind.PROMPT
    return NoiseKind.OUTPUT if is_output(text) else None


def _is_number(word: str) -> bool:
    return word[0].isdigit() or _STAMP.match(word) is not None


def _beats(words: frozenset[str]) -> bool:
    woken = not words.isdisjoint(_CLOCKED) and not words.isdisjoint(_QUIET)
    return woken or not words.isdisjoint(_HEART_CORE)


def _probes(words: frozenset[str]) -> bool:
    checked = not words.isdisjoint(_CHECKED) and not words.isdisjoint(_CHECK)
    return checked or not words.isdisjoint(_PROBE_CORE)


def _is_reply(text: str) -> bool:
    """Whether *text* is a prompt that says nothing by itself: a word, a command, «go on»."""
    wrapper = _WRAPPER.match(text)
    inner = text[wrapper.end() :] if wrapper else text
    inner = inner.strip(" \t\n\"'“”‘’«»`.!?,;:")
    words = inner.lower().split()
    if not any(character.isalnum() for character in inner):
        return len(inner) <= _LONGEST_EMOJI
    if len(words) == 1:
        return words[0].isascii() and (words[0].lstrip("/").strip(".").isalpha())
    known = _REPLY if len(words) > 3 else _ASKED
    return len(words) <= _LONGEST_REPLY and all(word.strip(".,!?") in known for word in words)


def is_output(text: str) -> bool:
    """Whether *text* is mostly what a command printed."""
    if _PRINTED.match(text):
        return True
    if _OUTPUT_HEAD.match(text):
        return text.count("\n") >= 1
    if text.count("\n") < _FEWEST_LINES - 1:
        return False
    lines = [line for line in text[:8_000].split("\n") if line.strip()]
    like = sum(bool(_OUTPUT_LINE.match(line)) for line in lines)
    return len(lines) >= _FEWEST_LINES and like >= _OUTPUT_SHARE * len(lines)
