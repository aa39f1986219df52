"""Functions on plain text that several folders share, one definition each, on the standard library alone."""
