"""Settings as the forms of deployments show them: a field that takes a name from one of our tables is a
choice among these, as it would be with a Literal, which a table that grows cannot be.

The settings themselves are as they were: on the command line the same name is checked when it is used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from flows.exports.containers import CONTAINERS
from flows.exports.formats import FORMATS
from flows.exports.settings import ExportSettings
from flows.run_config import RunConfig
from generators.prompts import TEMPLATES


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of one section may be."""

    section: str
    fields: Mapping[str, Iterable[str]]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        made = handler(schema)
        section = handler.resolve_ref_schema(made)["properties"][self.section]
        shown = handler.resolve_ref_schema(section)["properties"]
        for field, known in self.fields.items():
            shown[field]["enum"] = list(known)
        return made


RunForm = Annotated[RunConfig, Choices("generator", {"template": TEMPLATES})]
ExportForm = Annotated[ExportSettings, Choices("output", {"format": FORMATS, "container": CONTAINERS})]
