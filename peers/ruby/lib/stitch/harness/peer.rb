# frozen_string_literal: true

require 'grpc'
require 'stitch/harness/client'
require 'stitch/harness/lines'
require 'stitch/harness/listeners'
require 'stitch/harness/notation'
require 'stitch/harness/scripts'
require 'stitch/harness/services'
require 'stitch/harness/types'

module Stitch
  module Harness
    # The peer: one loop, client and server alike.
    class Peer
      GRACE_SECONDS = 5
      # What is running, not what was asked for.
      READY = {
        language: 'Ruby', languageVersion: RUBY_VERSION, library: 'grpc', libraryVersion: GRPC::VERSION,
        messages: 'dynamic'
      }.freeze

      def initialize
        @methods = Types::PLAIN
        @scripts = Scripts.new
        @listeners = Listeners.new
        @client = Client.new
        @in_flight = []
      end

      # Does what the lines say until they end, then finishes what is in flight.
      def run
        Lines.write(ready: READY)
        Lines.each { |line| obey(Lines.parse(line)) }
        last = Time.now + GRACE_SECONDS
        [*@in_flight, *@listeners.stop_all(within: GRACE_SECONDS)].each do |thread|
          thread.join([last - Time.now, 0].max)
        end
      end

      private

      def obey(line)
        case line
        in { id: String => id, call: Hash => call } unless id.empty?
          make(id, call)
        in { id: String => id, close: { port: } } unless id.empty?
          in_background { answer(id) { @listeners.stop(port, within: 0) } }
        in { id: String => id, drain: { port: } } unless id.empty?
          in_background { answer(id) { @listeners.stop(port, within: Listener::FOREVER) } }
        in { id: String => id } unless id.empty?
          answer(id) { follow(line) }
        else
          Lines.write(answer: { id: '', refused: 'the line is not a JSON object with an id' })
        end
      end

      # Makes the call as often, and so many at once, as it says.
      def make(id, call)
        methods = @methods
        times = [call[:times].to_i, 1].max
        ids = Thread::Queue.new(times == 1 ? [id] : Array.new(times) { |number| "#{id}.#{number}" }).close
        [call[:atOnce].to_i, 1].max.times do
          in_background do
            while (each = ids.pop)
              Lines.write(ended: { id: each, **@client.make(each, call, methods) })
            end
          end
        end
      end

      def in_background(&)
        @in_flight.select!(&:alive?)
        @in_flight << Thread.new(&)
      end

      # Answers with the port that the block returns, if any, or refuses with what it raises.
      def answer(id)
        port = yield
        Lines.write(answer: { id:, port: }.compact)
      rescue StandardError => e
        Lines.write(answer: { id:, refused: Notation.sentence(e) })
      end

      def follow(line)
        case line
        in { listen: Hash => listen } then return listen(listen)
        in { types: { files: } } then @methods = Types.load(Notation.bytes(files))
        in { script: Hash => script } then @scripts.keep(script)
        # A call's line is written before its status is given: there is nothing to wait for.
        in { flush: _ } then nil
        else raise UnknownError, "no instruction that this peer knows: #{line.keys.join(', ')}"
        end
        nil
      end

      def listen(listen)
        @listeners.open(listen, @methods.values.map { |method| Services.of(method, @scripts) })
      rescue SystemCallError, SocketError => e
        raise UnknownError, "port #{listen[:port].to_i}: #{e.message}"
      end
    end
  end
end
