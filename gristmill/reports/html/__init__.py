"""HTML report of runs: one file, without any script."""
