#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "format/value.h"

namespace pawl::engine {

// What a policy's expression is over the document in `yaml` ("" for none): {value, type, cost}, or {error, type, cost}
// where evaluating it erred. `file` names the document in errors. Errors: kInvalid for an expression that does not
// compile, and for a file that is no document.
Result<format::Document> try_expression(std::string_view expression, std::string yaml, const std::string& file);

}  // namespace pawl::engine
