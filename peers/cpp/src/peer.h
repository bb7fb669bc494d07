// The program as the harness sees it.
#ifndef STITCH_SRC_PEER_H_
#define STITCH_SRC_PEER_H_

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "client.h"
#include "lines.h"
#include "listeners.h"
#include "peer.pb.h"
#include "scripts.h"
#include "types.h"

namespace stitch {

// A client and a server of any service, which do what lines tell.
class Peer {
 public:
  // Takes the lines of `input` and writes to `output` what comes of them.
  explicit Peer(int input, int output, int stop);

  // Does so until the input ends, or `stop` can be read. Then takes no new
  // calls, and waits for what is under way, for five seconds at most.
  void Run();

 private:
  // Begins what the line tells, and waits for nothing that may be slow.
  void Take(const std::string& text);
  void Do(const peer::LineIn& line);

  void Listen(const std::string& id, const peer::Listen& told);
  // Ends a listener and then answers, in a thread of its own.
  void StopListener(const std::string& id, int port, Listeners::Time at);

  // Says that the instruction is done, or why it is not.
  void Answer(const std::string& id, const std::string& refused = "");

  void AwaitUnderWay();

  LineReader reader_;
  LineWriter writer_;
  std::shared_ptr<const Types> types_;
  Scripts scripts_;
  Listeners listeners_;
  Client client_;
  std::vector<std::future<void>> slow_;
};

// Runs the peer on standard input and output, and ends the program.
[[noreturn]] void RunPeer();

}  // namespace stitch

#endif  // STITCH_SRC_PEER_H_
