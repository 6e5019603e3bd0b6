#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"
#include "format/codec.h"

// What the verbs that only look print.

namespace pawl::cli {

namespace {

std::string head_words(const api::EnvironmentView& e) {
  std::string out;
  if (!e.head)
    out = "-";
  else
    out = (e.head->version.empty() ? brief(e.head->bundle) : e.head->version) +
          (e.head->verified ? " ok" : " unverified");
  if (e.degraded) out += ", degraded";
  if (!e.open.empty()) out += fmt::format(", promotion {} {}", e.open.back().number, e.open.back().phase);
  if (!e.hold.empty()) out += ", held";
  return out;
}

std::string drift_words(const std::vector<api::EnvironmentView>& environments) {
  std::string out;
  for (const api::EnvironmentView& e : environments) {
    if (e.drifted && *e.drifted > 0)
      out += fmt::format("{}{}: {} object{}", out.empty() ? "drift: " : ", ", e.name, *e.drifted,
                         *e.drifted == 1 ? "" : "s");
  }
  return out;
}

}  // namespace

std::string print(const api::StatusResponse& r, const Terminal&) {
  std::vector<std::string> names = {"PROJECT"};
  std::vector<std::string> heads = {r.project};
  for (const api::EnvironmentView& e : r.environments) {
    names.push_back(e.name);
    heads.push_back(head_words(e));
  }
  std::string out = table({names, heads});
  if (std::string drift = drift_words(r.environments); !drift.empty()) out += drift + "\n";
  for (const std::string& note : r.notes) out += escape_terminal(note) + ".\n";
  return out + (r.next.empty() ? "" : next(r.next[0]));
}

std::string print(const api::WhyResponse& r, const Terminal&) {
  std::string out = fmt::format("{} in {}: {}\n", r.release, r.environment, r.answer);
  out += gate_lines("Gates: ", r.gates, false);
  for (const std::string& fact : r.facts) out += "  " + escape_terminal(fact) + "\n";
  return out;
}

std::string print(const api::HistoryResponse& r, const Terminal&) {
  std::vector<std::vector<std::string>> rows = {{"FROM", "TO", "RELEASE", "BUNDLE", "BY", "OUTCOME", "WHY"}};
  for (const api::VisitView& v : r.visits) {
    rows.push_back({when(v.from), v.to ? when(*v.to) : "now", v.version.empty() ? v.serial : v.version, brief(v.bundle),
                    fmt::format("{} {}", v.kind, v.promotion), v.outcome, v.reason});
  }
  if (r.visits.empty()) return fmt::format("Nothing was in {} yet.\n", r.environment);
  return table(rows);
}

std::string print(const api::GetResponse& r, const Terminal&) {
  std::vector<std::vector<std::string>> rows;
  if (!r.releases.empty()) rows.push_back({"SERIAL", "VERSIONS", "DIGEST", "CUT", "BY", "COMMIT", "MESSAGE"});
  for (const api::ReleaseView& x : r.releases) {
    rows.push_back({x.serial, join(x.versions, ","), brief(x.digest), when(x.cut_at), x.cut_by,
                    x.commit.substr(0, 12) + (x.dirty ? "+" : ""), x.message});
  }
  if (!r.environments.empty()) rows.push_back({"NAME", "HEAD", "PROMOTES FROM", "TARGET", "PURPOSE"});
  for (const api::EnvironmentView& x : r.environments)
    rows.push_back({x.name, head_words(x), join(x.promotes_from, ","), x.target, x.purpose});
  if (!r.promotions.empty())
    rows.push_back({"NUMBER", "KIND", "ENVIRONMENT", "RELEASE", "STATE", "OPENED", "BY", "WHY"});
  for (const api::PromotionView& x : r.promotions) {
    rows.push_back({std::to_string(x.number), x.kind, x.environment, x.version.empty() ? brief(x.bundle) : x.version,
                    x.outcome.empty() ? x.phase : x.outcome, when(x.opened_at), x.requester, x.request_reason});
  }
  return rows.empty() ? "None.\n" : table(rows);
}

std::string names(const api::GetResponse& r) {
  std::string out;
  for (const api::ReleaseView& x : r.releases) out += x.label() + "\n";
  for (const api::EnvironmentView& x : r.environments) out += x.name + "\n";
  for (const api::PromotionView& x : r.promotions) out += std::to_string(x.number) + "\n";
  return out;
}

namespace {

std::string describe_promotion(const api::PromotionView& x) {
  std::vector<std::vector<std::string>> rows = {
      {"promotion", std::to_string(x.number)},
      {"kind", x.kind},
      {"environment", x.environment},
      {"release", x.version + (x.serial.empty() ? "" : " (" + x.serial + ")")},
      {"bundle", x.bundle},
      {"from", x.from.empty() ? "nothing" : x.from},
      {"state", x.outcome.empty() ? x.phase : x.outcome},
      {"attempt", std::to_string(x.attempt)},
      {"requested by", x.requester},
      {"opened", render_time(x.opened_at)}};
  auto put = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) rows.push_back({name, value});
  };
  put("why", x.request_reason);
  put("reason", x.reason);
  put("started", x.started_at ? render_time(*x.started_at) : "");
  put("head moved", x.applied_at ? render_time(*x.applied_at) : "");
  put("plan", x.plan);
  put("configuration", x.configuration);
  put("recovered", x.recovered ? "yes: the target had it already when a driver came back" : "");
  std::string out = table(rows);
  out += gate_lines("gates ", x.gates, false);
  for (const api::CheckView& c : x.checks)
    out += fmt::format("check {}: {} {} {}\n", c.name, c.state, escape_terminal(c.reason), c.record);
  for (const api::AttemptView& a : x.attempts)
    out +=
        fmt::format("attempt {}: {} {} {}\n", a.attempt, a.outcome, render_time(a.finished), escape_terminal(a.reason));
  return out;
}

}  // namespace

std::string print(const api::DescribeResponse& r, const Terminal&) {
  std::string out;
  for (const api::PromotionView& x : r.promotions) out += describe_promotion(x);
  for (const api::ReleaseView& x : r.releases) {
    out += table({{"release", join(x.versions, ", ") + " (" + x.serial + ")"},
                  {"digest", x.digest},
                  {"snapshot", x.snapshot},
                  {"commit", x.commit + (x.dirty ? " (changed files)" : "")},
                  {"cut", render_time(x.cut_at) + " by " + x.cut_by},
                  {"message", x.message}});
  }
  for (const api::EnvironmentView& x : r.environments) {
    out += table({{"environment", x.name},
                  {"purpose", x.purpose},
                  {"head", head_words(x)},
                  {"bundle", x.head ? x.head->bundle : ""},
                  {"verification", x.head ? x.head->verification : ""},
                  {"target", x.target},
                  {"hold", x.hold}});
  }
  for (const std::string& fact : r.facts) out += escape_terminal(fact) + "\n";
  for (const std::string& image : r.images) out += "image " + escape_terminal(image) + "\n";
  return out;
}

std::string print(const api::DriftResponse& r, const Terminal& t) {
  std::string out;
  std::string drifted;
  for (const api::DriftView& e : r.environments) {
    bool clean = e.changes.objects.empty();
    out += fmt::format("{}: {}\n", e.environment,
                       e.paused ? "paused"
                       : clean  ? ok(t, "as it should be")
                                : bad(t, counts(e.changes)));
    if (!e.note.empty()) out += "  " + escape_terminal(e.note) + "\n";
    for (const api::ObjectView& o : e.changes.objects) {
      out += fmt::format("{} {}  ({}){}\n", sign(o.change, t), escape_terminal(o.object), o.layer,
                         o.changed_by.empty() ? "" : "  changed by " + escape_terminal(o.changed_by));
      for (const api::FieldView& f : o.fields)
        out += fmt::format("    {}   want {}   live {}\n", escape_terminal(f.path),
                           f.before.empty() ? "nothing" : escape_terminal(f.before),
                           f.after.empty() ? "nothing" : escape_terminal(f.after));
    }
    for (const std::string& path : e.foreign) out += "  no bundle put this there: " + escape_terminal(path) + "\n";
    if (!clean && drifted.empty()) drifted = e.environment;
  }
  return out + (drifted.empty() ? "" : next("pawl reconcile " + drifted));
}

std::string print(const api::DiffResponse& r, const Terminal& t) {
  std::string out = fmt::format("{} -> {}\n", escape_terminal(r.from), escape_terminal(r.to));
  for (const api::DiffPartView& part : r.parts) {
    if (r.parts.size() > 1) out += part.environment + ": ";
    out += part.changes.objects.empty() ? "equal.\n" : counts(part.changes) + "\n" + changes(part.changes, t);
  }
  return out;
}

std::string print(const api::RenderResponse& r, const Terminal&) {
  std::string out;
  for (const api::OriginView& o : r.origins)
    out += fmt::format("# {}{}  <- {}\n", o.layer.empty() ? "" : o.layer + " ", escape_terminal(o.object),
                       escape_terminal(o.from));
  bool first = true;
  for (const api::RenderedLayerView& layer : r.layers) {
    if (layer.yaml.empty()) continue;
    if (!std::exchange(first, false)) out += "---\n";
    out += layer.yaml;
  }
  return out;
}

std::string print(const api::VerifyResponse& r, const Terminal& t) {
  std::string out;
  for (const std::string& fact : r.facts) out += fmt::format("{} {}\n", ok(t, "ok"), escape_terminal(fact));
  return out + fmt::format("release {} {} is whole.\n", r.release, brief(r.digest));
}

std::string print(const api::ReproduceResponse& r, const Terminal& t) {
  std::string out;
  for (const std::string& difference : r.differences) out += escape_terminal(difference) + "\n";
  if (!r.comparable) return out + "not comparable\n";
  for (const api::ReleasedBundleView& b : r.bundles)
    out += fmt::format("{} {}  {}\n", b.unchanged ? ok(t, "ok") : bad(t, "differs"), b.environment, b.digest);
  return out + (r.reproduced ? "Every bundle came out the same, byte for byte.\n" : "It did not come out the same.\n");
}

std::string print(const api::AuditLogResponse& r, const Terminal&) {
  std::vector<std::vector<std::string>> rows;
  for (const api::AuditEntryView& e : r.entries)
    rows.push_back({std::to_string(e.index), render_time(e.time), e.actor, e.text});
  return rows.empty() ? "The ledger is empty.\n" : table(rows);
}

std::string print(const api::AuditVerifyResponse& r, const Terminal& t) {
  std::string out;
  for (const std::string& fact : r.facts) out += fmt::format("{} {}\n", ok(t, "ok"), escape_terminal(fact));
  return out;
}

std::string print(const api::DoctorResponse& r, const Terminal& t) {
  std::string out;
  for (const api::FindingView& f : r.findings) {
    out += fmt::format("{} {}: {}\n", f.state == "ok" ? ok(t, "ok") : bad(t, f.state), f.subject,
                       escape_terminal(f.found));
    if (!f.help.empty()) out += "   help: " + escape_terminal(f.help) + "\n";
  }
  return out;
}

std::string print_error(const Error& error, const Terminal& t) {
  std::string out;
  if (!error.diagnostics.empty()) out += render_diagnostics(error.diagnostics);
  std::string frames = error.frames.empty() ? "" : error.text();
  out += paint(t.err_colour, Paint::kRed, "error:") + " " +
         escape_terminal(error.diagnostics.empty() || !frames.empty() ? error.text() : error.message) + "\n";
  if (!error.hint.empty()) out += "help: " + escape_terminal(error.hint) + "\n";
  if (error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout) out += "trying again can help\n";
  return out;
}

namespace {

using format::Value;

Value place(format::Arena& arena, Position at) {
  Value out = Value::map();
  out.set(arena, "line", Value::integer(std::uint64_t{at.line}));
  out.set(arena, "column", Value::integer(std::uint64_t{at.column}));
  return out;
}

Value diagnostic_value(format::Arena& arena, const Diagnostic& d) {
  Value out = Value::map();
  out.set(arena, "severity", d.severity == Severity::kError ? "error" : "warning");
  out.set(arena, "code", d.code);
  out.set(arena, "summary", d.summary);
  out.set(arena, "detail", d.suggestion);
  if (d.at.line != 0) {
    Value range = Value::map();
    range.set(arena, "filename", d.file);
    range.set(arena, "start", place(arena, d.at));
    range.set(arena, "end", place(arena, {d.at.line, d.at.column + d.length}));
    out.set(arena, "range", range);
    out.set(arena, "snippet", d.snippet);
  }
  out.set(arena, "help", d.help);
  return out;
}

}  // namespace

std::string error_json(const Error& error) {
  format::Arena arena;
  std::vector<Diagnostic> all = error.diagnostics;
  if (all.empty())
    all.push_back({.code = std::string(name_of(error.code)), .summary = error.text(), .help = error.hint});
  Value list = Value::list();
  std::uint64_t errors = 0;
  for (const Diagnostic& d : all) {
    list.push_back(arena, diagnostic_value(arena, d));
    errors += d.severity == Severity::kError ? 1 : 0;
  }
  Value out = Value::map();
  out.set(arena, "format_version", "1.0");
  out.set(arena, "valid", Value::boolean(false));
  out.set(arena, "error_count", Value::integer(errors));
  out.set(arena, "code", name_of(error.code));
  out.set(arena, "diagnostics", list);
  return format::render_json_pretty(out);
}

}  // namespace pawl::cli
