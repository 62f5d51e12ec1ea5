"""Keeps keys from being shown whole: masks a key, and finds key-shaped parts in other text.

What counts are the shapes that vendors document, passwords in URLs, private keys, and values that
a text assigns to a name such as ``password``. Commit ids, UUIDs and hashes are none of these.
"""

from __future__ import annotations

import re

_KEY_SHAPES = r"""(?x)
    (?<![A-Za-z0-9])
    (?: (?:m0-|m0sk_|sk-(?:ant-|proj-|or-)?|[sr]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|gsk_
           |xox[abeprs]-|xapp-|npm_|hf_|pypi-|dop_v1_|shp(?:at|ss|ca|pa)_|tskey-|xai-|lin_api_)
        [A-Za-z0-9_\-]{8,}
      | (?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])
      | AIza[A-Za-z0-9_\-]{35}
      | SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}
      | AGE-SECRET-KEY-1[0-9A-Z]{20,}
      | eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}
    )"""
_PRIVATE = r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)([\s\S]*?)(-----END [A-Z ]*PRIVATE KEY-----|\Z)"
_CREDENTIAL = r"(?i)\b(token|bearer)\s+([^\s,;\"']{8,})"
_IN_URL = r"(?i)(\b[a-z][a-z0-9+.\-]*://[^\s/:@\"'<>]*:)([^\s/@\"'<>]+)(@)"
_NAMES = (
    r"pass(?:word|wd|phrase|code)|secret|credential|(?:api|access|secret|private|signing|auth)[_-]?key"
    r"|(?:access|auth|refresh|bearer|api|session)[_-]?token|token"
)
_ASSIGNED = rf"(?i)(?<![a-z])((?:[a-z0-9]+[_.-])*(?:{_NAMES})[\"']?\s*(?:=|:)\s*)"
_QUOTED = r"([\"'])([^\"'\n]{1,200})\2"
_BARE = r"(?!\"|')([^\s\"',;&|<>(){}\[\]]{4,})(?![^\s,;&|\"'<>)}\]]*[(\[{])"
_SECRET_NAME = re.compile(rf"(?i)(?:^|[_.-])(?:{_NAMES})s?$|(?:Key|Token|Secret|Password)$")
_NO_VALUE = re.compile(
    r"(?i)[$%~/.*…].*|true|false|none|null|nil|required|optional|unset|string|str|text|\d{1,3}|x+"
)
"""What stands for a value: a reference, a path, a word of a language."""
_PREFIX = re.compile(
    r"^(?:m0-|m0sk_|sk-(?:ant-|proj-|or-)?|gh[pousr]_|github_pat_|[A-Za-z]{2,5}[-_]|AKIA|AIza)"
)

_LONG_WORD = re.compile(r"[A-Za-z]{16}")
"""Letters in a row that are longer than the words of which names are made."""


def mask(key: str) -> str:
    """*key* with all but its kind and its last four characters hidden: ``m0-…abcd``.

    Keys of fewer than twelve characters are hidden entirely: four would give too much away.
    """
    if len(key) < 12:
        return "…" if key else ""
    prefix = _PREFIX.match(key)
    return f"{prefix.group() if prefix else ''}…{key[-4:]}"


def redact(text: str) -> str:
    """*text* with everything in it that looks like a key, or is assigned as one, masked."""
    if "PRIVATE KEY-----" in text:
        text = re.sub(_PRIVATE, r"\1…\3", text)
    if "://" in text:
        text = re.sub(_IN_URL, r"\1…\3", text)
    text = re.sub(_CREDENTIAL, _masked_credential, text)
    text = re.sub(_KEY_SHAPES, _masked_key, text)
    text = re.sub(_ASSIGNED + _QUOTED, _masked_quoted, text)
    return re.sub(_ASSIGNED + _BARE, _masked_bare, text)


def names_secret(name: str) -> bool:
    """Whether a setting or variable called *name* holds a secret, as far as its name tells."""
    return bool(_SECRET_NAME.search(name)) and not re.search(r"(?i)(env_?var|_name|_env)s?$", name)


def stands_for_value(value: str) -> bool:
    """Whether *value* is none that could be secret: a reference, a path, a word such as true."""
    return not value or bool(_NO_VALUE.fullmatch(value)) or "…" in value


def _masked_credential(found: re.Match[str]) -> str:
    word, key = found.groups()
    plain = not any(each.isdigit() for each in key)  # "the bearer credentials" are words
    return found.group() if plain else f"{word} {mask(key)}"


def _masked_key(found: re.Match[str]) -> str:
    key = found.group()
    random = any(each.isdigit() for each in key[3:]) or not (key.islower() or key.isupper())
    return mask(key) if random or _LONG_WORD.search(key) else key  # sk-learn-extensions is a name


def _masked_quoted(found: re.Match[str]) -> str:
    name, quote, value = found.groups()
    if stands_for_value(value) or " " in value:
        return found.group()
    return f"{name}{quote}{mask(value)}{quote}"


def _masked_bare(found: re.Match[str]) -> str:
    name, value = found.groups()
    mixed = any(c.isdigit() for c in value) or not value.isalnum()
    worded = name.rstrip().endswith(":") or name[-1:].isspace()
    # After a colon or a blank comes prose as well: only what is no word is a secret there.
    if stands_for_value(value) or (worded and (len(value) < 8 or not mixed)):
        return found.group()
    return name + mask(value)
