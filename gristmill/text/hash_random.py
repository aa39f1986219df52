"""Random choice by hash: numbers and orders that depend on a key alone.

Not on the order in which rows come, on other rows, on the Python version or on how often it is asked. So rows
keep their places when others are added. A key is its parts joined by the unit separator, the seed first.
Stored choices and exported files rest on these functions: what they give for a key never changes.
"""

import hashlib
import struct

NUMBERS = 2**32
"""`hash_numbers` are below this."""

_FLOAT_BITS = 53
"""As many as a float holds exactly, so that a fraction is always below 1."""


def hash_bytes(*key: object) -> bytes:
    """SHA-256 of the key: 32 bytes, to sort by or to take integers from."""
    return hashlib.sha256(_joined(key)).digest()


def hash_fraction(*key: object) -> float:
    """In [0, 1)."""
    return (int.from_bytes(hash_bytes(*key)[:8], "big") >> (64 - _FLOAT_BITS)) / (1 << _FLOAT_BITS)


def hash_numbers(*key: object, count: int = 1) -> tuple[int, ...]:
    """`count` numbers in [0, 2**32), by SHAKE-128. More of them begin with those of fewer."""
    return struct.unpack(f">{count}I", hashlib.shake_128(_joined(key)).digest(4 * count))


def hash_bytes_16(*key: object) -> bytes:
    """BLAKE2b of the key, 16 bytes. The order of fragments is by it; new code takes `hash_bytes`."""
    return hashlib.blake2b(_joined(key), digest_size=16).digest()


def _joined(key: tuple[object, ...]) -> bytes:
    return "\x1f".join(map(str, key)).encode("utf-8", "surrogatepass")
