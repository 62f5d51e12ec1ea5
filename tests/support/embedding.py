"""A stand-in for the embedder, where meaning does not matter: texts that share words are near."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from mem0_tui.store.embedding.blas import NDArray, np

DIMENSIONS = 384


class WordEmbedder:
    """Each word is a direction; counts what it was asked for."""

    dimensions = DIMENSIONS

    def __init__(self, model_id: str = "words-1") -> None:
        self.model_id = model_id
        self.embedded: list[str] = []

    def knows(self, text: str) -> bool:
        return bool(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[0] = 0.5
            for word in re.findall(r"\w+", text.casefold()):
                vector[1 + crc32(word.encode()) % (DIMENSIONS - 1)] += 1
            vector /= np.linalg.norm(vector)
        return vectors
