"""The sentences that plugin 0.2 puts behind the memories, read from its own script.

``on_user_prompt.sh`` of mem0 plugin 0.2.13 looks for patterns in the prompt, and appends a sentence
for each that it finds, for the first prompt of a session always one. What a script does in another
way is not guessed at.
"""

from __future__ import annotations

import re

JOIN = "\\n"
"""Between two parts: the shell writes these two characters, and no line break."""
_SENTENCE = re.compile(
    r'^if \[ -(n|z) "\$(\w+)" \]; then\n'
    r'\s*_PROMPT_CTX="\$\{_PROMPT_CTX:\+\$\{_PROMPT_CTX\}\\n\}([^"]*)"',
    re.M,
)
_SEARCH = re.compile(r"grep -([a-zA-Z]+) '([^']*)'")
_AT_LEAST, _FIRST = re.compile(r"-ge (\d{1,3})"), re.compile(r"head -(\d{1,3})")
_SHOWN_BEFORE, _RESUMES = "RUBRIC_ALREADY_SHOWN", "HAS_RESUME"
"""Whether an earlier prompt of the session was told; whether this one goes on with former work."""


class UnknownScriptError(ValueError):
    """The script does something else than is known here."""


def asks_to_resume(script: str, prompt: str) -> bool:
    """Whether the script takes *prompt* for a question where work was left: it searches in another
    way then."""
    return f"\n{_RESUMES}=" in script and bool(_detected(script, _RESUMES, prompt))


def sentences(script: str, prompt: str) -> list[str]:
    """What the text *script* appends for *prompt*, the first of a session.

    Raises:
        UnknownScriptError: it cannot be told.
    """
    found = []
    for test, name, sentence in _SENTENCE.findall(script):
        value = "" if name == _SHOWN_BEFORE else _detected(script, name, prompt)
        if bool(value) == (test == "n"):
            found.append(sentence.replace(f"${{{name}}}", value))
    if not found or any(sign in each for each in found for sign in ("$", "`", "\\")):
        raise UnknownScriptError
    return found


def _detected(script: str, name: str, prompt: str) -> str:
    """The value that the variable *name* gets; blank where the prompt has nothing of it."""
    begins = re.search(rf"^{name}=", script, re.M)
    if begins is None:
        raise UnknownScriptError
    part = re.split(r"^fi$|\n\n", script[begins.start() :], maxsplit=1, flags=re.M)[0]
    lines = prompt.rstrip("\n").split("\n")
    searches = _SEARCH.findall(part)
    if not searches:
        raise UnknownScriptError
    for options, pattern in searches:
        try:
            wanted = re.compile(pattern, re.I if "i" in options else 0)
        except re.error:
            raise UnknownScriptError from None
        if "o" in options:
            most = _FIRST.search(part)
            matches = [match[0] for line in lines for match in wanted.finditer(line)]
            return "\n".join(matches[: int(most[1]) if most else None])
        least = _AT_LEAST.search(part)
        needed = int(least[1]) if "c" in options and least else 1
        if sum(wanted.search(line) is not None for line in lines) >= needed:
            return "true"
    return ""
