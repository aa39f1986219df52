"""Numbers drawn by lot for an attempt: from a hash, so that they depend on nothing but what is hashed.

Not on the order in which rows come, on other rows, on the Python version or on how often it is asked.
"""

import hashlib
import struct

LOT_VALUES = 2**32


def lots(
    seed: int, purpose: str, problem_id: str, run_id: str, number: int, count: int = 1
) -> tuple[int, ...]:
    """`count` numbers in [0, 2**32). More of them begin with those of fewer; purposes share none."""
    key = f"{seed}\x1f{purpose}\x1f{problem_id}\x1f{run_id}\x1f{number}"
    digest = hashlib.shake_128(key.encode("utf-8", "surrogatepass")).digest(4 * count)
    return struct.unpack(f">{count}I", digest)
