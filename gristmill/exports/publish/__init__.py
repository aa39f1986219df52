"""Writing an export so that it appears whole or not at all."""
