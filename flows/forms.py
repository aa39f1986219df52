"""Parameter schemas for Prefect's run dialog: settings models whose named fields list their choices.

A registry that grows cannot be a Literal: the choices are added to the JSON schema alone, and the settings
stay as they are. On the command line the same name is checked when it is used.

Where a person wrote the configuration of a run that is to begin (`FOR_A_NEW_RUN`), the name of its recipe is
checked, too. In a flow run it is not: that may go on with a run which has another name in the store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import ExportSettings
from gristmill.generators.prompts import TEMPLATES
from gristmill.runs.settings.recipe import check_names_a_recipe
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Choices:
    """Annotation that adds an enum to the JSON schema of these fields of one section."""

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


FOR_A_NEW_RUN = {"run": "new"}
"""Validation context in which recipes' names are checked."""


def _names_a_recipe(value: object, info: ValidationInfo) -> object:
    """Checks the recipe's name, before all else, so that an incomplete configuration is checked, too."""
    name = value.get("recipe") if isinstance(value, Mapping) else None
    if info.context is FOR_A_NEW_RUN and isinstance(name, str):
        try:
            check_names_a_recipe(name)
        except ConfigError as error:
            raise ValueError(
                f"{error} (a run in the store keeps its own, where its run_id is given)"
            ) from error
    return value


RunForm = Annotated[
    RunConfig, BeforeValidator(_names_a_recipe), Choices("generator", {"template": TEMPLATES})
]
ExportForm = Annotated[ExportSettings, Choices("output", {"format": FORMATS, "container": CONTAINERS})]
