#include "peer.h"

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "signals.h"

namespace stitch {
namespace {

using std::chrono::system_clock;

constexpr std::chrono::seconds kGrace(5);
// Of the library: no deadline.
constexpr Listeners::Time kNever = Listeners::Time::max();

}  // namespace

Peer::Peer(int input, int output, int stop)
    : reader_(input, stop),
      writer_(output),
      types_(std::make_shared<Types>()),
      scripts_([this](const peer::Served& record) {
        peer::LineOut line;
        *line.mutable_served() = record;
        writer_.Write(line);
      }),
      listeners_(&scripts_),
      client_([this](const peer::Ended& record) {
        peer::LineOut line;
        *line.mutable_ended() = record;
        writer_.Write(line);
      }) {}

void Peer::Run() {
  peer::LineOut line;
  peer::Ready& ready = *line.mutable_ready();
  ready.set_language("C++");
  ready.set_language_version("20, GCC " __VERSION__);
  ready.set_library("grpc++");
  ready.set_library_version(grpc::Version());
  ready.set_messages("dynamic");
  writer_.Write(line);
  while (const std::optional<std::string> text = reader_.Next()) Take(*text);
  AwaitUnderWay();
}

void Peer::Take(const std::string& text) {
  const std::optional<peer::LineIn> line = ParseLine(text);
  if (!line) {
    Answer("", "the line is no JSON object with an id");
    return;
  }
  try {
    Do(*line);
  } catch (const std::exception& error) {
    Answer(line->id(), error.what());
  }
}

void Peer::Do(const peer::LineIn& line) {
  switch (line.do_case()) {
    case peer::LineIn::kTypes:
      types_ = std::make_shared<Types>(line.types().files());
      return Answer(line.id());
    case peer::LineIn::kScript:
      scripts_.Keep(line.script());
      return Answer(line.id());
    case peer::LineIn::kListen:
      return Listen(line.id(), line.listen());
    case peer::LineIn::kClose:
      return StopListener(line.id(), line.close().port(), system_clock::now());
    case peer::LineIn::kDrain:
      return StopListener(line.id(), line.drain().port(), kNever);
    case peer::LineIn::kFlush:
      scripts_.AwaitTold();
      return Answer(line.id());
    case peer::LineIn::kCall:
      return client_.Make(line.id(), line.call(), types_);
    case peer::LineIn::DO_NOT_SET:
      return Answer(line.id(), "unknown instruction");
  }
}

void Peer::Listen(const std::string& id, const peer::Listen& told) {
  peer::LineOut line;
  peer::Answer& answer = *line.mutable_answer();
  answer.set_id(id);
  answer.set_port(listeners_.Open(told, types_));
  writer_.Write(line);
}

void Peer::StopListener(const std::string& id, int port, Listeners::Time at) {
  slow_.push_back(std::async(std::launch::async, [this, id, port, at] {
    try {
      listeners_.Stop(port, at);
      Answer(id);
    } catch (const std::exception& error) {
      Answer(id, error.what());
    }
  }));
}

void Peer::Answer(const std::string& id, const std::string& refused) {
  peer::LineOut line;
  line.mutable_answer()->set_id(id);
  line.mutable_answer()->set_refused(refused);
  writer_.Write(line);
}

void Peer::AwaitUnderWay() {
  const auto deadline = system_clock::now() + kGrace;
  slow_.push_back(std::async(std::launch::async, [this, deadline] {
    listeners_.StopAll(deadline);
    client_.AwaitAll();
  }));
  for (const std::future<void>& slow : slow_) slow.wait_until(deadline);
}

void RunPeer() {
  std::signal(SIGPIPE, SIG_IGN);  // Calls in flight outlive the harness.
  Peer peer(STDIN_FILENO, STDOUT_FILENO, StopSignals());
  peer.Run();
  // What has not ended by now, the library's threads among it, need not.
  std::_Exit(EXIT_SUCCESS);
}

}  // namespace stitch
