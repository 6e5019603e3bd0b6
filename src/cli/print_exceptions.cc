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
  return fmt::format("{}{} in {}{}{}", escape_terminal(x.policy), rule, escape_terminal(x.environment), object, bundle);
}

std::string words_of(const api::ExceptionView& x) {
  std::string out;
  for (const api::ExceptionWordView& word : x.words) {
    std::string comment = word.comment.empty() ? "" : ": " + escape_terminal(word.comment);
    out += fmt::format("  {} by {}{}{}\n", word.verdict, word.person, word.counts ? "" : ", void", comment);
  }
  return out;
}

// Where it was only read from a file, nobody knows whether it holds.
std::string state_of(const api::ExceptionView& x, const Terminal& t) {
  if (!x.asked_at) return "";
  return ": " + (x.holds ? ok(t, "holds") : bad(t, "void: " + x.why));
}

std::string text_of(const api::ExceptionView& x, const Terminal& t) {
  std::string ticket = x.ticket.empty() ? "" : " (" + escape_terminal(x.ticket) + ")";
  return fmt::format("exception {} from {}, until {}{}\n  asked for by {}: {}{}\n", x.number, scope_of(x),
                     render_time(x.expires), state_of(x, t), escape_terminal(x.requester), escape_terminal(x.reason),
                     ticket) +
         words_of(x);
}

std::string sentence(const api::ExceptionResponse& r) {
  if (r.dry_run) return "Nothing was done (--dry-run).";
  if (r.existed) return "It was recorded before.";
  if (!r.who.empty()) return "It waits for " + r.who + ".";
  return r.exception.holds ? "It is shown wherever it is used." : "It lets nothing pass.";
}

std::string way_on(const api::ExceptionResponse& r) {
  if (!r.exception.asked_at) return "pawl help exception approve";
  if (r.dry_run) return "pawl exception list";
  if (!r.who.empty()) return fmt::format("pawl exception approve {}", r.exception.number);
  return "pawl plan --to " + r.exception.environment;
}

}  // namespace

std::string print(const api::ExceptionResponse& r, const Terminal& t) {
  if (!r.statement.empty()) return r.statement + "\n";
  return text_of(r.exception, t) + closing(sentence(r), way_on(r));
}

std::string print(const api::ExceptionListResponse& r, const Terminal& t) {
  if (!r.request.empty()) return r.request;
  if (r.exceptions.empty()) return closing("Nobody departs from a policy.", "pawl help exception ask");
  std::string out;
  for (const api::ExceptionView& exception : r.exceptions) out += text_of(exception, t);
  return out;
}

}  // namespace pawl::cli
