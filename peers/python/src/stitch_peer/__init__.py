"""The Python peer: a server and a client of the service under test, made with grpcio."""
