// Calls of a peer to itself.
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>

#include "program.h"

namespace stitch {
namespace {

// A note with that text of one letter, as a step's `send`.
std::string Send(const std::string& letter) { return R"( send: "\n\001)" + letter + "\" "; }

std::string Step(const std::string& step) { return "steps {" + step + "} "; }

TEST(Calls, PlainService) {
  Peer peer;
  const int port = peer.Listen();
  const std::string call = R"(id: "c" call { method: "/Manage/PickOne" channel {
      address: "127.0.0.1:)" +
                           std::to_string(port) + R"(" } )";
  peer.Tell(call + R"(steps { send: "\n\006Stitch" } })");
  const peer::Ended found = peer.Ended("c");
  EXPECT_EQ(found.status().code(), 0);
  EXPECT_EQ(found.responses(0).bytes(), "\n\006Stitch\020\007\032\024making annoyed noise");
  EXPECT_EQ(peer.Served("c").script(), "");
  peer.Tell(call + R"(steps { send: "\n\006Nobody" } })");
  EXPECT_EQ(peer.Ended("c").status().message(), "expirement not found");
}

struct Kind {
  std::string method;
  std::string server, client;
  std::string requests, responses;
};

// As the name of the test.
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.client; }

class Kinds : public testing::TestWithParam<Kind> {};

TEST_P(Kinds, Played) {
  Peer peer;
  const int port = peer.Listen();
  const std::string path = "/note.Notes/" + GetParam().method;
  peer.Script(path, GetParam().server + R"(steps { end { trailers { key: "x" text: "1" } } })");
  const peer::Ended ended = peer.Call(port, GetParam().method, GetParam().client);
  EXPECT_EQ(ended.status().code(), 0) << ended.DebugString();
  EXPECT_EQ(Texts(ended.responses()), GetParam().responses);
  EXPECT_EQ(ended.trailers(0).text(), "1");
  const peer::Served served = peer.Served("c");
  EXPECT_EQ(served.script(), path);
  EXPECT_EQ(Texts(served.requests()), GetParam().requests);
  EXPECT_EQ(Texts(served.responses()), GetParam().responses);
}

const std::string kOne = Step("receive: 1"), kAll = Step("receive: -1");

INSTANTIATE_TEST_SUITE_P(
    All, Kinds,
    testing::Values(Kind{"Unary", kOne + Step(Send("b")), Step(Send("a")), "a", "b"},
                    Kind{"Up", kAll + Step(Send("b")),
                         Step(Send("a") + "times: 3") + Step(Send("b")), "a*3 b", "b"},
                    Kind{"Down", kAll + Step(Send("a") + "times: 3") + Step(Send("b")),
                         Step(Send("a")), "a", "a*3 b"},
                    Kind{"Both", kOne + Step(Send("b")) + kOne + Step(Send("a")),
                         Step(Send("a")) + kOne + Step(Send("b")) + kOne, "a b", "b a"},
                    // The server speaks first.
                    Kind{"Both", Step("headers {}") + Step(Send("b")) + kAll,
                         kOne + Step(Send("a")) + Step("close: true"), "a", "b"}));

TEST(Calls, StatusAndMetadata) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Unary", R"(
      steps { headers { entries { key: "h-bin" binary: "\000\377" } } }
      steps { end { status { code: 9 message: "n\303\251" details: "\010\011" }
                    trailers { key: "t" text: "2" }
                    trailers { key: "t" text: "1" } } })");
  const peer::Ended ended = peer.Call(port, "Unary", R"(
      steps { send: "" } timeout_ms: 60000
      metadata { key: "x" text: "1" } metadata { key: "x" text: "2" })");
  EXPECT_EQ(ended.status().code(), 9);
  EXPECT_EQ(ended.status().message(), "n\u00e9");
  EXPECT_EQ(ended.status().details(), "\010\011");
  EXPECT_EQ(ended.headers(0).binary(), std::string("\0\377", 2));
  EXPECT_EQ(ended.trailers().rbegin()->text(), "1");
  const peer::Served served = peer.Served("c");
  EXPECT_EQ(served.metadata().rbegin()->text(), "2");
  EXPECT_GT(served.time_remaining_ms(), 50'000);
  EXPECT_LE(served.time_remaining_ms(), 60'000);
}

TEST(Calls, ScriptsByName) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("other", R"(steps { end { status { code: 5 message: "o" } } })");
  for (const auto& [name, message] :
       {std::pair("", "no script"), std::pair("none", "no script \"none\""),
        std::pair("other", "o")}) {
    const std::string metadata =
        std::string(R"(metadata { key: "stitch-script" text: ")") + name + "\" }";
    const peer::Ended ended = peer.Call(port, "Down", "steps { send: \"\" }" + metadata);
    EXPECT_EQ(ended.status().message(), message);
  }
}

TEST(Calls, UnusableMessages) {
  Peer peer;
  const int port = peer.Listen();
  const std::string not_utf8 = R"(steps { send: "\n\001\377" })";
  const peer::Ended ended = peer.Call(port, "Unary", not_utf8);
  EXPECT_NE(ended.unusable(), "");
  EXPECT_FALSE(ended.has_status());

  peer.Script("/note.Notes/Unary", kOne + not_utf8);
  EXPECT_EQ(peer.Call(port, "Unary", Step(Send("a"))).status().code(), 13);
  EXPECT_NE(peer.Served("c").unusable(), "");
  EXPECT_EQ(peer.Call(port, "Unary", not_utf8 + R"(types: "/note.Notes/Raw")").status().code(), 13);
  EXPECT_NE(peer.Served("c").unusable(), "");
}

TEST(Calls, UnsendableMetadata) {
  Peer peer;
  const int port = peer.Listen();
  const peer::Ended ended = peer.Call(port, "Unary", R"(
      steps { send: "" } metadata { key: "x" text: "\303\251" })");
  EXPECT_EQ(ended.status().code(), 2);
  EXPECT_EQ(ended.status().message(), "illegal metadata: x");
}

TEST(Calls, CancelAndDeadlineReachTheScript) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Both", kOne + Step(Send("b")) + Step("wait_ms: 60000"));
  const std::string begun = Step(Send("a")) + kOne;
  for (const auto& [rest, code] :
       {std::pair(begun + Step("cancel: true"), 1),
        std::pair(begun + Step("wait_ms: 50") + Step("cancel: true"), 1),
        std::pair(begun + "timeout_ms: 100", 4),
        std::pair(begun + Step("wait_ms: 60000") + "timeout_ms: 100", 4)}) {
    const peer::Ended ended = peer.Call(port, "Both", rest);
    EXPECT_EQ(ended.status().code(), code) << rest;
    EXPECT_EQ(Texts(ended.responses()), "b");
    const peer::Served served = peer.Served("c");
    EXPECT_TRUE(served.cancelled());
    EXPECT_FALSE(served.has_status());
  }
}

TEST(Calls, CancelledBeforeThereIsAConnection) {
  Peer peer;
  EXPECT_EQ(peer.Call(1, "Unary",
                      Step(Send("a")) + Step("wait_ms: 50") + Step("cancel: true") +
                          "wait_for_ready: true")
                .status()
                .code(),
            1);
}

TEST(Calls, AWaitEndsWithTheCall) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Up", kOne + Step(Send("b")));
  const peer::Ended ended = peer.Call(port, "Up", Step(Send("a")) + Step("wait_ms: 60000"));
  EXPECT_EQ(ended.status().code(), 0);
  EXPECT_EQ(Texts(ended.responses()), "b");
}

TEST(Calls, Times) {
  Peer peer;
  const int port = peer.Listen();
  peer.Script("/note.Notes/Unary", Step("wait_ms: 100") + Step(Send("b")));
  const auto start = std::chrono::steady_clock::now();
  peer.Begin(port, "Unary", Step(Send("a")) + "times: 10 at_once: 5");
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(peer.Ended("c." + std::to_string(i)).status().code(), 0);
  }
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200));
}

TEST(Calls, Limits) {
  Peer peer;
  const int port = peer.Listen("max_receive_bytes: 1000");
  peer.Script("/note.Notes/Unary", kOne + Step(Send("b")));
  const std::string large(2000, 'a');
  EXPECT_EQ(
      peer.Call(port, "Raw", R"(steps { send: "\n\320\017)" + large + "\" } ").status().code(), 8);
}

}  // namespace
}  // namespace stitch
