# frozen_string_literal: true

require 'grpc'
require 'stitch/harness/arguments'
require 'stitch/harness/notation'
require 'stitch/port'

module Stitch
  module Harness
    # A server of the library that can be stopped in either way.
    class Listener < GRPC::RpcServer
      # Each call in flight holds a thread, a call that waits too. The library's default is 30.
      POOL_SIZE = 200
      # The library waits so long for its threads when all calls have ended.
      KEEP_ALIVE_SECONDS = 0.1
      FOREVER = -1

      def initialize(server_args)
        super(pool_size: POOL_SIZE, pool_keep_alive: KEEP_ALIVE_SECONDS, server_args:)
      end

      # Serves until it is stopped; returns when calls are accepted.
      def start
        @running = Thread.new { run }
        wait_till_running
      end

      # Takes no new calls; those in flight have so many seconds. Returns when the port is free.
      def stop_within(seconds)
        @poll_period = seconds
        stop
        @running.join
      end
    end

    # The server's listeners, by port.
    class Listeners
      def initialize
        @by_port = {}
      end

      # Returns the port, once calls are accepted.
      def open(listen, services)
        listener = Listener.new(server_args(listen))
        services.each { |service| listener.handle(service) }
        port = Port.bind(listener, listen.fetch(:host), listen[:port] || 0, credentials(listen[:tls]))
        listener.start
        @by_port[port] = listener
        port
      end

      # Raises UnknownError for a port without a listener.
      def stop(port, within:)
        listener = @by_port[port] or raise UnknownError, "listener #{port}"
        listener.stop_within(within)
        # Another one may be there already, when this one was told to stop twice.
        @by_port.delete(port) if @by_port[port].equal?(listener)
        nil
      end

      # Stops all of them, those too that are draining; returns the threads that do.
      def stop_all(within:)
        @by_port.keys.map { |port| Thread.new { stop(port, within:) } }
      end

      private

      def server_args(listen)
        Port::NOT_SHARED.merge(Arguments.connection(listen), pings(listen[:minPingMs]), {
          'grpc.max_connection_age_ms' => Arguments.positive(listen[:maxAgeMs])
        }.compact)
      end

      def pings(interval)
        return {} unless Arguments.positive(interval)

        {
          'grpc.http2.min_ping_interval_without_data_ms' => interval,
          # Otherwise it is two hours while there are no calls.
          'grpc.keepalive_permit_without_calls' => 1
        }
      end

      def credentials(tls)
        return :this_port_is_insecure unless tls
        raise UnknownError, "TLS version #{tls[:version]}" if Arguments.pem(tls[:version])

        client_ca = Arguments.pem(tls[:clientCa])
        pair = { private_key: tls.fetch(:key), cert_chain: tls.fetch(:cert) }
        GRPC::Core::ServerCredentials.new(client_ca, [pair], !client_ca.nil?)
      end
    end
  end
end
