"""Openings and endings made of nothing but words of talk: that something was said, known, agreed.

``It came up in review that …``, ``Once more from the user: …``, ``…, good to know``. Unlike the
expressions of :mod:`.wrapper` this needs no list of sentences: the words that people use to speak
of what was said are few, and a word that is none of them ends the search. It is asked of pairs that
were found, for it takes longer than the expressions do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mem0_tui.detect.repeats.tokens import Kind, Token
from mem0_tui.detect.repeats.vocabulary import word_set

_TELLING: Final = word_set("""
say says said saying state states stated mention mentions mentioned note notes noted noting remark
remarks remarked observe observed report reported reports confirm confirms confirmed confirming
reconfirmed stress stresses stressed emphasise emphasises emphasised emphasize emphasizes
emphasized highlight highlights highlighted underlined underlines pointed points explain explains
explained clarify clarifies clarified repeat repeats repeated reiterate reiterated reiterates told
tells inform informed informs remind reminds reminded know knows known knew learn learned learnt
find found discover discovered notice noticed establish established agree agreed agreeing decide
decided settled concluded remember remembers remembered remembering recall recalled recap record
recorded records recorded written wrote came comes turns turned heard hear insist insists insisted
specify specified specifies indicate indicated indicates brought put captured saved stored
discussed verified reminder fact facts fyi information info reference convention rule decision
preference memory takeaway insight lesson observation heads-up future forget mind understanding
summary knowing gesagt sagt sagte meint meinte erwahnt erwahnte bestatigt bestatigte betont betonte
merke merken vermerkt notiert vereinbart besprochen beschlossen bekannt hinweis erinnerung notiz
dicho dijo dice comento comenta menciono menciona confirmo confirma indico indica recuerda recordar
acordado acordamos mencionado comentado confirmado senalo senala explico nota dit precise confirme
mentionne rappele indique explique rappel convenu noter retenir signale
""")
"""Words of which one at least makes an opening or an ending talk."""
_NAMING: Final = word_set("""
fact facts fyi information info reference convention rule decision preference memory takeaway
insight lesson observation heads-up mind understanding summary reminder note notes
hinweis erinnerung notiz nota rappel
""")
"""Those of them that are no verbs."""
_SETTLED: Final = word_set("""
decided agreed confirmed settled concluded established discussed verified specified clarified
""")
_AHEAD: Final = word_set("will should must would")
"""What makes those a thing that has not come yet."""
_BESIDE: Final = word_set("""
a an the this that these it its i we you he she they me us my our your him her them there here so
just as by in on at from to for of with during about up out and or also too again once twice more
before earlier previously above already later today yesterday now still yet even is are was were be
been being has have had do does will must should let like per according always usual last next
previous recent user user's developer dev team client customer maintainer owner lead reviewer
colleague assistant agent codex everyone everybody someone all past time times way thing point
matter case sake completeness something another keep bear made worth good important useful helpful
clear quick short brief key new personal project repo general same right true valid correct current
explicitly clearly would want wants thumb 1 repeatedly kindly please simply really very which what
one der die das dass wie nutzer nutzerin benutzer team hat haben wir ich wurde noch einmal nochmal
mal zur zum im in am von vom bereits schon wichtig gut zu und el la los usuario usuaria equipo ha
hemos que como se lo en de ya es importante y nos le la les l'utilisateur l'utilisatrice l'equipe
utilisateur a ete on nous que qu comme il est bon y
""")
"""Words that may stand beside them."""
_OCCASIONS: Final = word_set("""
session sessions conversation chat discussion meeting standup review retro call thread message
messages code docs readme wiki handbook changelog
""")
"""Where something was said or seen, beside a verb that tells so."""
_AFTERTHOUGHT: Final = word_set("""
as and that this which so it good worth important useful same still again confirmed noted agreed
known remember note just like once also fyi we i he she user the per according or nothing for in
wie so gut como segun comme c'est
""")
"""Words with which an ending of talk begins."""
_ENDINGS: Final = re.compile(
    r"nothing (?:new|else|more|has changed|changed)(?: here)?|same as (?:before|ever|always|usual)"
    r"|(?:and )?(?:that|this|it) (?:has been|is|was) (?:so|the case|like that|how it works|the way"
    r"|still so|unchanged|as before)(?: for (?:a while|some time|ages|long|now))?"
    r"|(?:just )?in case (?:that|this|it)(?: is|'s| becomes| may be| might be)"
    r" (?:useful|relevant|needed|of use)(?: later| one day| again)?"
    r"|so much for (?:that|this)|that is (?:all|it)|as (?:ever|before|always|usual)|no change"
    r"|that's (?:all|it|how it works|the way it is)|for what it(?:'s| is) worth|just saying"
    r"|(?:this|that|it|which) (?:has not|hasn't|did not|didn't) changed?(?: since)?|you know"
    r"|(?:with )?no exceptions?(?: ever)?|without (?:any )?exceptions?|under any circumstances"
    r"|at all costs|in (?:all cases|every case)|no matter what|whatsoever|hope (?:this|that) helps"
    r"|as of (?:now|today|this (?:week|month|year))|fwiw|thank you|that's that"
    r"|(?:and )?nothing else matters(?: here)?"
    r"|(?:just )?(?:to|for) be(?:ing)? clear|full stop|period|this is important|not new"
)
_IDIOMS: Final = re.compile(
    r"(?:for the avoidance of doubt|in principle|as a matter of fact|long story short"
    r"|in other words|to sum up|in summary|all in all|okay|ok|well|so|right|alright|anyway"
    r"|either way|after all"
    r"|as far as (?:i|we) (?:know|remember|recall)"
    r"|if (?:i|we) (?:recall|remember) (?:it )?correctly"
    r"|if (?:i am|i'm|we are) not mistaken) "
)
"""Openings, and endings, that only lead on."""
_COMMA_BEGINS: Final = word_set("as for to per once just again fyi like according wie como comme")
_ASKED: Final = re.compile(
    r"(?:the )?(?:user|developer) (?:(?:has|had|also|again|just|explicitly|repeatedly|kindly) )*"
    r"(?:(?:asked|asks|requested|requests) that"
    r"|(?:asked|asks|wants|wanted|told|tells|instructed|would like|expects)"
    r" (?:me|us|you|codex|the agent|the assistant) to)(?= (?!be ))"
)
"""Openings of what is asked for."""
_DATED: Final = (Kind.DATE, Kind.WEEKDAY, Kind.MONTH, Kind.TIME)
_LONGEST: Final = 12
"""Words of an opening or an ending, at most."""
_QUOTES: Final = " ()[]`*_\"'“”«»"


def opening(text: str, raw: Sequence[Token], end: int) -> tuple[int, str] | None:
    """How many of the tokens *raw* of *text*, which is read up to *end*, are talk before what is
    said, and the names of who says it, and when; None where there is no such opening."""
    said = " ".join(token.key for token in raw[:_LONGEST])
    if asked := _ASKED.match(said):
        return asked[0].count(" ") + 1, ""
    if (idiom := _IDIOMS.match(said)) is not None:
        last = idiom[0].rstrip().count(" ")
        mark = text[raw[last].end : raw[last + 1].start].strip(_QUOTES)
        return (last + 1, "") if mark in (",", ":") else None
    names: list[str] = []
    for index, (token, following) in enumerate(zip(raw[:_LONGEST], raw[1:], strict=False)):
        if not _is_talk(token.key):
            if not (_is_dated(raw, index) or _is_name(text, raw, index)):
                return None
            names.append(token.key)
        gap = text[token.end : following.start].strip(_QUOTES)
        if _parts(raw, index, gap):
            keys = [each.key for each in raw[: index + 1]]
            if following.key in ("they", "he", "she") and "user" not in keys:
                return None  # it stands for who said it
            return (index + 1, " ".join(names)) if _tells(keys, names) else None
        if gap or following.start >= end:
            return None
    return None


def _is_talk(key: str) -> bool:
    return key in _TELLING or key in _BESIDE or key in _OCCASIONS


def _tells(keys: Sequence[str], names: Sequence[str]) -> bool:
    """Whether words of talk tell that something is said."""
    telling = _TELLING.intersection(keys)
    if telling & _SETTLED and (not _AHEAD.isdisjoint(keys) or "to be" in " ".join(keys)):
        return False
    if not keys:
        return False  # a name alone, as in "Fix: put a bound on it"
    if not telling:
        said = " ".join(keys)
        return (
            "from the user" in said
            or "made it clear" in said
            or (keys[0] == "from" and keys[-1] in _OCCASIONS)
            or (keys[0] in ("per", "according") and bool(names))
        )
    return not telling <= _NAMING or _OCCASIONS.isdisjoint(keys)


def _parts(raw: Sequence[Token], index: int, gap: str) -> bool:
    """Whether what is said begins behind the token at *index*."""
    if raw[index].key in ("that", "dass", "que") and gap in ("", ":", ","):
        return raw[index - 1].key not in ("this", "of", "with", "from", "like")
    if gap.startswith(",") and raw[0].key not in _COMMA_BEGINS:
        return False
    return gap in (":", "–", "—", "-", "--", ",", ";", ".")


def _is_dated(raw: Sequence[Token], index: int) -> bool:
    """Whether the token at *index* tells when something was said."""
    token = raw[index]
    if token.kind is Kind.NUMBER:
        return index > 0 and (raw[index - 1].key in _OCCASIONS or raw[index - 1].kind in _DATED)
    return token.kind in _DATED


def _is_name(text: str, raw: Sequence[Token], index: int) -> bool:
    """Whether the token at *index* is the name of who says it."""
    token = raw[index]
    if not text[token.start].isupper() or token.kind not in (Kind.WORD, Kind.NAME):
        return False
    before = raw[index - 1].key if index else ""
    after = raw[index + 1].key if index + 1 < len(raw) else ""
    told = before in ("per", "by", "and") or (before == "to" and raw[index - 2].key == "according")
    return told or after == "and" or after in _TELLING - _NAMING


def ending(text: str, raw: Sequence[Token]) -> tuple[int, str]:
    """From which of the tokens *raw* of *text* on all is talk behind what was said, their number
    where nothing is; and the names of who said it, and when."""
    for index in range(len(raw) - 1, max(1, len(raw) - _LONGEST), -1):
        if not text[raw[index - 1].end : raw[index].start].strip(" `*_"):
            continue
        keys = [token.key for token in raw[index:]]
        said = " ".join(keys)
        if _ENDINGS.fullmatch(said) or _IDIOMS.fullmatch(f"{said} "):
            return index, ""
        others = [at for at in range(index, len(raw)) if not _is_talk(raw[at].key)]
        names = [raw[at].key for at in others]
        told = keys[0] in _AFTERTHOUGHT and len(others) < 3 and _tells(keys, names)
        if told and all(_is_dated(raw, at) or _is_name(text, raw, at) for at in others):
            return index, " ".join(names)
        break
    return len(raw), ""
