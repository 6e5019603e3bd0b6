#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// What `serve --once` prints.

namespace pawl::cli {

std::string print(const api::ServeResponse& r, const Terminal& t) {
  std::vector<Row> rows;
  for (const api::ServedView& one : r.served) {
    bool fine = one.answer == "done" || one.answer == "nothing";
    bool waits = one.answer == "waiting" || one.answer == "held" || one.answer == "not yet" || one.answer == "would";
    Cell answer(one.answer, fine ? Paint::kGreen : waits ? Paint::kYellow : Paint::kRed);
    rows.push_back({one.environment, answer, escape_terminal(one.version), escape_terminal(one.reason)});
  }
  std::string said = rows.empty() ? "Nothing was to be done." : "";
  return notes(r.notes) + table(rows, t.out_colour) + closing(said, "pawl status");
}

}  // namespace pawl::cli
