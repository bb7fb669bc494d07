# frozen_string_literal: true

require 'grpc/health/v1/health_services_pb'
require 'stitch/person/channel'

module Stitch
  module Person
    # The health check that a person, or a container engine, runs.
    module Health
      TIMEOUT_SECONDS = 2

      # Returns 0 when the whole server is SERVING, else says why not and returns 1.
      def self.run(address)
        stub = Grpc::Health::V1::Health::Stub.new(address, :this_channel_is_insecure, channel_args: CHANNEL_ARGS)
        request = Grpc::Health::V1::HealthCheckRequest.new
        status = stub.check(request, deadline: Time.now + TIMEOUT_SECONDS).status
        return 0 if status == :SERVING

        complain(address, status)
      rescue GRPC::BadStatus => e
        complain(address, Person.sentence(e))
      end

      def self.complain(address, why)
        warn "#{address} is not healthy: #{why}"
        1
      end

      private_class_method :complain
    end
  end
end
