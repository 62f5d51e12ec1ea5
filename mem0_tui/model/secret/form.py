"""What the form of a value tells: a reference, a placeholder, a digest, a name, or random.

Whether a value is secret is judged by this and not by its length alone: a call, a look-up in the
environment or a commit id can be as long and as mixed as a key.
"""

from __future__ import annotations

import re

from mem0_tui.model.late_pattern import late

_WORD = r"[A-Za-z_$][\w$]*"
_REFERENCE = late(
    rf"""(?x)
      \$[({{].* | \#[({{].* | \$[A-Za-z_]\w*(?::.*)? | \$\d | %[A-Za-z_]\w*%? | %\(.* | [{{<\[(].*
    | (?:\w+\.)*(?:environ|getenv|env)\b(?:[.\[(:].*)? | ENV\[.*
    | (?:var|vars|local|data|self|this|args|opts|options|config|cfg|settings|secrets?|params?|props
        |req|request|ctx|context|inputs|steps|module|each|values?)\.[A-Za-z_].*
    | (?:vault|ssm|op|keyring|keychain|file|env|secretref|secret|awssm|aws-sm|gcp|gcpsm|azurekv|akv
        |doppler|bw|pass|sops|kms|ref|projects|ref\+\w+|data|tag|urn):/?/?[A-Za-z_/{{$].*
    | arn:.* | projects/.* | [~.]{{0,2}}/.* | [A-Za-z]:\\.* | https?://.* | [&@!]\w+ | \*\w+
    | {_WORD}(?:(?:\.|::|->|\?\.)\#?{_WORD})*[(\[].* | {_WORD}(?:(?:::|->|\?\.){_WORD})+
    | .*[\w-]+\.(?:pem|key|txt|json|ya?ml|toml|env|crt|p12|pfx|gpg|asc|py|ts|js|go|rs|md|conf|cfg)
    | .*:latest
    """
)
_DOTTED = late(rf"{_WORD}(?:\.{_WORD})+")
_PLACEHOLDER = late(
    r"""(?xi)
      [x*.•·_?\-…0#]+ | (.)\1+ | n/?a | [a-z]+-?_?x{3,} | \w{0,6}[x*]{4,}\w{0,4} | (?:\w+[-_])*x{3,}(?:[-_]\w+)*
    | (?:please[-_ ]?)?change[-_ ]?(?:me|this|it)[-_!\d]{0,4}(?:[-_ ](?:please|now|in[-_ ]prod\w*|later))?
    | (?:my|some|the|a|an|test|dev|default|initial|new|old|user|db|app|our|plain|strong|secret)?
      [-_ ]?(?:super[-_ ]?)?(?:strong[-_ ]?)?(?:api|access|secret|auth|client)?[-_ ]?
      (?:pass(?:word|wd|phrase|code|w)?|pwd|secret|token|key|credentials?|creds|value|pin)s?
      [-_]?(?:here|value|string|\d)?
    | (?:user(?:name)?|login|name|id|admin(?:istrator)?|root|guest|postgres|mysql|mariadb|redis|rabbitmq
        |mongo(?:db)?|elastic|kibana|grafana|minio(?:admin)?|sa|oracle|tiger|scott|docker|vagrant|ubuntu
        |raspberry|test(?:er|ing|s)?|testuser|demo|dev|local|localhost|default|none|null|nil|undefined
        |unset|empty|blank|true|false|yes|no|on|off|required|optional|mandatory|str|string|text|int
        |integer|number|bool(?:ean)?|bytes|char|varchar|object|any|unknown|secretstr|bearer|basic|jwt
        |oauth2?|uuid|hash|hashed|bcrypt|argon2(?:id)?|scrypt|sha\d+|md5|base64|hex|hmac|env|prompt|ask
        |file|stdin|vault|keychain|keyring|same|abc|abcd|abcdef?|abc123|qwerty|bar|baz|foo|hello|world)
    | test[-_]?(?:pass(?:word)?|key|token|secret|pw|user)?[-_]?\d{0,4} | 0?1234(?:5(?:6(?:78?9?0?)?)?)?
    | demo[-_]?\w{0,8} | (?:[a-z]*[-_])?(?:string|str|int|bool|bytes)
    """
)
_FILLED_IN = late(
    r"""(?xi)placeholder|replace[-_ ]?(?:me|this|with|by)|fill[-_ ]?(?:me|in)
    |(?<![a-z])your[-_ .]?|<.*>|insert[-_ ]|enter[-_ ]|(?<![a-z])todo|(?<![a-z])tbd(?![a-z])
    |redacted|removed|masked|hidden|dummy|example|sample|(?<![a-z])fake|(?<![a-z])mock
    |not[-_]?(?:a[-_]?)?(?:real|secret)|whatever|goes[-_ ]?here|[-_ ]here$|of[-_ ]your[-_ ]choice
    |(?<![a-z])(?:hier|ici|aqu[ií]|tutaj|qui|dein(?:en?)?|ihre?|votre|jouw|twoj[ae]?|seu|sua)[-_ .]
    |[-_ .](?:hier|ici|aqu[ií]|tutaj|qui)$|eintragen|ersetzen|einf(?:ü|ue)gen|remplacer|troque|wpisz|inserir|inserisci
    |supersecret$|foo[-_]?bar|(?<![a-z])foo(?![a-z])|lorem"""
)
"""What is in a text that is to be filled in."""
_FILLED_IN_PARTS = (
    "place", "repl", "fill", "your", "<", "ins", "enter", "todo", "tbd", "redacted", "remove", "mask", "hidden", "dummy",
    "ample", "fake", "mock", "not", "whatever", "hier", "ici", "aqu", "tutaj", "qui", "dein", "ihr",
    "votre", "jouw", "twoj", "seu", "sua", "remplacer", "goes", "here", "choice", "lorem", "eintragen", "ersetz", "einf", "troque", "wpisz",
    "supersecret", "foo",
)  # fmt: skip
"""Parts of these: a value that holds none of them need not be searched."""
_SAME = late(r"(?i)(.{1,2})\1{2,}")
_UUID = late(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DIGEST = late(
    r"""(?x)
      (?i:[0-9a-f]{7,8} | [0-9a-f]{12} | [0-9a-f]{16} | [0-9a-f]{24} | [0-9a-f]{32} | [0-9a-f]{40}
        | [0-9a-f]{56} | [0-9a-f]{64} | [0-9a-f]{96} | [0-9a-f]{128})
    | (?i:sha(?:1|224|256|384|512)|md5|blake[23][bs]?|h1)[-:=].*
    | \$(?:2[abxy]?|argon2\w*|pbkdf2\S*|scrypt|[156y])\$.* | (?:pbkdf2_sha256|scrypt|bcrypt)[$:].*
    | [0-9A-HJKMNP-TV-Z]{26} | \d+
    """
)
_KNOWN = late(
    r"""(?xi)
      v?\d+(?:[.\-_]\w+)* | \d+(?:[.,]\d+)*\s?[a-z%]{1,8} | \d{1,2}(?:st|nd|rd|th) | \d+(?:/\w+)+
    | \d+x\d+ | \d+-[a-z]+(?:-[a-z]+)*
    | (?:hmac|hkdf|rsa|ecdsa|aes|pbkdf2|base64|sha\d*|utf-?\d+)[-_/](?:sha|with|cbc|gcm|oaep|pss)?[-_]?\w{0,12}(?:[-_]\w{1,8})?
    | (?:sha|md|rs|hs|es|ps|aes|rsa|ecdsa|ed|curve|x|base|utf|ascii|crc|ripemd|keccak|blake)-?\d+\w{0,4}
    | (?:argon2|pbkdf2|bcrypt2|oauth|http|ipv|tls|ssl|h|s|ec|web|log|py|python|node|java|go|es|gpt|o|mp
        |web|e|k|i|l|n|a|c|d|p|t|m|r|x|b)\d+\w{0,3} | [a-z]\d{1,3}[a-z]
    | [12]\w?fa | totp\w* | 1password | k8s | i18n | l10n | a11y | s3 | ec2 | x509(?:v3)? | pkcs\#?\d+ | oauth2?\S* | auth0\S* | okta\S*
    | [a-z]{2}-[a-z]+-\d | [A-Z]{2,10}-\d+ | \#\d+ | rfc-?\d+ | cve-\d+-\d+ | \d+-?bit | iso-?\d+
    """
)
_EMAIL = late(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_HOST = late(
    r"(?i)(?:[\w\-]+\.)+(?:com|org|net|io|dev|app|ai|co|local|internal|lan|test|example|sh|cloud"
    r"|de|uk|eu|us|me|xyz|in|fr|nl|py|js|ts|tsx|jsx|go|rs|java|rb|md|json|ya?ml|toml|txt|sh|sql"
    r"|lock|cfg|ini|env|html?|css|csv|log|db|sqlite3?|c|h|cpp|kt|swift|php)(?::\d+)?(?:/.*)?"
)
_VOWELS = late(r"(?i)[aeiouy]")
_SPLIT = late(r"[-_./:+ ]")
_CAMEL = late(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])")
_SEGMENT = late(r"[A-Za-z]?[a-z]*\d{0,5}|[A-Z]+\d{0,2}|\d{1,8}|v\d+|\d{1,3}[a-z]{1,2}")


def is_reference(value: str) -> bool:
    """Whether *value* names a place where something is: a variable, a call, a path, an ARN."""
    if _REFERENCE.fullmatch(value):
        return True
    if not _DOTTED.fullmatch(value) or not is_name(value):
        return False
    return not re.search(r"\.[A-Z][a-z]+\d+$", value)  # Garden.Gnome7 is no attribute


def is_placeholder(value: str) -> bool:
    """Whether *value* stands for one that is to be filled in, or is a type, a word of a language
    or a product's default login."""
    return (
        not value
        or "…" in value
        or bool(_PLACEHOLDER.fullmatch(value))
        or _is_to_be_filled_in(value)
        or _repeats(value)
    )


def _is_to_be_filled_in(value: str) -> bool:
    lower = value.lower()
    for part in _FILLED_IN_PARTS:
        if part in lower:
            return bool(_FILLED_IN.search(value))
    return False


def _repeats(value: str) -> bool:
    return len(value) >= 6 and bool(_SAME.fullmatch(value))


def is_stand_in(value: str) -> bool:
    """Whether *value* stands where a secret would: a placeholder, or a reference to one."""
    return is_placeholder(value) or is_reference(value)


def is_digest(value: str) -> bool:
    """Whether *value* has the form of an id, a hash or an integrity string."""
    return bool(_UUID.fullmatch(value) or _DIGEST.fullmatch(value))


def is_known(value: str) -> bool:
    """Whether *value* is a version, a date, a measure, the name of an algorithm, an address, a
    host or a file, all of which mix letters and digits as well."""
    return bool(_KNOWN.fullmatch(value) or _EMAIL.fullmatch(value) or _HOST.fullmatch(value))


def is_name(value: str) -> bool:
    """Whether *value* is made of words and small numbers: ``gpt-4o-mini``, ``user_id``."""
    for chunk in _SPLIT.split(value):
        parts = _CAMEL.split(chunk)
        if len(parts) > 2 and len(chunk) < 3 * len(parts):
            return False
        if sum(part[-1:].isdigit() for part in parts) > 1:
            return False
        for part in parts:
            letters = part.rstrip("0123456789")
            if not _SEGMENT.fullmatch(part) or len(letters) > 22:
                return False
            if len(letters) > 5 and not _VOWELS.search(letters):
                return False
    return True


def is_random(value: str, least: int = 8) -> bool:
    """Whether *value* looks drawn by chance: at least *least* characters, letters and digits mixed
    within a part, no name and no version."""
    if len(value) < least or is_name(value) or is_known(value):
        return False
    digits = sum(char.isdigit() for char in value)
    if digits >= 2 or (digits and len(value) < 16):
        return True
    mixed = not (value.islower() or value.isupper())
    return mixed and len(value) >= 16 and _turns(value) * 5 >= len(value)


def _turns(value: str) -> int:
    """How often the case turns from one character to the next."""
    return sum(a.islower() != b.islower() for a, b in zip(value, value[1:], strict=False))
