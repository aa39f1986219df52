"""Words, sentences, visible characters and other facts on plain text that several folders share."""
