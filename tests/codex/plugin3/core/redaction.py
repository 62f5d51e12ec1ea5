"""Takes keys out of what is sent and shown."""

from __future__ import annotations

import re

_NAMES = (
    r"(?:api_key|secret_access_key|session_token|access_token|refresh_token|password|credential)"
)
_SHAPES = (
    re.compile(r"(?i)(Authorization:\s*(?:Bearer|Token)\s+)\S+"),
    re.compile(rf"(?i)(\b{_NAMES}\s*=\s*)[^\s,;]+"),
    re.compile(rf'(?i)("{_NAMES}"\s*:\s*")[^"]+'),
    re.compile(r"()\b(?:sk-|m0-|mem0_sk-|psk-)[A-Za-z0-9_-]{12,}"),
    re.compile(r"()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"()\b(?:ghp_|github_pat_|xox[a-z]-)[A-Za-z0-9_-]+"),
    re.compile(r"()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----"),
)


def redacted(text: str) -> str:
    """*text* with ``[REDACTED]`` in the place of each key."""
    for shape in _SHAPES:
        text = shape.sub(r"\1[REDACTED]", text)
    return text
