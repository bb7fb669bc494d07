"""What the harness runs: the peer contract of docs/peer-contract.md."""
