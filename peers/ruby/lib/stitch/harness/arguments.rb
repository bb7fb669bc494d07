# frozen_string_literal: true

module Stitch
  module Harness
    # The arguments of the core that channels and listeners share.
    module Arguments
      # Returns those for `keepalive` and `maxReceiveBytes`.
      def self.connection(said)
        keepalive(said[:keepalive]).merge(
          { 'grpc.max_receive_message_length' => positive(said[:maxReceiveBytes]) }.compact
        )
      end

      # Returns a PEM text, nil for one that is not there.
      def self.pem(text) = text.to_s.empty? ? nil : text

      # Returns a number, nil for one that is 0 or not there.
      def self.positive(number) = number.to_i.positive? ? number : nil

      def self.keepalive(said)
        return {} unless said

        {
          'grpc.keepalive_time_ms' => said.fetch(:timeMs),
          'grpc.keepalive_timeout_ms' => said.fetch(:timeoutMs),
          'grpc.keepalive_permit_without_calls' => said[:withoutCalls] ? 1 : 0,
          # Otherwise the core stops after two pings with no data between them.
          'grpc.http2.max_pings_without_data' => 0
        }
      end

      private_class_method :keepalive
    end
  end
end
