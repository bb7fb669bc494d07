# frozen_string_literal: true

require 'grpc'

module Stitch
  # What a person runs.
  module Person
    # gRPC would send even calls to 127.0.0.1 to the proxy that `http_proxy` names.
    CHANNEL_ARGS = { 'grpc.enable_http_proxy' => 0 }.freeze

    # Says how a call ended: "NOT_FOUND: expirement not found".
    def self.sentence(error)
      codes = GRPC::Core::StatusCodes
      name = codes.constants.find { |constant| codes.const_get(constant) == error.code }
      "#{name}: #{error.details}"
    end
  end
end
