"""What plugin 0.3 takes out of a text before Codex sees it (mem0 plugin, core 0.3.3).

This tells what the plugin does; what this program hides of secrets is in ``model/secret``.
"""

from __future__ import annotations

import re

_NAMES = "api_key|secret_access_key|session_token|access_token|refresh_token|password|credential"
_TAKEN_OUT = "[REDACTED]"
_RULES = (
    # what introduces a value, and the value
    (re.compile(r"(?i)(authorization:\s*(?:bearer|token)\s+)(\S+)"), True),
    (re.compile(rf"(?i)(\b(?:{_NAMES})\s*=\s*)([^\s,;]+)"), True),
    (re.compile(rf'(?i)("(?:{_NAMES})"\s*:\s*")([^"]+)'), True),
    # values that are known by their form
    (re.compile(r"\b(?:sk|m0|mem0_sk|psk)-[\w-]{12,}", re.ASCII), False),
    (re.compile(r"\bA(?:K|S)IA[A-Z0-9]{16}\b"), False),
    (re.compile(r"\b(?:ghp_|github_pat_|xox[a-z]-)[\w-]+", re.ASCII), False),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S), 0),
)


def redacted(text: str) -> str:
    """*text* as the plugin hands it on."""
    for rule, introduced in _RULES:
        text = rule.sub(rf"\g<1>{_TAKEN_OUT}" if introduced else _TAKEN_OUT, text)
    return text
