# frozen_string_literal: true

require 'grpc'
require 'stitch/harness/call'
require 'stitch/harness/channels'
require 'stitch/harness/notation'

module Stitch
  module Harness
    # The client: makes the calls that lines describe.
    class Client
      STEPS = %i[send close receive waitMs cancel].freeze

      def initialize
        @channels = Channels.new
      end

      # Makes the call, and returns the record of it, whatever came of it.
      def make(id, said, methods)
        method = method_of(said, methods)
        steps = prepare(said[:steps], method)
        stub = @channels.stub(said.fetch(:channel), said[:waitForReady] || false)
        Call.new(method, stub, said.fetch(:method), **options(id, said)).run(steps)
      rescue Google::Protobuf::ParseError => e
        { unusable: e.message }
      rescue StandardError => e
        # Whatever the line has that cannot be obeyed.
        { unsupported: Notation.sentence(e) }
      end

      private

      def method_of(said, methods)
        path = [said[:types], said[:method]].find { |name| !name.to_s.empty? }
        methods[path] or raise UnknownError, "method #{path}"
      end

      # Returns the steps, with messages for what is sent.
      def prepare(steps, method)
        steps = Notation.steps(steps, STEPS).map do |step|
          step.key?(:send) ? step.merge(send: method.request.decode(Notation.bytes(step[:send]))) : step
        end
        sends = steps.any? { |step| step.key?(:send) }
        raise UnknownError, 'a call without its request' unless sends || method.client_streaming

        steps
      end

      def options(id, said)
        timeout = said[:timeoutMs].to_f
        {
          metadata: Notation.read_metadata(said[:metadata]).merge(
            { 'stitch-call-id' => id }, Notation.compression(said[:compression])
          ),
          deadline: timeout.positive? ? Time.now + (timeout / 1000) : nil
        }
      end
    end
  end
end
