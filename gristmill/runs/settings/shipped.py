"""The recipes that ship with Gristmill, by name. Imports the standard library alone."""

from pathlib import Path

RECIPES = Path(__file__).parent.parent / "recipes"


def shipped_recipes() -> dict[str, str]:
    """Name and first comment line of each file, in the order of the names."""
    found = {}
    for file in sorted(RECIPES.glob("*.toml")):
        with file.open(encoding="utf-8") as lines:
            found[file.stem] = lines.readline().strip().lstrip("# ")
    return found
