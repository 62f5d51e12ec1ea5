"""Words that carry a fact and are none: ``runs on``, ``is set to``, ``the service``.

Texts that give one subject another value are found and compared without them.
"""

from __future__ import annotations

from typing import Final

from mem0_tui.detect.repeats.derivation import root
from mem0_tui.detect.repeats.synonyms import same_as
from mem0_tui.detect.repeats.vocabulary import word_set

ASPECTS: Final = word_set("""
port version runtime limit cap maximum number value setting level day date time
""")
"""Nouns that say what a value is one of, which its form tells as well."""
_WORDS: Final = word_set("""
run use used require need listen bind serve start begin take get come become move switch upgrade
change pin set host schedule plan expect accept cap limit keep may can hold put stay have hit reach
target adjust raise bump renew point available reachable respectively place happen occur include
contain want wish like ask own owner belong responsible responsibility app application repository
project projekt projet proyecto monorepo codebase system user developer company now today currently
since last new recently latest out up most decide choose pick agree more longer anymore any lauft
laufen benutzt verwendet nutzt installiert steht jetzt utilise tourne desormais usa corre ahora
""")
CARRIERS: Final = frozenset(
    form for word in (*_WORDS, *ASPECTS) for form in (word, same_as(word), root(word))
)
