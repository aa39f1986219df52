"""Exports: training sets made from the store, in a format and a container, with the provenance of every row.

`export.py` does it; `settings.py` has every setting, `formats/` and `containers/` the shapes of the rows and
their files, `transforms/` what is done to prompts and responses, `publish/` how a folder appears as a whole,
`card/` the data card. `replay.py` makes an export again from its manifest, `compare.py` compares two.
"""
