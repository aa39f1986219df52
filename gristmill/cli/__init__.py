"""The commands, a module each: options in, printed text and exit status out."""
