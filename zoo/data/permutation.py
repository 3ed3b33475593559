"""A seeded order of any length that is never written down."""

from functools import lru_cache
from hashlib import blake2b
from math import isqrt

_ROUNDS = 8
_WORD = (1 << 64) - 1
# Odd multipliers of the SplitMix64 generator's finaliser (Steele, Lea and Flood 2014).
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def permuted(seed_words: tuple[int, ...], count: int, position: int) -> int:
    """What stands at a position of a random permutation of 0 … count - 1.

    A Feistel network over a rectangle of numbers that is hardly larger than ``count`` (Black and
    Rogaway 2002, Ciphers with Arbitrary Finite Domains); what falls outside goes through again.

    Args:
        seed_words: Choose the permutation; whole numbers of any size, not negative.
        count: Length of the permutation.
        position: 0 <= position < count.

    Returns:
        A number in 0 … count - 1: each stands at just one position.
    """
    columns, rows = _rectangle(count)
    keys = _keys(seed_words)
    while True:
        left, right = divmod(position, columns)
        for key, other in keys:
            mixed = (right ^ key) * _FIRST & _WORD
            left = (left + ((mixed ^ mixed >> 29) * _SECOND & _WORD) // 0x100000000) % rows
            mixed = (left ^ other) * _FIRST & _WORD
            right = (right + ((mixed ^ mixed >> 29) * _SECOND & _WORD) // 0x100000000) % columns
        position = left * columns + right
        if position < count:
            return position


@lru_cache(maxsize=64)
def _rectangle(count: int) -> tuple[int, int]:
    """Columns and rows of the smallest near-square that holds ``count`` numbers."""
    columns = isqrt(count - 1) + 1
    return columns, -(-count // columns)


@lru_cache(maxsize=64)
def _keys(seed_words: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Two 64-bit keys for each pair of rounds."""
    text = ",".join(map(str, seed_words)).encode()
    digest = b"".join(
        blake2b(text, digest_size=16, salt=bytes([number])).digest()
        for number in range(_ROUNDS // 2)
    )
    words = [int.from_bytes(digest[at : at + 8], "little") for at in range(0, len(digest), 8)]
    return tuple(zip(words[::2], words[1::2], strict=True))
