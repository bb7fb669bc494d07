# frozen_string_literal: true

require 'stitch/manage'
require 'stitch/port'
require 'grpc/health/checker'

module Stitch
  module Person
    # The server that a person runs.
    module Server
      GRACE_SECONDS = 5
      SERVING = Grpc::Health::V1::HealthCheckResponse::ServingStatus::SERVING

      # Serves until SIGINT or SIGTERM; returns the exit code.
      def self.run(host, port)
        server = GRPC::RpcServer.new(poll_period: GRACE_SECONDS, server_args: Port::NOT_SHARED)
        bound = Port.bind(server, host, port)
        server.handle(ManageService)
        server.handle(health)
        serve(server) { warn "listening on #{host}:#{bound}" }
        0
      rescue SystemCallError, SocketError, RuntimeError => e
        warn "cannot listen on #{host}:#{port}: #{e.message}"
        1
      end

      def self.health
        Grpc::Health::Checker.new.tap { |checker| checker.set_status_for_services(SERVING, '', 'Manage') }
      end

      def self.serve(server)
        signals = Thread::Queue.new
        %w[INT TERM].each { |name| trap(name) { signals << name } }
        running = Thread.new { server.run }
        server.wait_till_running
        yield
        signals.pop
        server.stop
        running.join
      end

      private_class_method :health, :serve
    end
  end
end
