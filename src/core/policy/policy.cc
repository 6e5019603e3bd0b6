#include "core/policy/policy.h"

namespace pawl::policy {

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::kCreate:
      return "CREATE";
    case Operation::kUpdate:
      return "UPDATE";
    case Operation::kDelete:
      return "DELETE";
    case Operation::kConnect:
      return "CONNECT";
  }
  return "";
}

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::kInvalid:
      return "Invalid";
    case Reason::kForbidden:
      return "Forbidden";
    case Reason::kRequestEntityTooLarge:
      return "RequestEntityTooLarge";
    case Reason::kUnauthorized:
      return "Unauthorized";
  }
  return "";
}

int http_status_of(Reason reason) {
  switch (reason) {
    case Reason::kInvalid:
      return 422;
    case Reason::kForbidden:
      return 403;
    case Reason::kRequestEntityTooLarge:
      return 413;
    case Reason::kUnauthorized:
      return 401;
  }
  return 422;
}

}  // namespace pawl::policy
