# frozen_string_literal: true

require 'grpc'
require 'openssl'
require 'stitch/harness/lines'
require 'stitch/harness/messages'
require 'stitch/harness/notation'
require 'stitch/harness/types'
require 'stitch/manage'

module Stitch
  module Harness
    # A server's call, of any kind, and the record of it.
    class Served
      # How a call is to end.
      End = Struct.new(:code, :message, :trailers) do
        def self.of(said)
          status = said[:status].to_h
          trailers = Notation.read_metadata(said[:trailers])
          # The library has no other way for them.
          details = status[:details].to_s
          trailers['grpc-status-details-bin'] = Notation.bytes(details) unless details.empty?
          new(status[:code] || 0, status[:message] || '', trailers)
        end
      end

      def initialize(method, requests, call, scripts)
        @method = method
        @requests = requests
        @call = call
        @scripts = scripts
        @record = {
          callId: value('stitch-call-id'), method: method.path, metadata: Notation.spell_metadata(call.metadata),
          requests: Messages.new, responses: Messages.new, timeRemainingMs: time_left&.*(1000),
          clientName: client_name
        }.compact
      end

      # Answers a call that takes one response; returns it.
      def response
        response = nil
        answer { |message| response = message }
        response
      end

      # Returns what answers a call that takes several.
      def responses = Enumerator.new { |several| answer { |message| several << message } }

      private

      # Hands each response to the block. Raises, as the library wants it, what is not OK.
      def answer(&respond)
        @respond = respond
        ending = ended
        give_up_late
        tell(status: { code: ending.code, message: ending.message })
        raise GRPC::BadStatus.new_status_exception(*ending) unless ending.code.zero?

        @call.output_metadata.merge!(ending.trailers)
      ensure
        # Something was to be sent over a call that was not there any more, or its time was out.
        tell(cancelled: true) unless @told
      end

      def tell(**ending)
        @told = true
        Lines.write(served: @record.merge(ending))
      end

      def ended
        catch(:end) do
          play_or_pick
          End.of({})
        end
      rescue Google::Protobuf::ParseError => e
        @record[:unusable] = e.message
        End.new(GRPC::Core::StatusCodes::UNKNOWN, e.message, {})
      end

      def play_or_pick
        name = value('stitch-script')
        script = @scripts[name.empty? ? @method.path : name]
        return play(script) if script
        return pick_one if name.empty? && @method.path == Types::PICK_ONE.path

        unimplemented = GRPC::Core::StatusCodes::UNIMPLEMENTED
        throw :end, End.new(unimplemented, name.empty? ? 'no script' : "no script \"#{name}\"", {})
      end

      # The plain service knows generated types alone.
      def pick_one
        request = receive
        row = ManageService.new.pick_one(NameRequest.decode(request.class.encode(request)), @call)
        send_response(@method.response.decode(Expirement.encode(row)))
      rescue GRPC::BadStatus => e
        throw :end, End.new(e.code, e.details, e.metadata)
      end

      def play(script)
        @record[:script] = script[:name]
        @call.merge_metadata_to_send(Notation.compression(script[:compression]))
        script[:steps].each { |step| take(step) }
      end

      def take(step)
        case step
        in { headers: headers } then @call.send_initial_metadata(Notation.read_metadata(headers[:entries]))
        in { receive: count } then (count -= 1) until count.zero? || receive.nil?
        in { send: base64 }
          message = @method.response.decode(Notation.bytes(base64))
          [step[:times].to_i, 1].max.times { send_response(message) }
        in { waitMs: milliseconds } then wait(milliseconds / 1000.0)
        in { end: said } then throw :end, End.of(said)
        end
      end

      # Takes the next request, nil when there is none any more.
      def receive
        request = @requests.next
        @record[:requests] << request
        request
      rescue StopIteration
        nil
      end

      def send_response(message)
        @respond.call(message)
        @record[:responses] << message
      end

      # Waits so long, or until the deadline. The library does not tell when a call is cancelled.
      def wait(seconds)
        sleep([seconds, time_left || seconds].min.clamp(0..))
        give_up_late
      end

      # The call is over, and the core says so to the client: the library leaves one alone that ends with this.
      def give_up_late
        raise GRPC::Core::CallError, 'late' if time_left&.negative?
      end

      # No deadline is told as one before 1970.
      def time_left
        @call.deadline - Time.now unless @call.deadline.to_i.negative?
      end

      # Returns the common name of the client's certificate, nil without one. The library gives the PEM text.
      def client_name
        pem = @call.peer_cert
        OpenSSL::X509::Certificate.new(pem).subject.to_a.assoc('CN')&.at(1) if pem
      end

      # Returns the first value of an ASCII key of the request metadata, or ''.
      def value(key) = Array(@call.metadata[key]).first.to_s
    end
  end
end
