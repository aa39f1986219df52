"""The formats: one file each. A new one is a file here and a line in `FORMATS`."""

from gristmill.exports.formats.alpaca import ALPACA
from gristmill.exports.formats.dpo import DPO
from gristmill.exports.formats.kto import KTO
from gristmill.exports.formats.openai import OPENAI
from gristmill.exports.formats.prompt_completion import PROMPT_COMPLETION
from gristmill.exports.formats.raw import RAW
from gristmill.exports.formats.reference import REFERENCE
from gristmill.exports.formats.reward import REWARD
from gristmill.exports.formats.rlvr import RLVR
from gristmill.exports.formats.sft import SFT
from gristmill.exports.formats.sharegpt import SHAREGPT
from gristmill.exports.formats.stepwise import STEPWISE
from gristmill.exports.rows import Format

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
