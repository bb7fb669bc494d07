// Lines, and how the program stops.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "program.h"

namespace stitch {
namespace {

using std::chrono::steady_clock;

TEST(Lines, EveryLineIsAnswered) {
  Peer peer;
  const int port = peer.Listen();
  for (const auto& [line, id] :
       {std::pair("garbage", ""), std::pair("[]", ""), std::pair("", ""),
        std::pair(R"({"unheardOf":{}})", ""), std::pair(R"({"id":"1","unheardOf":{}})", "1"),
        std::pair(R"({"id":"2","types":{"files":"AAAA"}})", "2"),
        std::pair(R"({"id":"3","close":{"port":1}})", "3"),
        std::pair(R"({"id":"4","script":{"compression":"br"}})", "4"),
        std::pair(R"({"id":"5","script":{"steps":[{"dance":1}]}})", "5"),
        std::pair(R"({"id":"6","listen":{"host":"127.0.0.1",)"
                  R"("tls":{"cert":"none","key":"none"}}})",
                  "6")}) {
    peer.program().input().Write(std::string(line) + "\n");
    EXPECT_NE(peer.Answer(id).refused(), "") << line;
  }
  peer.Tell(R"(id: "7" listen { host: "127.0.0.1" port: )" + std::to_string(port) + "}");
  EXPECT_NE(peer.Answer("7").refused(), "");
}

TEST(Lines, UnsupportedCalls) {
  Peer peer;
  EXPECT_NE(peer.Call(1, "None", "").unsupported(), "");
  EXPECT_NE(peer.Call(1, "Unary", R"(compression: "br")").unsupported(), "");
  EXPECT_NE(peer.Call(1, "Up", "steps {}").unsupported(), "");
}

TEST(Lines, CloseAndListenAgain) {
  Peer peer;
  const int port = peer.Listen();
  for (const std::string how : {"close", "drain"}) {
    peer.Tell("id: \"end\" " + how + " { port: " + std::to_string(port) + "}");
    EXPECT_EQ(peer.Answer("end").refused(), "");
    EXPECT_EQ(peer.Listen("port: " + std::to_string(port)), port);
  }
}

TEST(Lines, ADrainHoldsUpNothing) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Unary", "steps { wait_ms: 1500 } steps { send: \"\" }");
  peer.Begin(port, "Unary", "steps { send: \"\" }");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  peer.Tell("id: \"drain\" drain { port: " + std::to_string(port) + "}");
  peer.Tell("id: \"flush\" flush {}");
  EXPECT_EQ(peer.Answer("flush").refused(), "");
  EXPECT_EQ(peer.Ended("c").status().code(), 0);
  EXPECT_EQ(peer.Answer("drain").refused(), "");
}

TEST(Lines, OfManyMegabytes) {
  Peer peer;
  const int port = peer.Listen("max_receive_bytes: 20000000");
  const std::string text(8 << 20, 'a');
  const std::string step = R"(steps { send: "\n\200\200\200\004)" + text + "\" }";
  peer.Script("/note.Notes/Unary", "steps { receive: 1 }" + step);
  EXPECT_EQ(peer.Call(port, "Unary", step).status().code(), 8);
  peer::Served served = peer.Served("c");
  EXPECT_EQ(served.requests(0).bytes().size(), text.size() + 5);
  EXPECT_EQ(served.responses(0).bytes().size(), text.size() + 5);
}

TEST(Lines, EndOfInputLetsCallsFinish) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Unary", "steps { wait_ms: 1500 } steps { send: \"\" }");
  peer.Begin(port, "Unary", "steps { send: \"\" }");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  peer.program().input().Close();
  EXPECT_EQ(peer.Ended("c").status().code(), 0);
  EXPECT_EQ(peer.program().ExitCode(), 0);
}

TEST(Lines, ASignalStopsWithinGrace) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Unary", "steps { wait_ms: 60000 }");
  peer.Begin(port, "Unary", "steps { send: \"\" }");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto start = steady_clock::now();
  peer.program().Signal(SIGTERM);
  EXPECT_EQ(peer.program().ExitCode(), 0);
  EXPECT_GT(steady_clock::now() - start, std::chrono::seconds(4));
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(7));
}

TEST(Lines, AClosedPipeIsNoCrash) {
  Peer peer;
  peer.program().output().Close();
  peer.program().input().Write("{\"id\":\"1\",\"flush\":{}}\n");
  peer.program().input().Close();
  EXPECT_EQ(peer.program().ExitCode(), 0);
}

}  // namespace
}  // namespace stitch
