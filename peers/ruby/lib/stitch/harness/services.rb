# frozen_string_literal: true

require 'grpc'
require 'stitch/harness/served'

module Stitch
  module Harness
    # What the library serves a method with: an instance of a class that describes that method alone,
    # since two methods of a service may have one name in Ruby.
    module Services
      # Returns one that answers each call by the scripts that there are then.
      def self.of(method, scripts)
        Class.new do
          include GRPC::GenericService
          self.marshal_class_method = :encode
          self.unmarshal_class_method = :decode
          self.service_name = method.service
          rpc(
            method.name,
            method.client_streaming ? stream(method.request) : method.request,
            method.server_streaming ? stream(method.response) : method.response
          )
          define_method(GRPC::GenericService.underscore(method.name), &Services.handler(method, scripts))
        end.new
      end

      # The library hands over, and takes, something else for each kind of method.
      def self.handler(method, scripts)
        serve = ->(requests, call) { Served.new(method, requests, call, scripts) }
        case method.kind
        when :request_response then ->(request, call) { serve[[request].compact.each, call].response }
        when :client_streamer then ->(call) { serve[call.each_remote_read, call].response }
        when :server_streamer then ->(request, call) { serve[[request].compact.each, call].responses }
        when :bidi_streamer then ->(requests, call) { serve[requests, call].responses }
        end
      end
    end
  end
end
