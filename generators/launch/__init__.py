"""vLLM servers as child processes."""
