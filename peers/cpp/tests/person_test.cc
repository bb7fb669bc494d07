// What a person runs.
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "program.h"

namespace stitch {
namespace {

// A server that runs until the test ends, and ends well then.
class Person : public testing::Test {
 protected:
  void SetUp() override {
    const std::string line = server_.error().ReadLine();
    address_ = line.substr(0, line.size() - 1);
    address_.erase(0, address_.rfind(' ') + 1);
  }

  void TearDown() override {
    server_.Signal(SIGTERM);
    EXPECT_EQ(server_.ExitCode(), 0);
    EXPECT_EQ(server_.error().ReadAll(), "");
  }

  Program server_{{"server", "--port", "0"}};
  std::string address_;
};

TEST_F(Person, LooksNamesUp) {
  Program client({"client", "--address", address_, "Cyber", "Nobody", "Stitch"});
  EXPECT_EQ(client.output().ReadAll(),
            "Expirement:\n---Name:Cyber \n---ID:0 \n---Skill:breaking\n"
            "Expirement:\n---Name:Stitch \n---ID:7 \n"
            "---Skill:making annoyed noise\n");
  EXPECT_EQ(client.error().ReadAll(), "NOT_FOUND: expirement not found\n");
  EXPECT_EQ(client.ExitCode(), 1);
}

TEST_F(Person, LooksStitchUp) {
  Program client({"client", "--address", address_});
  EXPECT_EQ(client.ExitCode(), 0);
}

TEST_F(Person, IsHealthy) { EXPECT_EQ(Program({"health", "--address", address_}).ExitCode(), 0); }

TEST(Health, OfNobody) {
  Program health({"health", "--address", "127.0.0.1:1"});
  EXPECT_EQ(health.ExitCode(), 1);
  EXPECT_NE(health.error().ReadAll().find("127.0.0.1:1 is not healthy: UNAVAILABLE"),
            std::string::npos);
}

TEST(Arguments, NotUnderstood) {
  const std::vector<std::vector<std::string>> all = {{},
                                                     {"dance"},
                                                     {"server", "--port", "65536"},
                                                     {"peer", "x"},
                                                     {"server", "--host"},
                                                     {"client", "-x"}};
  for (const auto& words : all) {
    Program program(words);
    EXPECT_EQ(program.ExitCode(), 2);
    EXPECT_EQ(program.output().ReadAll(), "");
  }
}

}  // namespace
}  // namespace stitch
