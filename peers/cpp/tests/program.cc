#include "program.h"

#include <fcntl.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

namespace stitch {
namespace {

constexpr int kPatienceMs = 20'000;

std::string NoteTypes() {
  google::protobuf::FileDescriptorSet types;
  const bool is_parsed = google::protobuf::TextFormat::ParseFromString(
      R"pb(file {
             name: "note.proto"
             package: "note"
             syntax: "proto3"
             message_type {
               name: "Note"
               field { name: "text" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
             }
             message_type {
               name: "Bytes"
               field { name: "text" number: 1 type: TYPE_BYTES label: LABEL_OPTIONAL }
             }
             service {
               name: "Notes"
               method { name: "Unary" input_type: ".note.Note" output_type: ".note.Note" }
               method {
                 name: "Up"
                 input_type: ".note.Note"
                 output_type: ".note.Note"
                 client_streaming: true
               }
               method {
                 name: "Down"
                 input_type: ".note.Note"
                 output_type: ".note.Note"
                 server_streaming: true
               }
               method {
                 name: "Both"
                 input_type: ".note.Note"
                 output_type: ".note.Note"
                 client_streaming: true
                 server_streaming: true
               }
               method { name: "Raw" input_type: ".note.Bytes" output_type: ".note.Note" }
             }
           })pb",
      &types);
  EXPECT_TRUE(is_parsed);
  return types.SerializeAsString();
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments) {
  std::array<std::array<int, 2>, 3> pipes;
  for (auto& ends : pipes) EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(pipes[0][0], STDIN_FILENO);
    dup2(pipes[1][1], STDOUT_FILENO);
    dup2(pipes[2][1], STDERR_FILENO);
    std::string name = STITCH_PROGRAM;
    std::vector<std::string> words = arguments;
    std::vector<char*> argv = {name.data()};
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    execv(name.c_str(), argv.data());
    _exit(127);
  }
  close(pipes[0][0]);
  close(pipes[1][1]);
  close(pipes[2][1]);
  input_ = std::make_unique<Pipe>(pipes[0][1]);
  output_ = std::make_unique<Pipe>(pipes[1][0]);
  error_ = std::make_unique<Pipe>(pipes[2][0]);
}

Program::~Program() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::Pipe::Write(const std::string& text) const {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t size = write(end_, text.data() + at, text.size() - at);
    ASSERT_GT(size, 0);
    at += size;
  }
}

std::string Program::Pipe::ReadLine() {
  std::size_t searched = 0;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end + 1);
      buffer_.erase(0, end + 1);
      return line;
    }
    searched = buffer_.size();
    if (!Read()) return std::exchange(buffer_, "");
  }
}

std::string Program::Pipe::ReadAll() {
  while (Read()) {
  }
  return std::exchange(buffer_, "");
}

bool Program::Pipe::Read() {
  pollfd readable = {end_, POLLIN, 0};
  if (poll(&readable, 1, kPatienceMs) <= 0) {
    ADD_FAILURE() << "nothing more comes after: " << buffer_;
    return false;
  }
  std::array<char, 1 << 16> some;
  const ssize_t size = read(end_, some.data(), some.size());
  if (size > 0) buffer_.append(some.data(), size);
  return size > 0;
}

void Program::Pipe::Close() {
  if (end_ >= 0) close(end_);
  end_ = -1;
}

void Program::Signal(int number) const { kill(pid_, number); }

int Program::ExitCode() {
  int status = 0;
  for (int waited = 0; waitpid(pid_, &status, WNOHANG) == 0; waited += 10) {
    if (waited > kPatienceMs) {
      ADD_FAILURE() << "the program does not end";
      return -1;
    }
    usleep(10'000);
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Peer::Peer() : program_({"peer"}) {
  EXPECT_TRUE(Await([](auto& line) { return line.has_ready(); }).has_ready());
  peer::LineIn line;
  line.set_id("types");
  line.mutable_types()->set_files(NoteTypes());
  std::string text;
  google::protobuf::util::MessageToJsonString(line, &text);
  program_.input().Write(text + "\n");
  EXPECT_EQ(Answer("types").refused(), "");
}

void Peer::Tell(const std::string& text) {
  peer::LineIn line;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &line)) << text;
  std::string json;
  google::protobuf::util::MessageToJsonString(line, &json);
  program_.input().Write(json + "\n");
}

peer::LineOut Peer::Await(const std::function<bool(const peer::LineOut&)>& is_it) {
  for (auto line = unread_.begin(); line != unread_.end(); ++line) {
    if (!is_it(*line)) continue;
    peer::LineOut found = *line;
    unread_.erase(line);
    return found;
  }
  for (;;) {
    const std::string text = program_.output().ReadLine();
    peer::LineOut line;
    const auto parsed = google::protobuf::util::JsonStringToMessage(text, &line);
    if (!parsed.ok()) {
      ADD_FAILURE() << "no line: " << text;
      return {};
    }
    if (is_it(line)) return line;
    unread_.push_back(line);
  }
}

peer::Answer Peer::Answer(const std::string& id) {
  return Await([&](const peer::LineOut& line) {
           return line.has_answer() && line.answer().id() == id;
         })
      .answer();
}

peer::Ended Peer::Ended(const std::string& id) {
  return Await(
             [&](const peer::LineOut& line) { return line.has_ended() && line.ended().id() == id; })
      .ended();
}

peer::Served Peer::Served(const std::string& id) {
  return Await([&](const peer::LineOut& line) {
           return line.has_served() && line.served().call_id() == id;
         })
      .served();
}

int Peer::Listen(const std::string& members) {
  Tell(R"(id: "listen" listen { host: "127.0.0.1" )" + members + "}");
  const peer::Answer answer = Answer("listen");
  EXPECT_EQ(answer.refused(), "");
  return answer.port();
}

void Peer::Script(const std::string& name, const std::string& rest) {
  Tell(R"(id: "script" script { name: ")" + name + "\" " + rest + "}");
  EXPECT_EQ(Answer("script").refused(), "");
}

void Peer::Begin(int port, const std::string& method, const std::string& rest) {
  Tell(R"(id: "c" call { channel { address: "127.0.0.1:)" + std::to_string(port) +
       R"(" } method: "/note.Notes/)" + method + "\" " + rest + "}");
}

peer::Ended Peer::Call(int port, const std::string& method, const std::string& rest) {
  Begin(port, method, rest);
  return Ended("c");
}

std::string Texts(const google::protobuf::RepeatedPtrField<peer::Message>& notes) {
  std::string texts;
  for (const peer::Message& note : notes) {
    texts += texts.empty() ? "" : " ";
    texts += note.bytes().size() < 2 ? "" : note.bytes().substr(2);
    if (note.times() > 1) texts += "*" + std::to_string(note.times());
  }
  return texts;
}

}  // namespace stitch
