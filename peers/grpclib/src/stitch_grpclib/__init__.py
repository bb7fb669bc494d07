"""The grpclib peer."""
