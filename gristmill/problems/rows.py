"""The records that readers yield, for a good row and for a bad one, and the bound on the size of a row.

A reader yields `Row` and `BadRow` in the order of the file and goes on after a bad one, so that whoever asks
decides what a bad row means. A file that cannot be read on at all is a DataError.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

MAX_ROW_BYTES = 1_000_000
"""The longest line or text that is read: a longer problem is a mistake, and memory has to be bounded."""


STATE_FILE, SPLITS_FILE = "state.json", "dataset_dict.json"
"""Files of a folder saved by Hugging Face `datasets`: of one data set, and of one with several splits."""


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one row as its format gives them.

    `unit` and `number` say where it stands: the line it starts on, or its row (both counted from 1). `known`
    are the names of all fields of the row, of which a columnar reader has read only those it was asked for.
    """

    unit: str
    number: int
    fields: Mapping[str, object]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used; `field` is "" where the whole row is at fault."""

    file: str
    unit: str
    number: int
    field: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file} {self.unit} {self.number}"
        return f"{place}, field {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"


Columns = frozenset[str]
"""Names of the fields that are wanted of each row."""

Rows = Generator[Row | BadRow, None, None]
