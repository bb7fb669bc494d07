# frozen_string_literal: true

require 'English'
require 'google/protobuf/descriptor_pb'
require 'json'
require 'minitest/autorun'
require 'open3'
require 'timeout'

PROGRAM = ['ruby', File.expand_path('../exe/stitch-peer', __dir__)].freeze

# A service with a method of each kind, as one that nobody has generated code for.
module Shop
  UNARY, UPLOAD, WATCH, CHAT = %w[One Upload Watch Chat].map { |name| "/shop.v1.Shop/#{name}" }
  KINDS = [UNARY, UPLOAD, WATCH, CHAT].freeze

  def self.types
    kinds = [[false, false], [true, false], [false, true], [true, true]]
    file = {
      name: 'shop.proto', package: 'shop.v1', syntax: 'proto3',
      message_type: [{ name: 'Item', field: [{ name: 'text', number: 1, type: :TYPE_STRING }] }],
      service: [{ name: 'Shop', method: KINDS.zip(kinds).map do |path, (client, server)|
        { name: path.split('/').last, input_type: '.shop.v1.Item', output_type: '.shop.v1.Item',
          client_streaming: client, server_streaming: server }
      end }]
    }
    set = Google::Protobuf::FileDescriptorSet.new(file: [file(file)])
    [set.class.encode(set)].pack('m0')
  end

  # A message, as lines have it.
  def self.item(text) = [text.empty? ? '' : "\n#{[text.bytesize].pack('U')}#{text}"].pack('m0')

  def self.file(said)
    descriptors = Google::Protobuf
    descriptors::FileDescriptorProto.new(
      **said,
      message_type: said[:message_type].map do |message|
        descriptors::DescriptorProto.new(
          **message, field: message[:field].map { |field| descriptors::FieldDescriptorProto.new(**field) }
        )
      end,
      service: said[:service].map do |service|
        descriptors::ServiceDescriptorProto.new(
          **service, method: service[:method].map { |method| descriptors::MethodDescriptorProto.new(**method) }
        )
      end
    )
  end

  private_class_method :file
end

# The program as a peer, as the harness sees it.
class Talk
  SECONDS = 60

  def initialize
    @in, out, @process = Open3.popen2(*PROGRAM, 'peer')
    @lines = Thread::Queue.new
    @late = []
    @ids = (1..).each
    Thread.new { out.each_line { |line| @lines << JSON.parse(line) } }
  end

  attr_reader :process

  def write(line) = @in.puts(line.is_a?(String) ? line : JSON.generate(line))

  # Returns what a line of this kind, and with this id, tells.
  def told(kind, id = nil)
    Timeout.timeout(SECONDS) do
      loop do
        index = @late.index { |line| line.key?(kind) && [nil, *line[kind].values_at('id', 'callId')].include?(id) }
        return @late.delete_at(index)[kind] if index

        @late << @lines.pop
      end
    end
  end

  # Gives an instruction; returns the answer without its id.
  def tell(instruction)
    id = "i#{@ids.next}"
    write(id:, **instruction)
    told('answer', id).except('id')
  end

  # Returns the address of a new listener that knows the shop.
  def listen(**more)
    tell(types: { files: Shop.types })
    "127.0.0.1:#{tell(listen: { host: '127.0.0.1', **more }).fetch('port')}"
  end

  def script(name, *steps, **more) = tell(script: { name:, steps:, **more })

  # Starts a call; returns its id.
  def start(address, method, *steps, channel: {}, **more)
    id = "c#{@ids.next}"
    write(id:, call: { channel: { address:, **channel }, method:, steps:, **more })
    id
  end

  def call(...) = told('ended', start(...))

  # Ends the input; returns the exit code.
  def stop
    @in.close unless @in.closed?
    Timeout.timeout(SECONDS) { @process.value.exitstatus }
  end
end

# A test that talks to a peer of its own.
class TalkTest < Minitest::Test
  def setup = @talk = Talk.new
  def teardown = @talk.stop

  def item(text) = Shop.item(text)
  def code(ended) = ended.dig('status', 'code')
  def texts(messages) = messages.flat_map { |message| [message['bytes'].unpack1('m')[2..]] * message['times'] }
end
