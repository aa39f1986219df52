"""Client of OpenAI-compatible servers: requests, replies, errors, load balancing."""
