# frozen_string_literal: true

module Stitch
  module Harness
    # The requests of a stream, which the library takes when it can send one.
    class Requests
      def initialize
        @waiting = Thread::Queue.new
        @taken = Thread::Queue.new
      end

      # What the library calls, once. It leaves the block when the call has ended.
      def each
        while (request = @waiting.pop)
          yield request
          @taken << true
        end
      ensure
        abandon
      end

      # Hands a request over; returns whether the library took it.
      def put(request)
        @waiting << request
        @taken.pop || false
      end

      # There are no more.
      def close = @waiting.close

      # Nobody takes any more.
      def abandon = @taken.close
    end
  end
end
