"""What people put around a memory in German, Spanish, French, Chinese and Japanese.

Expressions for :mod:`.wrapper`, in its verbose form; and the words by which it knows that they are
worth a closer look.
"""

from __future__ import annotations

from typing import Final

from mem0_tui.detect.repeats.vocabulary import word_set

_LABELS = (
    r"(?:merke|merk\s+dir|hinweis|anmerkung|notiz|(?:zur\s+)?erinnerung|wichtig|achtung"
    r"|entscheidung|konvention|nota|recordatorio|recuerda|recuerden|importante|atención|aviso"
    r"|decisión|rappel|remarque|à\s+noter|à\s+retenir|décision)"
)
_DE_WHO = r"(?:der|die|das)\s+(?:be)?(?:nutzer(?:in)?|anwender(?:in)?|kunde|kundin|entwickler(?:in)?|team)"  # noqa: E501
_DE_SAID = r"(?:hat\s+)?(?:sagte?|meinte?|erwähnte?|bestätigte?|betonte?|gesagt|erwähnt|betont)"
_ES_WHO = r"(?:el|la)\s+(?:usuari[oa]|cliente|equipo|desarrollador(?:a)?)"
_ES_SAID = r"(?:ha\s+)?(?:dijo|dice|dicho|mencionó|mencionado|confirmó|confirmado|señaló|indicó)"
_FR_WHO = r"(?:l['’](?:utilisateur|utilisatrice|équipe)|le\s+client|la\s+cliente)"
_FR_SAID = r"(?:a\s+)?(?:dit|précisé|confirmé|mentionné|rappelé)"
_FILLER = (
    r"(?:grundsätzlich|generell|in\s+der\s+regel|wie\s+(?:besprochen|vereinbart|gesagt|erwähnt)"
    r"|en\s+general|por\s+lo\s+general|como\s+(?:acordamos|dijimos|hablamos)|en\s+général"
    r"|comme\s+(?:convenu|discuté|dit))"
)
OPENINGS: Final = rf"""
    | {_LABELS}\s*:
    | {_DE_WHO}\s+{_DE_SAID}\s*(?:,?\s*dass\b|:)
    | {_ES_WHO}\s+{_ES_SAID}\s*(?:que\b|:)
    | (?:recuerda|recuerden|no\s+olvides|ten\s+en\s+cuenta)\s+que\b
    | {_FR_WHO}\s+{_FR_SAID}\s*(?:que\b|qu['’]|:)
    | (?:n['’]oubliez?\s+pas|notez)\s+(?:que\b|qu['’])
    | {_FILLER}\s*(?:,|:|(?=\s))
    | (?:注意|备注|備註|提醒|提示|重要|请记住|记住|記住|メモ|備考|覚え書き)\s*[:：]
    | (?:用户|使用者|客户|开发者|团队)(?:说(?!明|服|法|辞|唱)|提到|表示)[了过]?\s*[:：,，]?
"""
"""More alternatives of an opening."""
ENDINGS: Final = (
    r"|(?:nochmals\s+)?bestätigt|notiert|wie\s+(?:besprochen|vereinbart|gesagt|erwähnt|immer)"
    r"|gilt\s+weiterhin|confirmad[oa]|como\s+(?:acordamos|dijimos|hablamos|siempre)"
    r"|sigue\s+vigente|confirmée?|comme\s+(?:convenu|discuté|dit|toujours)"
    r"|已确认|已確認|確認済み?|已记录|已記錄|仍然有效"
)
"""More alternatives of what an ending says."""
MAY_OPEN: Final = word_set("grundsätzlich generell zur rappel")
MAY_LEAD: Final = word_set("""
der die das el la le l'utilisateur l’utilisateur l'utilisatrice l’utilisatrice l'équipe l’équipe wie
en por como comme recuerda recuerden ten n'oublie n’oublie n'oubliez n’oubliez notez à merk
""")
MAY_FOLLOW: Final = word_set("""
nutzer nutzerin benutzer benutzerin anwender anwenderin kunde kundin entwickler entwicklerin team
usuario usuaria cliente client equipo desarrollador desarrolladora a dit der besprochen vereinbart
gesagt erwähnt general général lo acordamos dijimos hablamos convenu discuté que en olvides pas
noter retenir dir
""")
MAY_END: Final = word_set("""
bestätigt notiert besprochen vereinbart gesagt erwähnt immer weiterhin confirmado confirmada
acordamos dijimos hablamos siempre vigente confirmé confirmée convenu discuté dit toujours
""")
UNSPACED_STARTS: Final = (
    "注意", "备注", "備註", "提醒", "提示", "重要", "请记住", "记住", "記住", "メモ", "備考",
    "覚え書き", "用户", "使用者", "客户", "开发者", "团队",
)  # fmt: skip
