# frozen_string_literal: true

require 'grpc'
require 'socket'

module Stitch
  # The port of a gRPC server.
  module Port
    # gRPC shares a port with whoever else asks for it, unless it is told not to.
    NOT_SHARED = { 'grpc.so_reuseport' => 0 }.freeze

    # Binds the server to the port, and returns it; port 0 lets the system choose. Raises SystemCallError
    # or SocketError, which say why: the library's own error does not.
    def self.bind(server, host, port, credentials = :this_port_is_insecure)
      TCPServer.new(host, port).close
      server.add_http2_port(host.include?(':') ? "[#{host}]:#{port}" : "#{host}:#{port}", credentials)
    end
  end
end
