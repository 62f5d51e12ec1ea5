"""Passwords that people choose to remember: a few words and a number, ``amber-Kettle-88``.

Machines, releases, branches and tickets have names of that form as well; those are made of the
technical words, and passwords are not.
"""

from __future__ import annotations

import re

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import (
    is_digest,
    is_known,
    is_placeholder,
    is_stand_in,
)

_COINED = late(
    r"(?=.*[0-9])(?=.*[^\W\d_]{3})[^\W_]+(?:[\-_.#!+*$%&?=@~^]{1,2}[^\W_]+)*[!#$%*?+&]{0,3}"
)
_PIECE = late(r"[A-ZÀ-Þ]?[a-zß-ÿ]{2,}|[A-ZÀ-Þ]{2,}")
_TECHNICAL = frozenset(
    """access account acct action actions admin adr agent ai alert alias alpha amd android angular ansible api apis
    app application apps apr april arch arm artifact asset async attempt aug august auth aws azure back backend
    backup base bastion jump batch bench beta bin bit board boot box branch browser bucket budget bug build builder bundle
    byte cache call canary case catalog cd cell centos cert change channel chapter chart check checkout chip
    chrome chunk ci circle claude claim class cli click client cloud cluster code codex col column command
    commit common component compose conf config connect consumer container context control core count cpu
    crash cron css csv ctl curl cursor cve cycle daily dart dash data database dataset date day days db dc de
    debian debug dec december default demo deno deploy deployment design desktop dev device dev diff disk
    dist django dns doc docker docs document domain draft drive driver east edge edition elastic email end
    endpoint engine entry env epic error et eu europe event events example exit expo export express fail
    failed feat feature feb february fedora field figure file files filter fix fixed flag flash flow folder
    form frame front frontend full func function gateway gb gcc gcp gemini gen get ghz git github gitlab go
    gpt gpu grafana gram graph grid group grpc guest haiku hash head header heap helm home hook host hot
    hotfix hour hours html http https hub id image img import index info infra ingest ingress init inline
    input install instance int io ios iot ipad iphone ipv is issue item ja jan january java jdk jenkins jest
    jira job js json jul july jun june jwt kafka kernel key keycloak kube kubernetes lab label lambda lan
    laptop large latest layer left legacy level lib library limit line linear link lint linux list live
    llama load local lock log login logs loop low mac machine macos mail main major map mar march master
    max may mb mcp medium meet mem memory merge meta metric micro migration milestone min mini minor minute
    mob mobile mock mod mode model module mongo monitor month ms msg mysql name nas net network new next nft
    nginx nightly node nodejs note notes nov november null number nvm object oct october office ok old open
    openai ops opus option opus order origin os out output owner package page parse part patch path pg
    phase phone php pi pid ping pip pipeline pixel pkg plan platform plugin pnpm pod point policy pool port
    portal post postgres postgresql power pr pre prep preview primary priority prisma priv pro process prod
    product production profile proj project prom prompt proto provider proxy pub public pull push py pypi
    python qa quarter query queue quick raid ram rate raw rc react read readme readonly ready rec record
    redis ref refs region reg registry rel release remote rep replica report repo request res resource
    result retry rev review revision rfc right role room root round route router row rpc rsa rtx ruby rule
    run runner rust safari sample sandbox scan schema scope screen script sdk search sec second secondary
    section seed segment sep sept september series server service session set setup sha shard sheet shop
    signed site size slice slot small smoke snap snapshot socket software sonnet source space spec spike
    spring sprint sql ssd ssh ssl stable stack stage staging standby start state static status step storage
    store story stream string style sub subnet suite support svc swift switch sync sys system tab table tag
    target task tcp team tech temp template term terraform test tester testing tests text theme thread
    ticket tier time timeout tls tmp token tool tools top topic torch trace track trial ts tunnel turbo
    type typescript ubuntu udp ui unit uni update upgrade url us usb user users utf util uuid val value var
    vault vendor ver version view vite vlan vm vol volume vpc vpn vue wan watch wave way web webhook webpack
    week west wifi win window windows wip wired work worker workflow workspace write ws xcode xl xml yaml req body realm hotspot unlock
    year zone zsh zip acme warden bitwarden keepass yubi ubi touch face book flare cloudflare ocean shell pay pal
    link you tube press one many time mail relay sensor robot aes rsa sha hmac ecdsa llm gpl mit bsd apache iso ansi ieee owasp cwe bcrypt argon
    pbkdf scrypt oauth saml oidc ldap totp fido mfa hs rs es el nr no vs per min max avg""".split()  # noqa: SIM905
)  # fmt: skip
"""Words of which names of machines, releases, tickets and models are made."""
_WORD_AND_NUMBER = late(r"[A-Z]?[a-zß-ÿ]{3,}-\d{1,4}")
"""What could be a ticket's name as well, which is written in capitals."""
_MEASURE = late(
    r"(?i)\d+(?:\.\d+)?[a-z]{1,4}(?:/\w+)?|[a-z]{1,3}\d+|\d+[-_.x]\d+\w*|\w+\.\d+(?:\.\d+)+\w*|[A-Za-z]+[-@]\d+(?:\.\d+)+\w*"
)


_COMMON = frozenset(
    """case sensitive plain clear text read write only long short lived well known hard coded self signed
    built opt auto manual semi non post multi two three first last single double cross wide free safe up
    out way off user wise weak strong full half part zero trust need know must have never always not yet
    too very so same high mid big bad best worst wrong under super hyper inter intra closed human made
    related specific friendly proof resistant aware agnostic neutral independent dependent side facing
    hand third party fourth mixed lower upper camel kebab snake letters digits random strict lax rolling
    rotating reset required optional protected encrypted hashed stored generated owner holder member team
    staff group shared common global central separate different identical equal empty missing there here
    this that what which where when how why who all any each both none some the and for with without from
    into onto over than then else minimum maximum least most more less day month year weekly monthly
    daily hourly word words pass password passwords passwd pwd secret secrets cred creds credential
    credentials pw auth user name names pin pins phrase passphrase keychain vault manager managers yes no
    true false null ok okay see use ask get set via per vs etc left right old new""".split()  # noqa: SIM905
)
"""Words of which people make compounds when they speak of passwords: case-sensitive."""
_JOINED = late(
    r"[^\W\d_]{2,}(?:(?:[\-_.!&+#$%*~]|(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ]))[^\W\d_]{2,}){1,4}[!$%&*+]{0,2}|[^\W\d_]{6,}[!$%&*+]{1,2}"
)
_CUT = late(r"[\-_.!&+#$%*~]|(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_INFLECTED = late(
    r"(?:ed|ing|able|ible|ive|ly|less|ful|ous|tion|sion|ment|ness|ity|ish|ary|ory|based|like|ter|er|ors?|ers)$"
)


def is_joined(value: str) -> bool:
    """Whether *value*, without a digit, is coined of words of which none is technical, and none
    of those with which people speak of passwords: ``copperKettle``, ``Gull_nest``, ``Elk&Ember``."""
    if not 7 <= len(value) <= 48 or not _JOINED.fullmatch(value):
        return False
    pieces = [piece.lower() for piece in _CUT.split(value) if piece]
    if max(map(len, pieces)) < 4:
        return False
    plain = "-" in value and value.islower()
    known = any(
        piece in _TECHNICAL
        or piece in _COMMON
        or piece.rstrip("s") in _TECHNICAL
        or (plain and _INFLECTED.search(piece))
        for piece in pieces
    )
    return not known and not is_placeholder(value) and not is_known(value)


def is_coined(value: str, least: int = 7) -> bool:
    """Whether *value*, of *least* characters, looks coined by a person: words and a number, none
    of them a technical word."""
    if not least <= len(value) <= 60 or not _COINED.fullmatch(value):
        return False
    pieces = [piece.lower() for piece in _PIECE.findall(value)]
    if not pieces or max(map(len, pieces)) < 3:
        return False
    if any(piece in _TECHNICAL or piece.rstrip("s") in _TECHNICAL for piece in pieces):
        return False
    if is_known(value) and not _WORD_AND_NUMBER.fullmatch(value):
        return False
    return not (_MEASURE.fullmatch(value) or is_digest(value) or is_stand_in(value))


def is_mixed(value: str) -> bool:
    """Whether a coined *value* is of more than one plain word with a number behind it."""
    return not re.fullmatch(r"[A-Z]?[a-z]+[-_.]?\d{1,4}|[A-Z]+-\d+", value)
