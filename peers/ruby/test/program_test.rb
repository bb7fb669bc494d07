# frozen_string_literal: true

require 'socket'
require_relative 'talk'

# The program as a person runs it.
class ProgramTest < Minitest::Test
  STITCH = "Expirement:\n---Name:Stitch \n---ID:7 \n---Skill:making annoyed noise\n"

  def run_program(*words) = Open3.capture3(*PROGRAM, *words).then { |out, err, status| [out, err, status.exitstatus] }

  # Gives the block the address of a server, which must end well when it is told to.
  def serving
    Open3.popen3(*PROGRAM, 'server', '--port', '0') do |_, _, err, process|
      yield err.gets.delete_prefix('listening on ').strip
      Process.kill(:TERM, process.pid)

      assert_equal([0, ''], [process.value.exitstatus, err.read])
    end
  end

  def test_a_person_reads_rows
    serving do |address|
      assert_equal([STITCH, '', 0], run_program('client', '--address', address))
      assert_equal([STITCH, "NOT_FOUND: expirement not found\n", 1],
                   run_program('client', '--address', address, 'nobody', 'Stitch'))
      assert_equal(["#{address}\n#{STITCH}" * 2, '', 0], run_program('client', *['--address', address] * 2))
      assert_equal(['', '', 0], run_program('health', '--address', address))
    end
  end

  def test_nobody_is_not_healthy
    out, err, code = run_program('health', '--address', '127.0.0.1:1')

    assert_equal(['', 1], [out, code])
    assert_match(/\A127.0.0.1:1 is not healthy: UNAVAILABLE: /, err)
  end

  def test_a_taken_port_is_one_sentence
    TCPServer.open('127.0.0.1', 0) do |other|
      _, err, code = run_program('server', '--port', other.addr[1].to_s)

      assert_equal(1, code)
      assert_match(/\Acannot listen on 127.0.0.1:\d+: Address already in use/, err)
    end
  end

  def test_bad_arguments
    [[], ['dance'], ['server', '--port', '65536'], ['client', '-x'], ['peer', 'x'], ['health', 'x']].each do |words|
      out, err, code = run_program(*words)

      assert_equal(['', 2], [out, code])
      assert_includes(err, 'usage:')
    end
  end
end
