"""A language model of a few thousand weights with its tokenizer, made here: nothing is fetched.

The tokenizer goes by bytes, so that any text comes back from its tokens. The weights are drawn by lot; the
model is saved, since trainers that compare a model with its former self load that from its folder.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, LlamaForSequenceClassification, PreTrainedTokenizerFast

_SPECIAL = ["<pad>", "<bos>", "<eos>", "<user>", "<assistant>"]
_CHAT_TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}"
    "{% if message['role'] == 'assistant' %}<eos>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


@dataclass(frozen=True, slots=True)
class TinyModel:
    """Each of the models is a new one, with the weights of the folder."""

    folder: Path
    tokenizer: "PreTrainedTokenizerFast"

    def language_model(self) -> "LlamaForCausalLM":
        from transformers import LlamaForCausalLM

        return LlamaForCausalLM.from_pretrained(self.folder)

    def reward_model(self) -> "LlamaForSequenceClassification":
        """One number for a text; the layer that gives it is drawn anew."""
        from transformers import LlamaConfig, LlamaForSequenceClassification

        config = LlamaConfig.from_pretrained(self.folder, num_labels=1)
        return LlamaForSequenceClassification(config)


def make_tiny_model(folder: Path) -> TinyModel:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tokenizer()
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=512,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return TinyModel(folder, tokenizer)


def _tokenizer() -> "PreTrainedTokenizerFast":
    from tokenizers import Tokenizer
    from tokenizers.decoders import ByteLevel as BytesToText
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel
    from tokenizers.trainers import BpeTrainer
    from transformers import PreTrainedTokenizerFast

    bytewise = Tokenizer(BPE())
    bytewise.pre_tokenizer = ByteLevel(add_prefix_space=False)
    bytewise.decoder = BytesToText()
    trainer = BpeTrainer(
        vocab_size=300,
        special_tokens=_SPECIAL,
        initial_alphabet=ByteLevel.alphabet(),
        show_progress=False,
    )
    bytewise.train_from_iterator(["What is 1 and 1? Let me see. It is 2."], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytewise, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>"
    )
    tokenizer.chat_template = _CHAT_TEMPLATE
    return tokenizer
