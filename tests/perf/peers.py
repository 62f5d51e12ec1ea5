"""How long rensa and datasketch take to find near texts: a script for an interpreter that has them.

``python peers.py rensa|datasketch FILE`` prints a JSON object: CPU seconds, RSS in MB, pairs.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from typing import Any

_PERMUTATIONS, _BANDS, _LEAST = 128, 16, 0.7


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _rensa(sets: list[list[str]]) -> int:
    rensa: Any = importlib.import_module("rensa")
    hashes = rensa.RMinHash.from_token_sets(sets, _PERMUTATIONS, 42)
    index = rensa.RMinHashLSH(_LEAST, _PERMUTATIONS, _BANDS)
    index.insert_many(hashes, 0)
    found = 0
    for number, each in enumerate(hashes):
        for other in index.query(each):
            found += other < number and each.jaccard(hashes[other]) >= _LEAST
    return found


def _datasketch(sets: list[list[str]]) -> int:
    datasketch: Any = importlib.import_module("datasketch")
    index = datasketch.MinHashLSH(threshold=_LEAST, num_perm=_PERMUTATIONS)
    found = 0
    for number, each in enumerate(sets):
        hashed = datasketch.MinHash(num_perm=_PERMUTATIONS)
        hashed.update_batch([token.encode() for token in each])
        found += len(index.query(hashed))
        index.insert(number, hashed)
    return found


def main(name: str, path: str) -> None:
    """Time one of them on the texts of a file."""
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)[1] for line in file]
    importlib.import_module(name)
    before, start = _peak(), time.process_time()
    sets = [list(set(text.lower().split())) for text in texts]
    found = _rensa(sets) if name == "rensa" else _datasketch(sets)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "mb": _peak() - before, "pairs": found}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
