# frozen_string_literal: true

require_relative 'talk'

# The lines themselves, and the end of the program.
class LinesTest < TalkTest
  def test_ready_comes_first
    ready = @talk.told('ready')

    assert_equal(%w[Ruby grpc dynamic], ready.values_at('language', 'library', 'messages'))
    assert_match(/\A\d+\.\d+\.\d+/, ready['libraryVersion'])
  end

  def test_a_line_without_an_id_is_refused
    ['garbage', '', '7', '[]', "\"\xFF", '{}', '{"id":"","flush":{}}', '{"id":7}'].each do |line|
      @talk.write(line)

      refute_empty(@talk.told('answer', '')['refused'], line)
    end
  end

  def test_what_is_unknown_is_refused_or_ignored
    assert_includes(@talk.tell(unheardOf: {})['refused'], 'unheardOf')
    assert_empty(@talk.tell(flush: { more: 1 }, unknown: []))
    assert_includes(@talk.script('a', { dance: 1 })['refused'], 'dance')
    assert_includes(@talk.script('a', { end: {} }, compression: 'br')['refused'], 'br')
  end

  def test_lines_may_be_long
    address = @talk.listen
    @talk.tell(types: { files: Shop.types })
    long = ["\n\xC0\xC6\xC3\x01".b + ('x' * 3_203_904)].pack('m0')
    @talk.script('long', { receive: 1 }, { send: long })
    ended = @talk.call(address, Shop::UNARY, { send: long }, metadata: [{ key: 'stitch-script', text: 'long' }])

    assert_equal(long, ended['responses'].first['bytes'])
  end

  def test_stopping_finishes_the_calls_in_flight
    [-> { @talk.stop }, -> { Process.kill(:TERM, @talk.process.pid) }].each do |stop|
      @talk = Talk.new
      address = @talk.listen
      @talk.script(Shop::UNARY, { receive: 1 }, { waitMs: 2000 }, { send: item('a') })
      id = @talk.start(address, Shop::UNARY, { send: item('b') })
      sleep(1)
      stop.call

      assert_equal(0, code(@talk.told('ended', id)))
      assert_equal(0, @talk.stop)
    end
  end

  def test_stopping_takes_five_seconds_at_most
    address = @talk.listen
    @talk.script(Shop::UNARY, { waitMs: 60_000 }, { send: item('a') })
    [address, '127.0.0.1:1'].each { |to| @talk.start(to, Shop::UNARY, { send: item('b') }, waitForReady: true) }
    sleep(1)
    began = Time.now

    assert_equal(0, @talk.stop)
    assert_operator(Time.now - began, :<, 15)
  end
end
