// The service for a person: a server with health and reflection, a client that
// prints rows, and a health check. All return exit codes.
#ifndef STITCH_SRC_PERSON_H_
#define STITCH_SRC_PERSON_H_

#include <string>
#include <vector>

namespace stitch {

// Serves until SIGINT or SIGTERM.
int Serve(const std::string& host, int port);

// Looks the names up at each address, one after another; of several addresses,
// prints each before what is there.
int LookUp(const std::vector<std::string>& addresses, const std::vector<std::string>& names);

// Asks whether the whole server is SERVING.
int CheckHealth(const std::string& address);

}  // namespace stitch

#endif  // STITCH_SRC_PERSON_H_
