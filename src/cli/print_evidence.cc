#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"

// What `attest` prints, and statements wherever they are shown.

namespace pawl::cli {

namespace {

std::string about(const api::EvidenceView& e) { return e.subject + " " + escape_terminal(e.name); }

std::string by(const std::vector<std::string>& names) {
  return names.empty() ? "nobody" : escape_terminal(join(names, ", "));
}

Row row_of(const api::EvidenceView& e) {
  Cell state(e.counts ? "counts" : "void", e.counts ? Paint::kGreen : Paint::kRed);
  std::string type = e.predicate_type + (e.issued.empty() ? "" : ", " + e.issued);
  return {"  " + about(e), state, type, "by " + by(e.counts ? e.signers : e.signed_by), when(e.recorded), e.reason};
}

std::string listed(const api::AttestResponse& r, const Terminal& t) {
  if (!r.evidence.empty()) return evidence_lines(r.evidence, t);
  return closing("Nobody said anything about it.", "pawl help attest");
}

std::string sentence(const api::AttestResponse& r) {
  if (r.dry_run) return "Nothing was done (--dry-run).";
  return r.existed ? "It was recorded before." : "It counts where a gate asks for it.";
}

}  // namespace

std::string evidence_lines(const std::vector<api::EvidenceView>& evidence, const Terminal& t) {
  std::vector<Row> rows;
  for (const api::EvidenceView& e : evidence) rows.push_back(row_of(e));
  return table(rows, t.out_colour);
}

std::string print(const api::AttestResponse& r, const Terminal& t) {
  if (!r.statement.empty()) return r.statement + "\n";
  if (r.listed) return listed(r, t);
  const api::EvidenceView& e = r.evidence[0];
  std::string word = r.dry_run ? "would attest" : ok(t, "attested");
  std::string out = fmt::format("{} {} {}\n", word, about(e), brief(e.digest));
  out += fmt::format("  {} by {}\n", escape_terminal(e.predicate_type), by(e.signers));
  return out + closing(sentence(r), "pawl status");
}

}  // namespace pawl::cli
