# frozen_string_literal: true

require 'grpc'
require 'stitch/harness/messages'
require 'stitch/harness/notation'
require 'stitch/harness/requests'

module Stitch
  module Harness
    # A client's call, of any kind, and the record of it.
    class Call
      # What the library raises: its CallError is no StandardError.
      ERRORS = [StandardError, GRPC::Core::CallError].freeze

      def initialize(method, stub, path, metadata:, deadline:)
        @began = now
        @method = method
        @deadline = deadline
        @start = lambda do |requests|
          marshal = ->(message) { message.class.encode(message) }
          unmarshal = ->(bytes) { method.response.decode(bytes) }
          stub.public_send(method.kind, path, requests, marshal, unmarshal, metadata:, deadline:, return_op: true)
        end
        @responses = Messages.new
        @sent = 0
      end

      # Does the steps, and what remains to be done to the call's end; returns the record.
      def run(steps)
        begin_with(@requests = Requests.new) if @method.client_streaming
        steps.each { |step| take(step) }
        close unless @cancelled
        receive(-1)
        record
      end

      private

      # The library's methods may return when the call has ended, and not before: so it has a thread.
      def begin_with(requests)
        @operation = @start.call(requests)
        @execution = Thread.new do
          Thread.current.report_on_exception = false
          @operation.execute
        rescue *ERRORS
          @requests&.abandon
          raise
        ensure
          @ended_at = now unless @method.server_streaming
        end
      end

      def take(step)
        case step
        in { send: request } then [step[:times].to_i, 1].max.times { put(request) }
        in { close: _ } then close
        in { receive: count } then receive(count)
        in { waitMs: milliseconds } then wait(milliseconds / 1000.0)
        in { cancel: _ } then cancel
        end
      end

      def put(request)
        if @method.client_streaming
          @sent += 1 if @requests.put(request)
        else
          begin_with(request)
          @sent = 1
        end
      end

      def close = @requests&.close

      # Takes so many responses, fewer when the call ends.
      def receive(count)
        return if @ended

        if @method.server_streaming
          until count.zero?
            keep(stream.next)
            count -= 1
          end
        else
          keep(@execution.value)
          @ended = true
        end
      rescue *ERRORS => e
        @ended = true
        @ended_at ||= now
        @error = e unless e.is_a?(StopIteration)
      end

      def stream = @stream ||= @execution.value

      def keep(response)
        # There is none where the library missed it.
        @responses << response unless response.nil? || @cancelled
      end

      # Of a stream, the library tells that it has ended only to one who reads it.
      def wait(seconds)
        if @method.server_streaming || !@execution
          sleep([seconds, @deadline ? @deadline - Time.now : seconds].min.clamp(0..))
        else
          @execution.join(seconds)
        end
      rescue *ERRORS
        # The call has ended, and not well: `receive` tells.
      end

      def cancel
        @operation.cancel
        @cancelled = true
        close
      end

      def record
        {
          status:, responses: @responses, sent: @sent, elapsedMs: (@ended_at - @began) * 1000,
          headers: Notation.spell_metadata(@operation.metadata),
          trailers: Notation.spell_metadata(@operation.trailing_metadata)
        }
      end

      def status
        status = @operation.status
        case @error
        when nil, GRPC::BadStatus, GRPC::Core::CallError
          return Notation.spell_status(status) if status
        end
        # The library did not make the call, or could not read what came: it raises, and gives no status.
        { code: GRPC::Core::StatusCodes::UNKNOWN, message: Notation.sentence(@error) }
      end

      def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
