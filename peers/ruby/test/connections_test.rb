# frozen_string_literal: true

require 'openssl'
require 'socket'
require_relative 'relay'
require_relative 'talk'

# Listeners and channels.
class ConnectionsTest < TalkTest
  def pick(address, **more) = code(@talk.call(address, '/Manage/PickOne', { send: item('Stitch') }, **more))

  def test_a_listener_ends_and_another_takes_its_port
    %i[close drain].each do |ending|
      address = @talk.listen
      port = address[/\d+\z/].to_i

      assert_includes(@talk.tell(listen: { host: '127.0.0.1', port: })['refused'], 'in use')
      assert_equal(0, pick(address))
      assert_empty(@talk.tell(ending => { port: }))
      assert_equal(14, pick(address))
      assert_equal(port, @talk.tell(listen: { host: '127.0.0.1', port: })['port'])
      assert_empty(@talk.tell(close: { port: }))
    end
  end

  def test_closing_gives_up_calls_and_draining_finishes_them
    { close: 14, drain: 0 }.each do |ending, code|
      address = @talk.listen
      @talk.script(Shop::UNARY, { receive: 1 }, { waitMs: 2000 }, { send: item('a') })
      id = @talk.start(address, Shop::UNARY, { send: item('b') })
      sleep(1)

      assert_empty(@talk.tell(ending => { port: address[/\d+\z/].to_i }))
      assert_equal(code, code(@talk.told('ended', id)))
    end
  end

  def test_waiting_for_a_server
    address = "127.0.0.1:#{TCPServer.open('127.0.0.1', 0) { |server| server.addr[1] }}"

    assert_equal(14, pick(address))
    id = @talk.start(address, '/Manage/PickOne', { send: item('Stitch') }, waitForReady: true, timeoutMs: 15_000)
    sleep(0.3)
    @talk.listen(port: address[/\d+\z/].to_i)

    assert_equal(0, code(@talk.told('ended', id)))
  end

  def test_limits
    strict = @talk.listen(maxReceiveBytes: 50)
    address = @talk.listen

    assert_equal(8, code(@talk.call(strict, '/Manage/PickOne', { send: item('x' * 100) })))
    assert_equal(8, pick(address, channel: { maxReceiveBytes: 5 }))
    assert_equal(0, pick(address, channel: { maxReceiveBytes: 50 }))
  end

  def test_a_silent_connection_is_lost
    keepalive = { timeMs: 1000, timeoutMs: 500 }
    { client: 'ended', server: 'served' }.each do |side, kind|
      relay = Relay.new(@talk.listen(**(side == :server ? { keepalive: } : {})))
      channel = side == :client ? { keepalive: } : {}
      @talk.script(Shop::CHAT, { headers: {} }, { receive: -1 })
      id = @talk.start(relay.address, Shop::CHAT, { waitMs: 600 }, { receive: 1 }, channel:, timeoutMs: 15_000)
      sleep(0.5)
      relay.silent = true
      ended = @talk.told(kind, id)

      assert_equal(14, code(ended)) if side == :client
    end
  end

  def test_pings_that_come_too_often_end_a_connection
    keepalive = { timeMs: 1000, timeoutMs: 5000 }
    @talk.script(Shop::UNARY, { waitMs: 6000 }, { send: item('a') })
    ids = [60_000, 100].map do |least|
      @talk.start(@talk.listen(minPingMs: least), Shop::UNARY, { send: item('b') }, channel: { keepalive: })
    end

    assert_equal([14, 0], ids.map { |id| code(@talk.told('ended', id)) })
  end

  def test_a_connection_ends_in_order_at_its_age
    @talk.script(Shop::UNARY, { waitMs: 500 }, { send: item('a') })
    relay = Relay.new(@talk.listen(maxAgeMs: 100))
    [1, 2].each do |connections|
      ended = @talk.call(relay.address, Shop::UNARY, { send: item('b') })

      assert_equal([0, connections], [code(ended), relay.connections])
    end
  end

  def test_channels_of_the_same_content_share_a_connection
    relay = Relay.new(@talk.listen)
    { 'a' => 1, 'b' => 2 }.each do |name, connections|
      2.times { assert_equal(0, pick(relay.address, channel: { name: })) }

      assert_equal(connections, relay.connections)
    end
  end

  def test_tls
    ours, theirs = Array.new(2) { Authority.new }
    server = ours.issue
    client = ours.issue('client.test')
    stranger = theirs.issue
    encrypted = @talk.listen(tls: server)
    mutual = @talk.listen(tls: { **server, clientCa: ours.pem })
    named = { ca: ours.pem, serverName: 'server.test' }
    [
      [encrypted, named, 0], [encrypted, { **named, ca: theirs.pem }, 14],
      [encrypted, { **named, serverName: 'other.test' }, 14],
      [mutual, { **named, **client }, 0], [mutual, { **named, **stranger }, 14], [mutual, named, 14]
    ].each { |address, tls, code| assert_equal(code, pick(address, channel: { tls: })) }
    assert_equal([nil, 'client.test'], Array.new(2) { @talk.told('served')['clientName'] })
    [{ cert: 'none', key: 'none' }, { **server, version: '1.2' }].each do |tls|
      assert_includes(@talk.tell(listen: { host: '127.0.0.1', tls: }).keys, 'refused')
    end
  end
end

# An authority for certificates.
class Authority
  def initialize
    @key = OpenSSL::PKey::EC.generate('prime256v1')
    @name = OpenSSL::X509::Name.parse('/CN=authority')
    @certificate = certificate(@key, @name, 'basicConstraints' => 'critical,CA:TRUE')
  end

  def pem = @certificate.to_pem

  def issue(common_name = 'server.test')
    key = OpenSSL::PKey::EC.generate('prime256v1')
    name = OpenSSL::X509::Name.parse("/CN=#{common_name}")
    { cert: certificate(key, name, 'subjectAltName' => 'DNS:server.test').to_pem, key: key.private_to_pem }
  end

  private

  def certificate(key, subject, extensions)
    made = OpenSSL::X509::Certificate.new
    made.version = 2
    made.serial = OpenSSL::BN.rand(64)
    made.subject = subject
    made.issuer = @name
    made.public_key = key
    made.not_before = Time.now - 60
    made.not_after = Time.now + 3600
    factory = OpenSSL::X509::ExtensionFactory.new
    extensions.each { |name, value| made.add_extension(factory.create_ext_from_string("#{name}=#{value}")) }
    made.sign(@key, OpenSSL::Digest.new('SHA256'))
  end
end
