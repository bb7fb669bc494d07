// A peer that calls itself over TLS.
#include <gtest/gtest.h>

#include <string>

#include "program.h"

namespace stitch {
namespace {

// A certificate that leads to itself, and its key, which protect nothing. Line feeds are as the
// text format has them. Made with
//   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 36500
//     -subj "/CN=a tester" -addext subjectAltName=DNS:stitch.test -keyout key.pem -out cert.pem
const std::string kCert =
    "-----BEGIN CERTIFICATE-----\\n"
    "MIIBlTCCATugAwIBAgIUP/EkTZGj6EWxMJAWO4O6lFd3aa8wCgYIKoZIzj0EAwIw\\n"
    "EzERMA8GA1UEAwwIYSB0ZXN0ZXIwIBcNMjYxMTMwMDAzNTEzWhgPMjEyNjExMDYw\\n"
    "MDM1MTNaMBMxETAPBgNVBAMMCGEgdGVzdGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0D\\n"
    "AQcDQgAEjqCaKdIJGIZFQYc7LYYiea6cWgCWMl4VpRHBfZiotl4LjZarW2128j+K\\n"
    "lSLi4i7RPsqrDmskjAfC+D/E2Kgx5KNrMGkwHQYDVR0OBBYEFBhLxEH9Tsh7sjHe\\n"
    "M2w9M0p3fQOnMB8GA1UdIwQYMBaAFBhLxEH9Tsh7sjHeM2w9M0p3fQOnMA8GA1Ud\\n"
    "EwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILc3RpdGNoLnRlc3QwCgYIKoZIzj0EAwID\\n"
    "SAAwRQIhAPfiOKZvFGVFSvAum3umsgrH/xXQKaS+vcfyON5ziM/eAiBMfxg3bVhG\\n"
    "Hwz8t5N5IRTXUvJdc0jEFcvgSRebFrtzQg==\\n"
    "-----END CERTIFICATE-----\\n";
const std::string kKey =
    "-----BEGIN PRIVATE KEY-----\\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgE6DA5r/f+5cyZoyI\\n"
    "E6U7/aV2sxN5kM09CWQzxgFazyGhRANCAASOoJop0gkYhkVBhzsthiJ5rpxaAJYy\\n"
    "XhWlEcF9mKi2XguNlqtbbXbyP4qVIuLiLtE+yqsOaySMB8L4P8TYqDHk\\n"
    "-----END PRIVATE KEY-----\\n";

const std::string kOwn = "cert: \"" + kCert + "\" key: \"" + kKey + "\" ";

// The status of a call over TLS.
int StatusOf(Peer* peer, int port, const std::string& tls) {
  peer->Tell(R"(id: "c" call { method: "/Manage/PickOne" steps { send: "\n\006Stitch" }
      channel { address: "127.0.0.1:)" +
             std::to_string(port) + R"(" tls { server_name: "stitch.test" )" + tls + "} } }");
  return peer->Ended("c").status().code();
}

TEST(Tls, AHandlerIsToldWhoItsClientIs) {
  Peer peer;
  const int port = peer.Listen("tls {" + kOwn + "client_ca: \"" + kCert + "\" }");
  EXPECT_EQ(StatusOf(&peer, port, kOwn + "ca: \"" + kCert + "\""), 0);
  EXPECT_EQ(peer.Served("c").client_name(), "a tester");
  EXPECT_EQ(StatusOf(&peer, port, "ca: \"" + kCert + "\""), 14);
}

TEST(Tls, AClientWithoutACertificateHasNoName) {
  Peer peer;
  const int port = peer.Listen("tls {" + kOwn + "}");
  EXPECT_EQ(StatusOf(&peer, port, "ca: \"" + kCert + "\""), 0);
  EXPECT_EQ(peer.Served("c").client_name(), "");
}

TEST(Tls, AVersionIsRefused) {
  Peer peer;
  peer.Tell(R"(id: "l" listen { host: "127.0.0.1" tls {)" + kOwn + R"(version: "1.2" } })");
  EXPECT_EQ(peer.Answer("l").refused(), "tls.version \"1.2\" is not obeyed");
}

}  // namespace
}  // namespace stitch
