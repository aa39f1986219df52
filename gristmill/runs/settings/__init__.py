"""Configuration of a run in sections, and the recipes that it is read from."""
