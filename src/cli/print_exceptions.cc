#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// What the verbs about exceptions print.

namespace pawl::cli {

namespace {

std::string scope_of(const api::ExceptionView& x) {
  std::string rule = x.rule ? fmt::format(" rule {}", *x.rule) : "";
  std::string object = x.object.empty() ? "" : " for " + escape_terminal(x.object);
  std::string bundle = x.bundle.empty() ? "" : " in " + brief(x.bundle);
  return fmt::format("{}{} in {}{}{}", escape_terminal(x.policy), rule, x.environment, object, bundle);
}

std::string words_of(const api::ExceptionView& x) {
  std::string out;
  for (const api::ExceptionWordView& word : x.words) {
    std::string comment = word.comment.empty() ? "" : ": " + escape_terminal(word.comment);
    out += fmt::format("  {} by {}{}{}\n", word.verdict, word.person, word.counts ? "" : ", void", comment);
  }
  return out;
}

std::string text_of(const api::ExceptionView& x, const Terminal& t) {
  std::string state = x.holds ? ok(t, "holds") : bad(t, "void: " + x.why);
  std::string ticket = x.ticket.empty() ? "" : " (" + escape_terminal(x.ticket) + ")";
  return fmt::format("exception {} from {}, until {}: {}\n  asked for by {}: {}{}\n", x.number, scope_of(x),
                     render_time(x.expires), state, escape_terminal(x.requester), escape_terminal(x.reason), ticket) +
         words_of(x);
}

}  // namespace

std::string print(const api::ExceptionResponse& r, const Terminal& t) {
  std::string out = text_of(r.exception, t);
  if (r.dry_run) return out + closing("Nothing was done (--dry-run).", "pawl exception list");
  if (!r.who.empty())
    return out + closing("It waits for " + r.who + ".", fmt::format("pawl exception approve {}", r.exception.number));
  return out + closing(r.exception.holds ? "It is shown wherever it is used." : "It lets nothing pass.",
                       "pawl plan --to " + r.exception.environment);
}

std::string print(const api::ExceptionListResponse& r, const Terminal& t) {
  if (r.exceptions.empty()) return closing("Nobody departs from a policy.", "pawl help exception ask");
  std::string out;
  for (const api::ExceptionView& exception : r.exceptions) out += text_of(exception, t);
  return out;
}

}  // namespace pawl::cli
