# frozen_string_literal: true

require 'socket'

# Stands between a client and a server, and may fall silent.
class Relay
  attr_reader :address, :connections
  attr_writer :silent

  def initialize(target)
    @target = target.split(':')
    @connections = 0
    @listener = TCPServer.new('127.0.0.1', 0)
    @address = "127.0.0.1:#{@listener.addr[1]}"
    Thread.new { loop { join(@listener.accept) } }
  end

  private

  def join(client)
    @connections += 1
    server = TCPSocket.new(*@target)
    [[client, server], [server, client]].each do |from, to|
      Thread.new do
        loop { from.readpartial(65_536).then { |bytes| to.write(bytes) unless @silent } }
      rescue IOError, SystemCallError
        [from, to].each(&:close)
      end
    end
  end
end
