"""Transforms of an example: chat turns, prompt styles, markers."""
