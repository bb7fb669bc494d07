// A service of methods that are known only at run time.
#ifndef STITCH_SRC_ANY_SERVICE_H_
#define STITCH_SRC_ANY_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "scripts.h"
#include "types.h"

namespace stitch {

// Serves every method of some types with the library's own handler for its
// kind, as generated code does. Whatever else is called is left to the library.
class AnyService final : public grpc::Service {
 public:
  // The scripts must outlive it.
  AnyService(std::shared_ptr<const Types> types, Scripts* scripts);

 private:
  const std::shared_ptr<const Types> types_;
};

}  // namespace stitch

#endif  // STITCH_SRC_ANY_SERVICE_H_
