"""The report of a run: one HTML file for people who would rather look than read, without any script."""
