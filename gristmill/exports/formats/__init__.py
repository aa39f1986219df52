"""Formats of an export, by name: each is one file.

A new one is a file here and a line in `FORMATS`; CONTRIBUTING.md says what tests and documents want of it.
"""

from typing import TYPE_CHECKING

from gristmill.exports.registry import LazyRegistry

if TYPE_CHECKING:
    from gristmill.exports.rows import Format

FORMATS: "LazyRegistry[Format]" = LazyRegistry(
    {
        "sft": "gristmill.exports.formats.sft:SFT",
        "prompt-completion": "gristmill.exports.formats.prompt_completion:PROMPT_COMPLETION",
        "alpaca": "gristmill.exports.formats.alpaca:ALPACA",
        "sharegpt": "gristmill.exports.formats.sharegpt:SHAREGPT",
        "openai": "gristmill.exports.formats.openai:OPENAI",
        "reference": "gristmill.exports.formats.reference:REFERENCE",
        "dpo": "gristmill.exports.formats.dpo:DPO",
        "reward": "gristmill.exports.formats.reward:REWARD",
        "kto": "gristmill.exports.formats.kto:KTO",
        "rlvr": "gristmill.exports.formats.rlvr:RLVR",
        "stepwise": "gristmill.exports.formats.stepwise:STEPWISE",
        "raw": "gristmill.exports.formats.raw:RAW",
    }
)
