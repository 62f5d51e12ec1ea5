"""Words that tell nothing and words that change what is said.

All are folded (:mod:`mem0_tui.model.words`). A word that is not listed counts, so what is missing
here costs a repeat and never merges two memories that differ.
"""

from __future__ import annotations

from typing import Final

NOT: Final = "¬"
"""The word as which every plain negation is read."""


def word_set(block: str) -> frozenset[str]:
    """The words of *block*, which blanks part."""
    return frozenset(block.split())


_SMALL: Final = word_set("""
a an the this that these those there here it its our my your their his her it's there's that's
you we i they he she us me them
is are be am been being do does has have having of and also just really very quite simply please
now still which any
indeed thus hence therefore so however always too own same well already then ever such both each
every all must should shall rather overall anyway etc nowadays existing respective though
el la le les l un une des du der die das dem den unser unsere unserer unserem unseren unseres
nuestro nuestra nuestros nuestras notre nos ein eine einen einem einer eines ist sind und los las
es son sont y il lo gli uno una unos unas del et que dass wir ich auch bitte immer stets jetzt
derzeit aktuell momentan grundsatzlich generell normalerweise ublicherweise gewohnlich naturlich
eigentlich ubrigens wirklich sehr einfach schon bereits gerade jeweils prinzipiell
selbstverstandlich offensichtlich bekanntlich hierzu dabei
siempre actualmente generalmente normalmente habitualmente ahora realmente simplemente basicamente
obviamente claramente tambien ya nosotros muy
toujours actuellement generalement normalement habituellement maintenant vraiment simplement
evidemment clairement aussi deja nous tres bien surtout notamment unbedingt
的 了 请 です ます を
""")
_ADVERBS: Final = word_set("""
absolutely accordingly actually additionally admittedly altogether approvingly basically broadly
candidly certainly clearly commonly completely consistently constantly continually continuously
customarily currently decidedly deeply definitely deliberately demonstrably distinctly easily
effectively emphatically entirely especially essentially evidently expressly extremely factually
firmly frankly fully fundamentally furthermore generally genuinely gladly greatly habitually
happily heavily highly honestly importantly incidentally incredibly inherently interestingly
intentionally invariably kindly literally logically merrily moreover namely naturally necessarily
normally notably noticeably obviously officially ordinarily overly particularly perpetually
personally plainly positively practically predictably presently purposely purposefully really
routinely seriously similarly simply sincerely specifically strongly surely technically thoroughly
totally traditionally truly truthfully typically ultimately unavoidably undeniably
undoubtedly unfailingly unquestionably usually utterly vastly wholly
apparently overwhelmingly
""")
"""Adverbs of habit, certainty and emphasis, and those by which talk goes on. Others tell how, when
or how much something is done, so they count."""

NEGATIONS: Final = word_set("""
not never no don't doesn't didn't isn't aren't wasn't weren't can't cannot couldn't won't wouldn't
shouldn't mustn't mayn't needn't hasn't haven't hadn't dont doesnt isnt arent cant wont didnt
nicht kein keine keinen keiner nie niemals pas jamais nunca nao нет никогда не
不 没 無 未 勿
""")
"""Words that say no."""

DOUBTS: Final = NEGATIONS | word_set("""
avoid stop refuse forbid prohibit nobody none neither nor without except unless fail fails failed
unlike hardly rarely seldom scarcely barely outdated obsolete deprecated wrong false myth doubt
doubts unhappy only until once before after if when while where but instead else otherwise untrue
incorrect unclear maybe perhaps might may could can would will proposal proposed proposes propose
planned plan plans planning todo wip draft rejected reject reverted revert dropped superseded
abandoned considered considering consider asked asks ask whether wants want wondered unsure pending
done fixed resolved open closed was were did used old new former formerly previously later soon
tomorrow yesterday today temporary temporarily partly partially almost nearly sometimes
occasionally often manually automatically locally remotely globally some most few many several any
more less least fewer first last next recommended discouraged optional experimental internally
externally staging production prod test tests dev ci client server
ja nein nur aber wenn falls ausser sauf seulement si mais solo salvo excepto
""")
"""Words that change what is said: an opening or ending with one is never seen through."""

RELATIONS: Final = word_set("""
in on at for from to with without under over above below between into onto before after during
until unless if when while where by via through than because since except within inside outside
against across about toward towards near beside beyond
""")
"""Words that tie what follows to the rest, and so narrow it."""

LEADING: Final = word_set("""
in on at for from to with during before after until unless if when where because since once as
while without by under within per upon through via
im am beim vor nach bevor nachdem wenn falls sobald bei fur mit ohne auf unter zum zur seit wahrend
avant apres dans pour quand lorsque sur avec sans sous si pendant depuis chez
antes despues en para cuando con sin sobre desde durante tras
""")
"""Words with which a clause begins that may stand before or behind what it is about."""

SEQUENCE: Final = word_set("""
then first firstly second secondly next finally afterwards last lastly zuerst dann danach zuletzt
→ -> =>
""")
"""Words beside which the order of what is said counts."""

_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty
"""
NUMBERS: Final = {word: str(number) for number, word in enumerate(_NUMBERS.split())} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90",
    "hundred": "100", "thousand": "1000", "twice": "2", "dozen": "12",
}  # fmt: skip
"""Numbers that are written as words."""

UNITS: Final = {
    form: forms.split()[0]
    for forms in (
        "second s sec secs seconds", "ms msec millisecond milliseconds", "minute minutes mins min",
        "hour h hr hrs hours", "day days", "week weeks", "month months", "year years",
        "kb kib kilobyte kilobytes", "mb mib megabyte megabytes", "gb gib gigabyte gigabytes",
        "tb tib terabyte terabytes", "percent % pct", "px pixel pixels", "am", "pm",
    )
    for form in forms.split()
}  # fmt: skip
"""What a number counts, in its shortest spelling."""

PERIODS: Final = word_set("daily weekly monthly hourly yearly quarterly nightly biweekly annually")

WEEKDAYS: Final = {
    form: forms.split()[0]
    for forms in (
        "monday mondays mon montag lundi lunes", "tuesday tuesdays tue tues dienstag mardi martes",
        "wednesday wednesdays wed mittwoch mercredi miercoles",
        "thursday thursdays thu thurs donnerstag jeudi jueves",
        "friday fridays fri freitag vendredi viernes",
        "saturday saturdays sat samstag samedi sabado", "sunday sundays sun sonntag dimanche",
    )
    for form in forms.split()
}  # fmt: skip
MONTHS: Final = {
    form: forms.split()[0]
    for forms in (
        "january jan", "february feb", "march", "april apr", "may", "june jun", "july jul",
        "august aug", "september sep sept", "october oct", "november nov", "december dec",
    )
    for form in forms.split()
}  # fmt: skip
"""``may`` is a month only behind a number or ``in``, see :mod:`.reading`."""

COUNTERS: Final = word_set("""
turn step phase pr issue task session run attempt iteration build sprint line page chapter error
code case round batch worker shard replica part section milestone ticket bug commit test item
chunk pod instance job message question exercise stage pass request event revision
round exit figure table appendix rule option migration
""")
"""Nouns that a number behind them names, one of many: no value of a subject."""

EVENTS: Final = word_set("""
deployed released shipped merged fixed failed passed crashed ran removed added broke changed met
meeting moved rolled published finished completed started happened improved created closed opened
updated tagged applied reverted installed
""")
"""Words of reports on what happened once: another date or number is another event."""

CHOOSING: Final = word_set("""
use uses using used prefer prefers is are be was with via by on to in from through runs written
built managed called named = : wants into through out
""")
"""Words behind which the name of a thing is a choice, such as ``use npm``."""


def is_small(word: str) -> bool:
    """Whether *word*, folded, may be there or not without a difference."""
    return word in _SMALL or word in _ADVERBS
