"""The grpclib peer: a server and a client of the service under test, in pure Python."""
