// The program, driven as the harness drives it.
#ifndef STITCH_TESTS_PROGRAM_H_
#define STITCH_TESTS_PROGRAM_H_

#include <sys/types.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "peer.pb.h"

namespace stitch {

// A program that runs. Its outputs are read when they are asked for. It is
// killed when it is still there at the end.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // One end of a pipe.
  class Pipe {
   public:
    explicit Pipe(int end) : end_(end) {}
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() { Close(); }

    void Write(const std::string& text) const;
    // The next line, with its line feed; what is left at the end.
    std::string ReadLine();
    // All that is left.
    std::string ReadAll();
    void Close();

   private:
    // Reads some more. False at the end.
    bool Read();

    int end_;
    std::string buffer_;
  };

  Pipe& input() { return *input_; }
  Pipe& output() { return *output_; }
  Pipe& error() { return *error_; }

  void Signal(int number) const;
  int ExitCode();

 private:
  pid_t pid_ = -1;
  std::unique_ptr<Pipe> input_, output_, error_;
};

// A peer that is ready, and knows the types of note.Notes: a method of each
// kind, which takes and gives note.Note, a message with one string `text`, and
// `Raw`, which takes any bytes in place of that.
class Peer {
 public:
  Peer();

  Program& program() { return program_; }

  // Tells a LineIn in the text format of protobuf.
  void Tell(const std::string& text);
  // The answer to the instruction of that id.
  peer::Answer Answer(const std::string& id);
  // The ends and records of calls, by their id.
  peer::Ended Ended(const std::string& id);
  peer::Served Served(const std::string& id);

  // Opens a listener, with these members besides, and returns its port.
  int Listen(const std::string& members = "");
  // Keeps a script.
  void Script(const std::string& name, const std::string& rest);
  // Makes the call "c" of a method of note.Notes, and says what came of it.
  peer::Ended Call(int port, const std::string& method, const std::string& rest);
  void Begin(int port, const std::string& method, const std::string& rest);

 private:
  peer::LineOut Await(const std::function<bool(const peer::LineOut&)>& is_it);

  Program program_;
  std::deque<peer::LineOut> unread_;
};

// The texts of notes, with the number of equal ones: "a*3 b".
std::string Texts(const google::protobuf::RepeatedPtrField<peer::Message>& notes);

}  // namespace stitch

#endif  // STITCH_TESTS_PROGRAM_H_
