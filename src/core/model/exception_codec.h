#pragma once

#include "core/model/approval_codec.h"
#include "core/model/exception.h"

// For those who write exceptions down: core/model and core/plan.

namespace pawl::model {

template <class V>
void fields(V& v, PolicyException& x) {
  v("bundle", x.bundle);
  v("environment", x.environment);
  v("expires", x.expires);
  v("ledger", x.ledger);
  v("number", x.number);
  v("object", x.object);
  v("policy", x.policy);
  v("project", x.project);
  v("reason", x.reason);
  v("requester", x.requester);
  v("rule", x.rule);
  v("ticket", x.ticket);
}

}  // namespace pawl::model
