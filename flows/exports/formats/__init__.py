"""The formats: one file each. A new one is a file here and a line in `FORMATS`."""

from flows.exports.formats.alpaca import ALPACA
from flows.exports.formats.dpo import DPO
from flows.exports.formats.kto import KTO
from flows.exports.formats.openai import OPENAI
from flows.exports.formats.prompt_completion import PROMPT_COMPLETION
from flows.exports.formats.raw import RAW
from flows.exports.formats.reference import REFERENCE
from flows.exports.formats.reward import REWARD
from flows.exports.formats.rlvr import RLVR
from flows.exports.formats.sft import SFT
from flows.exports.formats.sharegpt import SHAREGPT
from flows.exports.formats.stepwise import STEPWISE
from flows.exports.rows import Format

FORMATS: dict[str, Format] = {
    "sft": SFT,
    "prompt-completion": PROMPT_COMPLETION,
    "alpaca": ALPACA,
    "sharegpt": SHAREGPT,
    "openai": OPENAI,
    "reference": REFERENCE,
    "dpo": DPO,
    "reward": REWARD,
    "kto": KTO,
    "rlvr": RLVR,
    "stepwise": STEPWISE,
    "raw": RAW,
}
