#include <algorithm>

#include "engine/exception_views.h"
#include "engine/exceptions.h"
#include "engine/facts.h"
#include "engine/number.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

// The one of that number; else those about the environment of that name, all for "".
Result<std::vector<plan::ExceptionState>> find_all(const plan::Records& records, const model::ProjectName& project,
                                                   const std::string& name) {
  if (std::optional<std::uint64_t> number = whole_number(name)) {
    PAWL_ASSIGN(plan::ExceptionState one, find_exception(records, project, *number));
    return std::vector<plan::ExceptionState>{std::move(one)};
  }
  PAWL_ASSIGN(std::vector<plan::ExceptionState> all, exception_states(records, project));
  std::erase_if(all, [&](const plan::ExceptionState& state) {
    return !name.empty() && state.asked.exception.environment.str() != name;
  });
  std::reverse(all.begin(), all.end());
  return all;
}

}  // namespace

Result<api::ExceptionListResponse> exception_list(World& world, const Context& context,
                                                  const api::ExceptionListRequest& request) {
  if (request.exports && !whole_number(request.exception))
    return Error(ErrorCode::kUsage, "which exception is to be exported?", "pawl exception list");
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  api::ExceptionListResponse out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(std::vector<plan::ExceptionState> states, find_all(moment.records, project, request.exception));
    plan::ExceptionJudges judges = exception_judges(configuration);
    for (const plan::ExceptionState& state : states) {
      PAWL_ASSIGN(plan::ExceptionFact fact, exception_fact(world, context, configuration, state));
      out.exceptions.push_back(view_of(fact, judges, moment.now));
      if (!request.exports) continue;
      PAWL_TRY(check_open(fact, judges, moment.now));
      out.request = model::encode_request(fact.exception);
    }
    return {};
  }));
  return out;
}

}  // namespace pawl::engine
