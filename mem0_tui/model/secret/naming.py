"""What the name of a setting, a variable or a header tells: that its value is a secret.

The word that says so is mostly the last one of the name, but ``API_KEY_PROD`` and ``senha_banco``
are names of secrets, too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret import languages

_PASSWORDS = (
    "password", "passwd", "passphrase", "passcode", "pwd", "pass", "passe", "psk", "pw", "pass_phrase",
    *languages.PASSWORDS,
)  # fmt: skip
_KEYS = (
    "key", "secret", "token", "credential", "credentials", "cred", "creds", "bearer", "jwt", "pat",
    "cookie", "salt", "pepper", "otp", "authorization", "apikey", "sas", "string", "seed", "mnemonic",
    "auth", "pin", "phpsessid", "jsessionid", "sessionid", "connect.sid", *languages.KEYS,
)  # fmt: skip
_ENDS = (*_PASSWORDS, *_KEYS)
_NAMING = tuple(
    word
    for word in (*_KEYS, *_PASSWORDS)
    if word.isascii() and word not in languages.PASSWORDS
    and not any(other in word for other in _ENDS if other != word)
)  # fmt: skip
"""Those that hold no other: where none of them is, none is."""
_SHORT = frozenset(
    """pass key pat sas pw pwd psk otp salt cred string seed passe auth pin mdp sifre parola clé clave
    avain llave chave キー""".split()  # noqa: SIM905
)
"""Endings that other words have as well: there they must begin a part of the name."""
_COMPOUND = late(
    r"(?i)(?:api|access|secret|private|auth|master|account|license|client|service|admin|storage|encryption"
    r"|signing|root|user|db|database|smtp|ftp|mail|imap|ldap|sudo|mysql|pg|redis|rabbitmq|app|my|wifi|vpn)"
    r"(?:key|pass|pat|pw|pwd|otp|salt|cred)$"
)
_WEAK_NAME = late(r"(?i)(?:^|[_.\-])(?:key|token|cookie|salt|otp|pass|pw|pat|sas|pin|sessionid)$")
_NO_NAME = late(
    r"""(?xi) (?:^|[_.\-\s]|(?<=[a-z]))(?:
        (?:next|prev|previous|page|paging|pagination|continuation|continue|sync|resume|cursor|csrf|xsrf
          |idempotency|request|cancel|cancellation|max|min|num|total|input|output|prompt|completion
          |design|eos|bos|pad|stop|special|lexer|device|correlation|trace|fencing|lock|end|start|sep|mask|unk
          |change|context|reasoning|cached|budget)[_\-\s]?tokens?
      | (?:public|primary|foreign|cache|sort|partition|composite|unique|idempotency|object|row|map|dict
          |hash|shard|routing|lookup|natural|surrogate|candidate|group|order|json|metadata|config|index
          |registry|translation|i18n|react|join|dedupe|dedup|session_cache|bucket|s3|hot|arrow|shortcut|message
          |storage_object|trace|span|redis|host|known_hosts|gpg|pgp|ssh_public|verify|verification|kms|parent
          |event|item|query|state|list|record|user_id|id|publishable|anon|site)[_\-\s]?key
      | compass | bypass | encompass | trespass | surpass | (?:by|all)[_-]?pass | (?:first|second|single|multi|two|one|render|low|high|band|forward|backward|tests?|all|must|will|should|did|to)[_\-\s]pass
      )$"""
)
CAMEL = late(r"[A-Za-z0-9]*[a-z0-9](?:Password|Passwd|Pwd|Passphrase|Secret|Token|Key|Pass)$")
_PARTS = late(r"[_.\-]+|(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])")
_INSIDE = {
    **dict.fromkeys(("password", "passwd", "passphrase", "pwd", *languages.PASSWORDS), True),
    **dict.fromkeys(("secret", "token", "apikey", "credential", "credentials", "creds"), False),
}
"""Parts of a name that count in its middle; whether they speak of a password."""
_OF_KEY = frozenset(
    """api access secret private auth signing encryption master deploy license service
    admin""".split()  # noqa: SIM905
)
_NO_REST = frozenset(
    """hash hashed hasher hashes hashing digest checksum file files filename path dir folder length len
    min max minimum maximum policy policies reset url uri link field column col id ids name names type
    kind count expiry expires expiration exp ttl header headers regex rotation size limit limits budget
    usage used hint endpoint issuer algorithm alg algo enabled enable disabled required optional cmd
    command manager provider store prompt label env ref reference arn version age days hours minutes
    seconds timeout pattern prefix suffix index lifetime validity valid strategy source mode status
    state format encoding encoder method scope scopes bucket map error errors help title text
    placeholder message strength validator validators attempts config service server host ring
    fingerprint at on by cache cached rate usd price cost counts per total audience aud claims claim
    location class input output form page view handler callback factory helper request response
    changed updated created rotated generator refresh store engine backend sync iv salt""".split()  # noqa: SIM905
)  # fmt: skip
"""Parts behind such a word that make the name one of something about the secret."""


class Naming(NamedTuple):
    """A name that says that its value is secret."""

    name: str
    word: str
    """The word that says so, in lower case."""
    before: str
    """What stands before it."""
    password: bool
    inside: bool
    """Whether more of the name follows the word."""


def may_name(lower: str) -> bool:
    """Whether a text in lower case, which does not speak of passwords, holds a word by which a name
    says that its value is secret."""
    for word in _NAMING:  # noqa: SIM110 - a generator takes twice as long
        if word in lower:
            return True
    return False


@lru_cache(2048)
def naming_of(name: str) -> Naming | None:
    """What *name* tells; None where it does not speak of a secret."""
    lower = name.lower()
    if not lower.endswith(_ENDS):
        return _inside(name) if len(name) > 6 else None
    word = max((each for each in _ENDS if lower.endswith(each)), key=len)
    before = name[: len(name) - len(word)]
    if word in _SHORT and not _begins_part(name, before):
        return None
    return Naming(name, word, before, word in _PASSWORDS, inside=False)


def is_weak(naming: Naming) -> bool:
    """Whether the name is a word alone that much else is called by, such as key or token."""
    return not naming.before and bool(_WEAK_NAME.search(naming.name))


def is_no_secret(name: str, context: str) -> bool:
    """Whether *name*, with the *context* before it, is one of something that is called a key or a
    token and is no secret."""
    return bool(_NO_NAME.search(name) or _NO_NAME.search(context + name))


def _inside(name: str) -> Naming | None:
    parts = [part.rstrip("0123456789") for part in _PARTS.split(name)]
    lower = [part.lower() for part in parts]
    for at, part in enumerate(lower):
        password = _INSIDE.get(part)
        if password is None and part == "key" and at and lower[at - 1] in _OF_KEY:
            password = False
        if password is not None:
            if _NO_REST.intersection(lower[at + 1 :]):
                return None
            return Naming(name, part, "_".join(parts[:at]), password, inside=True)
    return None


def _begins_part(name: str, before: str) -> bool:
    """Whether the word behind *before* is a part of *name* of its own: no ``key`` of ``monkey``."""
    if not before or not before[-1].isalpha() or _COMPOUND.search(name):
        return True
    return name[len(before)].isupper() and before[-1].islower()
