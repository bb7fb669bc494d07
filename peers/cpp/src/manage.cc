#include "manage.h"

#include <array>
#include <string_view>

namespace stitch {
namespace {

struct Row {
  std::string_view name;
  std::string_view skill;
};

// The id of a row is its place.
constexpr std::array kTable = {
    Row{"Cyber", "breaking"},
    Row{"Shrink", "short-flying"},
    Row{"Doubledip", "filting anying"},
    Row{"Howcome", "making why"},
    Row{"Squawk", "advanced language skill"},
    Row{"Truxx", "seting up heavy machine"},
    Row{"Gigi", "touching ur heart"},
    Row{"Stitch", "making annoyed noise"},
};

}  // namespace

grpc::ServerUnaryReactor* ManageService::PickOne(grpc::CallbackServerContext* context,
                                                 const NameRequest* request, Expirement* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(Pick(*request, response));
  return reactor;
}

grpc::Status ManageService::Pick(const NameRequest& request, Expirement* row) {
  for (int id = 0; const auto& [name, skill] : kTable) {
    if (name == request.name()) {
      row->set_name(std::string(name));
      row->set_id(id);
      row->set_skill(std::string(skill));
      return grpc::Status::OK;
    }
    ++id;
  }
  return {grpc::StatusCode::NOT_FOUND, "expirement not found"};
}

}  // namespace stitch
