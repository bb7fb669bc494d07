"""What a person runs: a server, a client and a health check."""
