"""What a person runs: the plain service and its client."""
