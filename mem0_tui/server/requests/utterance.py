"""What a message of a conversation is: a question, a call of a skill, a request, a statement.

This server runs no language model, so it goes by the form of what was said. Question marks and
skill calls are told in every language; questions without a mark, requests, short replies and
lasting statements in eleven: English here, the others in `mem0_tui.server.requests.question` and
`mem0_tui.server.requests.phrases`.
"""

from __future__ import annotations

import re
from typing import Final

from mem0_tui.model.words import words_of
from mem0_tui.server.requests.phrases import REPLIES, asks_to, holds_beyond, is_reply
from mem0_tui.server.requests.question import MARKS, asks

QUESTION: Final = "a question"
SKILL: Final = "a call of a skill or command"
SHORT: Final = "a single word"
REPLY: Final = "no more than a short reply"
REQUEST: Final = "a request"

_QUOTED = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\"[^\"\n]*\"|“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|「[^」\n]*」|『[^』\n]*』"
    r"|\bhttps?://\S+",
    re.DOTALL,
)
"""What is quoted in a message, whose question marks ask nothing."""
_END = f".!;；。！\\n{MARKS}"
_SENTENCE = re.compile(f"[^{_END}]*[{_END}]*")
_SKILL = re.compile(
    r"(?:use |run )?\[?\$[a-z][\w:.-]*(?=[\s\])!?.,]|$)"
    r"|/[a-zA-Z][\w:.-]*(?=\s|$)"
    r"|![a-zA-Z./]|<(?:skill|command-(?:name|message|args))\b"
)
"""``$skill`` (in lower case, unlike a variable), ``/command`` (one name, unlike a path), ``!shell``
and the elements that hosts write in their place."""
_FOLDER = re.compile(r"/(?:bin|boot|dev|etc|home|lib|mnt|opt|proc|root|srv|sys|tmp|usr|var)\b")
_REPLIES: Final = REPLIES.union(
    words_of(
        "a again ahead all alright and continue cool do done fine go good got great i it just keep"
        " let lets lgtm looks lot much next nice no nope noted now of ok okay on perfect please"
        " proceed re resume retry right s saved set so sounds stop sure thank thanks that thats the"
        " then there thx try understood very welcome well will works yeah yep yes you"
    )
)
"""Words of which a message says nothing when it has no others."""
_LASTING = re.compile(
    r"(?:please |also |and |but |so |btw,? |ok(?:ay)?,? )*"
    r"(?:(?:i|we|my team|our team)(?: (?:all|both|really|also|usually|generally|mostly|strongly))*"
    r" (?:prefer|like|love|enjoy|hate|dislike|favou?r|avoid|always|never|use|deploy|release|host|"
    r"store|keep|call|work|live|decided|agreed|chose|settled|own|maintain|do not|don't|don’t)\b"
    r"|(?:i|we)(?:'m|’m|'re|’re| am| are| was| were)\s(?!\w+ing\b)"
    r"|(?:i|we)(?:'ve|’ve| have) (?:decided|agreed|chosen|settled)\b"
    r"|(?:my|our) [\w'’-]+(?: [\w'’-]+){0,4}? (?:is|are|was|were|lives?|runs?|uses?|needs?)\b"
    r"|always|never|remember|keep in mind|bear in mind|don't forget|don’t forget|do not forget"
    r"|from now on|in (?:the )?future|going forward|by default|for the record|note that|fyi"
    r"|don't|don’t|do not|avoid|prefer)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:please|pls|let's|let’s|i(?:'d|’d| would) like (?:you )?to|i (?:want|need)|we (?:want|need)"
    r"|now|then|next|also|add|adjust|apply|build|bump|change|check|clean|commit|compare|convert|"
    r"create|debug|delete|describe|document|download|draft|drop|edit|ensure|explain|extend|extract"
    r"|fetch|find|finish|fix|format|generate|get|give|go|help|implement|improve|inspect|install|"
    r"investigate|list|look|make|merge|migrate|move|open|optimi[sz]e|plan|print|push|put|read|"
    r"rebase|refactor|remove|rename|replace|resolve|revert|review|rewrite|run|search|set|show|"
    r"simplify|sort|split|start|summari[sz]e|take|tell|test|translate|tr[iy]|turn|undo|update|"
    r"upgrade|use|verify|walk|work|write)\b",
    re.IGNORECASE,
)


def worthless(text: str, *, asked: bool) -> str | None:
    """Why *text* would not help when it is recalled, as a noun phrase; None where it may.

    Args:
        text: the message.
        asked: whether it is a prompt; a prompt that asks anything is a question, while an answer
            may end in one.
    """
    plain = _QUOTED.sub(" it ", text).strip()
    if asked and _SKILL.match(text.lstrip()) and not _FOLDER.match(text.lstrip()):
        return SKILL
    words = words_of(text)
    if len(words) < 2:
        return QUESTION if asks(plain) else SHORT
    if all(word in _REPLIES for word in words) or is_reply(text):
        return REPLY
    if asked:
        return QUESTION if asks(plain) else None
    told = " ".join(part for part in _SENTENCE.findall(plain) if not asks(part))
    words = words_of(told)
    return QUESTION if len(words) < 2 or all(word in _REPLIES for word in words) else None


def is_lasting(text: str) -> bool:
    """Whether *text* says something that holds beyond the task: a preference, a rule, a fact of
    the person or the team."""
    parts = [part.strip() for part in _SENTENCE.findall(_QUOTED.sub(" ", text))]
    return any(_LASTING.match(part) or holds_beyond(part) for part in parts)


def is_request(text: str) -> bool:
    """Whether *text* begins as what somebody asks to be done."""
    asked = _REQUEST.match(text.strip()) is not None or asks_to(text)
    return asked and not is_lasting(text)
