"""Whether somebody asks something: by question marks of every script, and by the words with which
questions begin or end in eleven languages.

Words alone say less than a mark: "when you deploy, use the blue script" asks nothing, nor does
"Was wir brauchen, ist Zeit". So a question word counts only with what makes it one, such as the
verb behind it, and at the beginning of a message. What stays unclear is no question.
"""

from __future__ import annotations

import re
from typing import Final

MARKS: Final = "?？؟⸮⁇⁈⁉‽﹖︖՞፧꘏᥅꛷⳺𑅃𞥟❓❔"
"""Question marks: Latin, full width, Arabic, reversed, double, mixed, small, upright, Armenian,
Ethiopic, Vai, Limbu, Bamum, Old Nubian, Chakma, Adlam and pictures."""

_MARK = re.compile(
    rf"\?(?:[\s)\]»\"'”’]|[?!？！؟]|$)|[{MARKS[1:]}¿]"
    # Greek asks with a semicolon, which is no question mark elsewhere.
    r"|[\u0370-\u03ff\u1f00-\u1fff]\s?[;\u037e](?:[\s)\]»\"'”’]|$)"
)
_THING = (
    r"(?:i|you|we|it|he|she|they|this|that|these|those|there|the|a|an|my|our|your"
    r"|any(?:one|body|thing)?|some(?:one|body|thing)?)"
)
_ENGLISH = (
    r"(?:so |and |but |ok(?:ay)?,? |hm+,? |hi,? |hey,? )*"
    r"(?:(?:what|how|why|where|who|whose|whom|which)(?:(?:'s|’s|'re|’re)\s|\s"
    r"(?!ever\b|(?:i|you|we|they|he|she|(?<!why )(?:the|a|an|my|our|your))\b))"
    r"|when(?:'s|’s|'re|’re|\s(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have"
    r"|had))\b"
    r"|(?:is|are|was|were|do|does|did|can|could|would|will|should|shall|may|might|has|have|had)"
    rf"(?:n't|n’t)?\s{_THING}\b)"
)
_GERMAN = (
    r"(?:(?:und|aber|also|ok|hm+|hallo|hey),? )*"
    r"(?:(?:was|wie|warum|wieso|weshalb|wo|wann|wer|wem|wen|woher|wohin|wozu|womit|woran|wodurch)"
    r" (?:ist|sind|war|waren|kann|können|könnte|soll|sollen|sollte|sollten|muss|müssen|darf|dürfen"
    r"|wird|werden|wurde|würde|hat|haben|hatte|habe|geht|gehe|gehen|macht|mache|machen|mach|heißt"
    r"|bedeutet|funktioniert|funktionieren|läuft|laufen|kommt|kommen|bekomme|bekommen|gibt|liegt"
    r"|steht|passiert|startet|starte|schlägt|viele|lange|oft)"
    r"|(?:kannst|könntest|hast|weißt|willst|magst|würdest|bist|siehst) du"
    r"|(?:können|könnten|sollen|wollen|dürfen|müssen|haben) (?:wir|sie)|(?:kann|soll|darf|muss) ich"
    r"|gibt es|gibt’s|gibt's) [^,:]*$"
)
_FRENCH = (
    r"(?:(?:et|mais|alors|donc|bon|ok),? )*"
    r"(?:(?:pourquoi|comment|quand|où|combien) est-ce|est-ce que |est-ce qu['’]|qu['’]est-ce"
    r"|(?:qui|que|quoi) est-ce|c['’]est quoi\b"
    r"|pourquoi (?!pas\b)|comment (?:faire|ça|je|tu|nous|vous|puis|peut|pouvons|dois|doit|marche"
    r"|fonctionne|on (?:fait|peut|doit|lance|va))\b"
    r"|(?:où|quand|combien) (?:est|sont|se trouve|se trouvent|y a-t-il)\b"
    r"|quel(?:le)?s? (?:est|sont|était|étaient)\b"
    r"|(?:\w+(?:-t)?-(?:je|tu|il|elle|ils|elles)|(?:peut|doit|fait|va-t|a-t)-on|y a-t-il"
    r"|(?:pouvez|pourriez|savez|avez|êtes|voulez|devez)-vous|(?:pouvons|devons|avons)-nous)\b)"
    r"[^,:]*$"
)
_SPANISH = (
    r"(?:(?:y|pero|entonces|oye|hola|vale),? )*"
    r"(?:por qué|cómo|cuándo|dónde|cuál(?:es)?|quién(?:es)?|cuánt[oa]s?"
    r"|qué (?!bien|bueno|buena|mal|tal|lástima))\b[^,:]*$"
)
_PORTUGUESE = (
    r"(?:(?:e|mas|então|oi|olá),? )*"
    r"(?:por que (?:o|a|os|as|não|é|isso|este|esta|esse|essa)|por quê|como (?:faço|posso|devo"
    r"|funciona|funcionam|se faz|eu (?:faço|posso|devo))|o que (?:são|significa|significam|acontece"
    r"|aconteceu|houve|devo|posso|devemos)|o que é (?:um|uma|o|a|isso|isto|este|esta|esse|essa)"
    r"|qual é|quais são|onde (?:está|estão|fica|ficam|posso|encontro)|quant[oa]s? (?:tempo|são|há)"
    r")\b[^,:]*$"
)
_ITALIAN = (
    r"(?:(?:e|ma|allora|quindi|ciao|ok),? )*"
    r"(?:come (?:faccio|posso|devo|si fa|funziona|funzionano|mai)|(?:che )?cosa (?:è|sono|significa"
    r"|significano|succede|devo|posso|fa)|(?:che )?cos['’]è|dov['’]è|dove (?:è|si trova|si trovano"
    r"|posso|devo|trovo)|qual è|quali sono|quant[oiae] (?:costa|sono|tempo)|perché non (?:funziona"
    r"|funzionano|va|parte|riesco))\b[^,:]*$"
)
_DUTCH = (
    r"(?:(?:en|maar|dus|ok|hoi|hallo),? )*"
    r"(?:(?:wat|hoe|waarom|waar|wanneer|wie) (?:is|zijn|was|waren|kan|kun|kunnen|moet|moeten|mag"
    r"|werkt|werken|doe|doet|doen|maak|maken|krijg|krijgen|zorg|heet|komt|gaat|gaan|zit|staat|staan"
    r"|vind|betekent|gebeurt|heeft|hebben|wordt|worden|faalt|lang|vaak|veel)"
    r"|welke? [\w-]+ (?:is|zijn|moet|moeten|gebruiken|gebruikt|heeft|hebben|kan)"
    r"|(?:kun|kan|heb|weet|wil|zou) (?:je|jij|u)|kunnen we|zullen we|moet ik|zal ik|is er|zijn er)"
    r"\b[^,:]*$"
)
_CHINESE = (
    r"(?:请问|請問|为什么|為什麼|为啥|是不是|能不能|可不可以"
    r"|(?:怎么|怎麼)(?:办|辦|做|样|樣|才能|能|用|让|讓|把|解决|解決|设置|設置|配置|修复|修復|运行|運行|回事))"
    r"[^，,：:。]*[。]?$"
)
_FIRST = re.compile(
    "|".join(
        f"(?:{language})"
        for language in (
            _ENGLISH,
            *(_GERMAN, _FRENCH, _SPANISH, _PORTUGUESE, _ITALIAN, _DUTCH, _CHINESE),
        )
    ),
    re.IGNORECASE,
)


def _ending(consonant: int) -> str:
    """All Hangul syllables that end in the consonant of that number, such as 8 for ㄹ."""
    return "".join(map(chr, range(0xAC00 + consonant, 0xD7A4, 28)))


_LAST = re.compile(
    r"(?:"
    # Japanese: polite forms, and plain ones that are not "whether or not" (かどうか).
    r"(?:です|ます|ました|ません|でした|でしょう|だろう|よう|のだ|んだ|した|する|できる|ない|いい|の)か[ねな]?"
    r"|かしら"
    # Chinese: 呢 asks only beside a question word, or behind a few words (那测试呢).
    r"|[\u4e00-\u9fff][吗嗎]"
    r"|(?:什么|什麼|怎么|怎麼|为何|為何|哪|谁|誰|几|幾|多少|是否|还是|還是|如何)[^，,。！!\n]{0,20}呢"
    r"|^(?:那|那么|那麼)[^，,。！!\n]{1,8}呢"
    # Korean: formal and polite forms; many other words end in 니까, 나요 and 가요.
    rf"|[{_ending(17)}]니까|[하되있없했됐였]나요|[{_ending(8)}]까요|[인은는던]가요"
    r")[。．.！!～~\s]*$"
)
_SENTENCE = re.compile(r"[^。！!\n]+[。！!]*")


def asks(text: str) -> bool:
    """Whether *text*, in which nothing is quoted, asks anything."""
    if _MARK.search(text) or _FIRST.match(text.strip()):
        return True
    if text.isascii():
        return False
    return any(_LAST.search(sentence) for sentence in _SENTENCE.findall(text))
