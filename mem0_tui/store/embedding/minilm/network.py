"""The forward pass in plain numpy, fp32 arithmetic on the widened int8 weights.

Texts come as runs of equal length, so nothing is padded and nothing masked: the dense layers see
the tokens of all runs as one matrix, attention sees one run at a time. A text's vector therefore
does not depend on what else is in the pass, beyond the last bit or two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from mem0_tui.store.embedding.blas import NDArray, np
from mem0_tui.store.embedding.minilm.weights import EPSILON, HEADS, LAYERS, WIDTH, Float, Weights

Ids = NDArray[np.int64]

_HEAD = WIDTH // HEADS
_ONE = np.float32(1)
_PASS_TOKENS = 512
"""Tokens that one forward pass takes: enough for full speed, few enough to stay small in memory."""
_GELU_ROWS = 16
"""Rows that a block of the activation takes: its scratch stays in the second-level cache."""

_LOGIT = tuple(
    np.float32(value)
    for value in (
        1.5957685,
        7.2668560e-02,
        -6.6256151e-05,
        -1.1048155e-04,
        7.9384045e-06,
        -2.6690540e-07,
        3.6115433e-09,
    )
)
"""logit(Φ(x)) ≈ x·(c0 + c1·x² + …), a minimax fit weighted by its effect on x·Φ(x), |x| ≤ 5.2.

It rises for every x, so beyond the fitted range Φ saturates as it should. With fp32 rounding the
activation is within 1e-6 of the exact one.
"""


class EncoderLayer:
    """One transformer layer's weights, widened to fp32."""

    def __init__(self, weights: Weights, layer: int) -> None:
        self.qkv, self.qkv_bias = weights.matrix("qkv", layer), weights.bias("qkv", layer).copy()
        # Attention divides its scores by √32; dividing the queries once here saves that.
        self.qkv[:, :WIDTH] /= np.sqrt(np.float32(_HEAD))
        self.qkv_bias[:WIDTH] /= np.sqrt(np.float32(_HEAD))
        self.mix, self.mix_bias = weights.matrix("mix", layer), weights.bias("mix", layer)
        self.up, self.up_bias = weights.matrix("up", layer), weights.bias("up", layer)
        self.down, self.down_bias = weights.matrix("down", layer), weights.bias("down", layer)
        self.mix_norm = weights.norm("mix", layer)
        self.down_norm = weights.norm("down", layer)


class NumpyNetwork:
    """all-MiniLM-L6-v2 from token ids to mean-pooled, not yet normalised, sentence vectors."""

    def __init__(self, weights: Weights) -> None:
        self._words, self._words_scale = weights.words, weights.words_scale
        self._positions = weights.positions
        self._words_norm = weights.plain("words_norm")
        self._layers = [EncoderLayer(weights, layer) for layer in range(LAYERS)]

    def __call__(self, texts: Sequence[Sequence[int]]) -> Float:
        """One vector for each list of token ids, shape (texts, 384), in the order given."""
        return np.concatenate([self._pass(runs(some)) for some in passes(texts)])

    def _pass(self, runs: Sequence[Ids]) -> Float:
        """Vectors for *runs*, each (texts, tokens); shape (all texts, 384), in the order given."""
        x: Float = np.concatenate([self._embed(run) for run in runs])
        normalise(x, self._words_norm)
        for layer in self._layers:
            x = forward(x, layer, runs)
        pooled = np.empty((sum(len(run) for run in runs), WIDTH), dtype=np.float32)
        token = text = 0
        for run in runs:
            tokens = x[token : token + run.size].reshape(*run.shape, WIDTH)
            np.mean(tokens, axis=1, out=pooled[text : text + len(run)])
            token += run.size
            text += len(run)
        return pooled

    def _embed(self, run: Ids) -> Float:
        """The input embeddings of a run's tokens, shape (texts × tokens, 384)."""
        x = np.multiply(self._words[run], self._words_scale[run][..., None], dtype=np.float32)
        x += self._positions[: run.shape[1]]
        return x.reshape(-1, WIDTH)


def passes(texts: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    """*texts* cut into stretches of at most 512 tokens, or of one text."""
    start = size = 0
    for at, tokens in enumerate(texts):
        if at > start and size + len(tokens) > _PASS_TOKENS:
            yield texts[start:at]
            start, size = at, 0
        size += len(tokens)
    yield texts[start:]


def runs(texts: Sequence[Sequence[int]]) -> list[Ids]:
    """Neighbours of equal length, each run as one array (texts, tokens)."""
    grouped = groupby(texts, key=len)
    return [np.array(list(group), dtype=np.int64) for _, group in grouped]


def forward(x: Float, layer: EncoderLayer, runs: Sequence[Ids]) -> Float:
    """One layer over all tokens, shape (tokens, 384)."""
    attended: Float = attention(x @ layer.qkv + layer.qkv_bias, runs) @ layer.mix
    attended += layer.mix_bias
    attended += x
    normalise(attended, layer.mix_norm)
    hidden: Float = attended @ layer.up
    hidden += layer.up_bias
    gelu(hidden)
    output: Float = hidden @ layer.down
    output += layer.down_bias
    output += attended
    normalise(output, layer.down_norm)
    return output


def attention(qkv: Float, runs: Sequence[Ids]) -> Float:
    """Every token's mixture of its own text's values, shape (tokens, 384)."""
    mixed = np.empty((len(qkv), WIDTH), dtype=np.float32)
    start = 0
    for run in runs:
        texts, tokens = run.shape
        block = slice(start, start + run.size)
        split = qkv[block].reshape(texts, tokens, 3, HEADS, _HEAD).transpose(2, 0, 3, 1, 4)
        query, key, value = split
        share = query @ key.swapaxes(-1, -2)
        share -= share.max(axis=-1, keepdims=True)
        np.exp(share, out=share)
        share /= share.sum(axis=-1, keepdims=True)
        heads = mixed[block].reshape(texts, tokens, HEADS, _HEAD).transpose(0, 2, 1, 3)
        np.matmul(share, value, out=heads)
        start += run.size
    return mixed


def normalise(x: Float, norm: Float) -> None:
    """Layer norm of each row, in place."""
    x -= x.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1])
    x *= (_ONE / np.sqrt(variance + EPSILON))[:, None]
    x *= norm[0]
    x += norm[1]


def gelu(x: Float) -> None:
    """x·Φ(x), in place, Φ being the normal distribution function, by way of its logit."""
    square = np.empty((min(len(x), _GELU_ROWS), x.shape[1]), dtype=np.float32)
    logit = np.empty_like(square)
    # Far below zero exp overflows to infinity, and x over infinity is the right answer.
    with np.errstate(over="ignore"):
        for start in range(0, len(x), _GELU_ROWS):
            rows = x[start : start + _GELU_ROWS]
            s, p = square[: len(rows)], logit[: len(rows)]
            np.multiply(rows, rows, out=s)
            np.multiply(s, -_LOGIT[-1], out=p)
            for coefficient in _LOGIT[-2:0:-1]:
                p -= coefficient
                p *= s
            p -= _LOGIT[0]
            p *= rows
            np.exp(p, out=p)
            p += _ONE
            rows /= p
