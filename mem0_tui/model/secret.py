"""Keeps keys from being shown whole: masks a key, and finds key-shaped parts in other text."""

from __future__ import annotations

import re

_KEY_SHAPES = r"""(?x)
      \b(?:m0-|m0sk_|sk-(?:ant-|proj-)?|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|npm_|hf_)
        [A-Za-z0-9_\-]{8,}
    | \bAKIA[0-9A-Z]{16}\b
    | \beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}
    """
_CREDENTIAL = r"(?i)\b(token|bearer)\s+([^\s,;\"']{8,})"
_PREFIX = re.compile(r"^(?:m0-|m0sk_|sk-(?:ant-|proj-)?|gh[pos]_|github_pat_|[A-Za-z]{2,5}[-_])")


def mask(key: str) -> str:
    """*key* with all but its kind and its last four characters hidden: ``m0-…abcd``.

    Keys of fewer than twelve characters are hidden entirely: four would give too much away.
    """
    if len(key) < 12:
        return "…" if key else ""
    prefix = _PREFIX.match(key)
    return f"{prefix.group() if prefix else ''}…{key[-4:]}"


def redact(text: str) -> str:
    """*text* with everything in it that looks like a key masked."""
    text = re.sub(_CREDENTIAL, lambda found: f"{found.group(1)} {mask(found.group(2))}", text)
    return re.sub(_KEY_SHAPES, lambda found: mask(found.group()), text)
