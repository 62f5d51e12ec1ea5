"""Words and phrases that say the same in notes about software, and forms of one word."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from mem0_tui.detect.repeats.abbreviations import SHORT_FORMS
from mem0_tui.detect.repeats.vocabulary import NOT, word_set

_GROUPS = """
use utilize utilise employ
run execute
start launch begin boot
delete remove erase purge wipe
ask request
respect honour honor obey
expose publish
usa utiliza emplea
usan utilizan emplean
usamos utilizamos empleamos
usar utilizar emplear
utilise emploie
utilisent emploient
verwendet nutzt benutzt
verwenden nutzen benutzen
contain hold
rely depend
meist meistens
like enjoy
skip ignore
emit output print
forward relay
gather collect
reject decline
begin commence
initiate trigger
own possess
alter amend
reduce decrease
mostly mainly primarily chiefly predominantly largely
solely exclusively only
almost nearly
promptly immediately
bug defect
outdated obsolete
colleague coworker co-worker teammate
vacation holiday
phone telephone
child kid
bike bicycle
hate loathe detest
love adore
occur happen
remain stay
ignore disregard
examine inspect
notify alert
broken faulty
speak talk
straight directly
repository repo
directory folder dir
configuration config
database db
environment env
production prod
development dev
developer dev
application app
documentation docs doc
authentication auth authn
authorization authorisation authz
kubernetes k8s
postgresql postgres
javascript js
typescript ts
parameter param
argument arg
variable var
function func
message msg
package pkg
library lib
specification spec
information info
statistics stats
administrator admin
identifier id
temporary temp tmp
maximum max
minimum min
synchronisation synchronization sync
prefer favour favor
display show
fetch retrieve
choose pick select
require need
large big huge
fast quick speedy rapid
faster quicker speedier
bigger larger
biggest largest
smaller tinier
small tiny little
check verify
modify change alter
terminate exit quit
entire whole
reside live
store save
invoke call
calculate compute
error mistake
obtain acquire
provide supply
convert transform
wish want
because since
before prior
via through
in inside within into
on onto
when whenever
until till
inform notify
automatic automated
transmit send
additional extra further
permit allow
prohibit forbid disallow
help assist
purchase buy
attempt try
explain describe
replace substitute
merge combine
split separate
generate produce
many numerous
enough sufficient
conceal hide
shut close
expect anticipate
frequently often
occasionally sometimes
seldom rarely
quickly rapidly
immediately instantly
approximately roughly
regarding concerning
vital crucial essential
build construct
keep retain
simple easy
difficult hard
incorrect wrong
usage use
inspect examine
password passwd
credential cred
reference ref
directory dir
mandatory obligatory compulsory
ban prohibit
suggest recommend
recommend advise
reply answer respond
mend repair fix
rename retitle
permanent lasting
empty blank
unused unneeded
previous preceding
following subsequent
basic fundamental
ensure guarantee assure
centralise centralize
serialise serialize
serialiser serializer
initialise initialize
colour color
behaviour behavior
organise organize
normalise normalize
optimise optimize
sanitise sanitize
anonymise anonymize
customise customize
minimise minimize
maximise maximize
recognise recognize
summarise summarize
parametrise parameterise parametrize parameterize
analyse analyze
licence license
catalogue catalog
grey gray
centre center
"""
LOCATED: Final = word_set("based located stored kept placed put found situated housed saved")
"""Participles that only say that something is where it is."""
_BEING = word_set("lives live resides reside sits sit lies lie goes go belongs belong")
PHRASES: Final[dict[tuple[str, ...], str]] = {
    tuple(phrase.split()): word
    for phrase, word in (
        ("make sure", "ensure"), ("makes sure", "ensure"), ("be sure to", "ensure"),
        ("in order to", "to"), ("so that", ""), ("pull request", "pr"),
        ("pull requests", "pr"), ("merge request", "pr"), ("merge requests", "pr"),
        ("for example", ""), ("e.g", ""), ("for instance", ""), ("i.e", ""), ("that is", ""),
        ("have to", ""), ("has to", ""), ("need to", ""), ("needs to", ""), ("ought to", ""),
        ("is allowed to", "may"), ("are allowed to", "may"), ("is permitted to", "may"),
        ("are permitted to", "may"), ("is not allowed to", NOT), ("are not allowed to", NOT),
        ("by hand", "manually"), ("or else", "otherwise"), ("at startup", "on startup"),
        ("at start", "on start"), ("on its own", "automatically"),
        ("on their own", "automatically"),
        ("must not", NOT), ("may not", NOT), ("can not", f"can {NOT}"), ("cannot", f"can {NOT}"),
        ("can't", f"can {NOT}"), ("cant", f"can {NOT}"), ("mayn't", NOT),
        ("no longer", NOT), ("not any more", NOT), ("not anymore", NOT),
        ("stop using", f"{NOT} use"), ("stops using", f"{NOT} use"),
        ("stopped using", f"{NOT} use"), ("quit using", f"{NOT} use"),
        ("in fact", ""), ("of course", ""), ("in general", ""), ("in practice", ""),
        ("by the way", ""), ("at the moment", ""), ("as of now", ""), ("these days", ""),
        ("by design", ""), ("as a rule", ""), ("in short", ""), ("at present", ""),
        ("for now", ""), ("right now", ""), ("after all", ""), ("as well", ""),
        ("as always", ""), ("as usual", ""), ("in any case", ""), ("at all times", ""),
        ("prior to", "before"), ("ahead of", "before"), ("due to", "because"),
        ("because of", "because"), ("owing to", "because"), ("instead of", "instead"),
        ("rather than", "instead"), ("in place of", "instead"), ("and not", "instead"),
        ("done via", "via"), ("done through", "via"), ("done by", "by"),
        ("handled via", "via"), ("handled through", "via"), ("handled by", "by"),
        ("every day", "daily"), ("each day", "daily"), ("every week", "weekly"),
        ("each week", "weekly"), ("every month", "monthly"), ("each month", "monthly"),
        ("every hour", "hourly"), ("each hour", "hourly"), ("every night", "nightly"),
        ("each night", "nightly"), ("every year", "yearly"), ("each year", "yearly"),
        ("per cent", "percent"), ("carry out", "run"), ("get rid of", "delete"),
        ("with the help of", "via"), ("by means of", "via"), ("is called", "named"),
        ("on top of", "on"), ("inside of", "in"), ("outside of", "outside"), ("next to", "beside"),
        ("as long as", "while"), ("as soon as", "when"), ("in case", "if"),
        ("in case of", "on"), ("in the case of", "on"), ("a lot of", "many"), ("lots of", "many"),
        ("a number of", "several"), ("up to date", "current"), ("up-to-date", "current"),
        ("thanks to", "because"), ("in the middle of", "amid"), ("whenever possible", ""),
        ("where possible", ""), ("if possible", ""), ("when possible", ""),
        ("isn't allowed to", NOT), ("aren't allowed to", NOT), ("is forbidden to", NOT),
        ("would like", "wish"), ("would rather", "prefer"), ("like to have", "wish"),
        ("will not", f"will {NOT}"), ("won't", f"will {NOT}"), ("would not", f"would {NOT}"),
        ("wouldn't", f"would {NOT}"), ("any more", ""), ("any longer", ""), ("anymore", ""),
        ("be sure that", "ensure"), ("ensures that", "ensure"), ("sure that", "ensure"),
    )
} | {
    (verb, place): in_
    for verb in (*LOCATED, *_BEING)
    for place, in_ in (
        ("in", "in"), ("inside", "in"), ("within", "in"), ("under", "in"), ("into", "in"),
    )
}  # fmt: skip
"""Runs of words and the words for which they stand; an empty one for those that tell nothing."""

_COMPOUNDS = """
back end|front end|start up|data set|web server|file name|code base|time zone|time stamp|host name
user name|name space|life cycle|run time|white space|work flow|lock file|change log|clean up|log in
roll back|set up|check list|end point|read only|web site|load balancer|data store|pass phrase
e mail|short lived|type checking|pre commit|on call|make file|key word|log file|sub module
sub folder
"""
COMPOUNDS: Final = {
    "".join(parts): parts
    for parts in (each.split() for each in _COMPOUNDS.replace("\n", "|").split("|"))
    if parts
}
"""Words that are written as one, with a hyphen or apart."""

_IRREGULAR = {
    "using": "use", "used": "use~ed", "indices": "index", "indexes": "index", "children": "child",
    "people": "person", "data": "data", "ran": "run~ed", "wrote": "write~ed",
    "prs": "pr", "dbs": "db", "ids": "id", "vms": "vm", "apis": "api", "urls": "url",
    "queries": "query", "retries": "retry", "is": "is", "has": "has", "does": "does",
}  # fmt: skip
_WHOLE = word_set("""
staging king ring spring during bring nothing something everything anything pricing morning
evening meeting missing timing ping warning heading spelling string billing shipping mapping
binding setting settings rating mailing building being thing news status kubernetes redis aws
ios https dns tls css js ts less process access class address canvas alias basis analysis bus gas
lens chaos nexus series species gis sentry this his its us was as always sometimes besides towards
perhaps jenkins windows postgres pandas keras nats rails gatsby express corpus virus campus bonus
radius focus consensus previous various continuous asynchronous synchronous anonymous https cors
nms sms gps ops devops sls s3 sqs sns kms ses ecs eks rds vps gcs macos
""")
"""Words that only look like a form of another."""


def _lookup() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in f"{_GROUPS.strip()}\n{SHORT_FORMS.strip()}".splitlines():
        words = line.split()
        first = next((found[word] for word in words if word in found), words[0])
        for word in words:
            found.setdefault(word, first)
    return found


_SYNONYMS = _lookup()


def is_listed(word: str) -> bool:
    """Whether a synonym of *word* is known."""
    return word in _SYNONYMS


@lru_cache(maxsize=65536)
def same_as(word: str) -> str:
    """The word that stands for *word*, a folded one of letters: the first of its synonyms, in its
    plain form; a past tense stays one (``~ed``), for what was done is not what is to be done."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SYNONYMS:
        return _SYNONYMS[word]
    if len(word) < 4 or word in _WHOLE or not word.isalpha():
        return word
    for base in _singular(word):
        if base in _SYNONYMS:
            return _SYNONYMS[base]
    for base in _bases(word, "ed"):
        if base in _SYNONYMS:
            return _SYNONYMS[base] + "~ed"
    for base in _bases(word, "ing"):
        if base in _SYNONYMS:
            return _SYNONYMS[base]
    singular = _singular(word)
    return singular[0] if singular else word


def _singular(word: str) -> list[str]:
    """What *word* may be a plural, or the third person, of."""
    if not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return []
    if word.endswith("ies") and len(word) > 4:
        return [word[:-3] + "y"]
    if word.endswith(("sses", "shes", "ches", "xes", "zes", "oes")):
        return [word[:-2], word[:-1]]
    return [word[:-1]]


def _bases(word: str, ending: str) -> list[str]:
    """What *word* may be a form with *ending* of, such as ``store`` of ``storing``."""
    stem = word.removesuffix(ending)
    if stem == word or len(stem) < 3 or word in _WHOLE:
        return []
    found = [stem, stem + "e"]
    if stem[-1] == stem[-2]:
        found.insert(0, stem[:-1])
    if ending == "ed" and stem.endswith("i"):
        found.insert(0, stem[:-1] + "y")
    return found


def inflected(one: str, other: str) -> bool:
    """Whether two plain words are forms of one: ``test`` and ``testing``, but no past tense."""
    short, long = sorted((one, other), key=len)
    if not short.isalpha() or not long.isascii() or len(short) < 3:
        return False
    return short in _bases(long, "ing") or short in _singular(long)


def is_past_of(word: str, base: str) -> bool:
    """Whether *word* may be the past form, or the participle, of *base*: ``paged`` of ``page``."""
    return base in _bases(word, "ed")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What all forms of *word* have in common, past tenses too: for finding, not for judging."""
    word = same_as(word).removesuffix("~ed")
    if not word.isascii() or not word.isalpha() or word in _WHOLE:
        return word
    for ending in ("ing", "ed"):
        if bases := _bases(word, ending):
            word = bases[0]
            break
    return word.removesuffix("e") if len(word) > 4 else word
