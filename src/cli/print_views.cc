#include <fmt/format.h>

#include "base/text.h"
#include "cli/print.h"
#include "cli/print_parts.h"
#include "format/codec.h"

// What the verbs that only look print.

namespace pawl::cli {

namespace {

std::string head_words(const api::EnvironmentView& e) {
  if (!e.head) return "-";
  std::string out =
      (e.head->version.empty() ? brief(e.head->bundle) : e.head->version) + (e.head->verified ? " ok" : " unverified");
  if (e.degraded) out += ", degraded";
  if (!e.open.empty()) out += fmt::format(", promotion {} {}", e.open.back().number, e.open.back().phase);
  return out + (e.hold.empty() ? "" : ", held") + (e.freeze.empty() ? "" : ", frozen");
}

}  // namespace

std::string print(const api::GetResponse& r, const Terminal&) {
  std::vector<Row> rows;
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

namespace {

std::string describe_promotion(const api::PromotionView& x) {
  std::vector<Row> rows = {{"promotion", std::to_string(x.number)},
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
  out += gate_lines(x.gates);
  for (const api::CheckView& c : x.checks)
    out += fmt::format("check {}: {} {} {}\n", c.name, c.state, escape_terminal(c.reason), c.record);
  for (const api::AttemptView& a : x.attempts)
    out +=
        fmt::format("attempt {}: {} {} {}\n", a.attempt, a.outcome, render_time(a.finished), escape_terminal(a.reason));
  return out;
}

}  // namespace

std::string print(const api::DescribeResponse& r, const Terminal& t) {
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
                  {"hold", x.hold},
                  {"freeze", x.freeze}});
  }
  for (const std::string& fact : r.facts) out += escape_terminal(fact) + "\n";
  for (const std::string& image : r.images) out += "image " + escape_terminal(image) + "\n";
  if (!r.evidence.empty()) out += "Evidence:\n" + evidence_lines(r.evidence, t);
  return out;
}

namespace {

// What an environment's target has and should not, a row a field.
std::vector<Row> drift_rows(const api::ChangesView& changes) {
  std::string space = common_namespace(changes.objects);
  std::vector<Row> rows;
  auto value = [](const std::string& text) { return text.empty() ? "nothing" : text; };
  for (const api::ObjectView& o : changes.objects) {
    std::string who = o.changed_by.empty() ? "" : "changed by " + o.changed_by;
    std::string name = short_name(o.object, space);
    if (o.fields.empty()) rows.push_back({name, o.change == "removed" ? "it is gone" : "it was added", "", "", who});
    for (const api::FieldView& f : o.fields) {
      rows.push_back({name, f.path, "want " + value(f.before), "live " + value(f.after), who});
      name.clear();
      who.clear();
    }
  }
  return rows;
}

std::string print_environment(const api::DriftView& e, bool alone, const Terminal& t) {
  bool clean = e.changes.objects.empty();
  std::string state = e.paused ? "paused" : clean ? ok(t, "as it should be") : bad(t, counts(e.changes));
  std::string out = clean || !alone ? fmt::format("{}: {}\n", e.environment, state) : "";
  if (!e.note.empty()) out += "  " + escape_terminal(e.note) + "\n";
  out += table(drift_rows(e.changes), t.out_colour, 3);
  for (const std::string& path : e.foreign) out += "no bundle put this there: " + escape_terminal(path) + "\n";
  return out;
}

}  // namespace

std::string print(const api::DriftResponse& r, const Terminal& t) {
  std::string out;
  std::string drifted;
  for (const api::DriftView& e : r.environments) {
    out += print_environment(e, r.environments.size() == 1, t);
    if (!e.changes.objects.empty() && drifted.empty()) drifted = e.environment;
  }
  return out + next(drifted.empty() ? "pawl status" : "pawl reconcile " + drifted);
}

std::string print(const api::DiffResponse& r, const Terminal& t) {
  std::string from = escape_terminal(r.from);
  std::string to = escape_terminal(r.to);
  std::string out = fmt::format("{} -> {}\n", from, to);
  if (r.parts.size() == 1 && r.parts[0].changes.objects.empty()) return fmt::format("{} and {} are equal.\n", from, to);
  for (const api::DiffPartView& part : r.parts) {
    if (r.parts.size() > 1) out += part.environment + ":\n";
    out += part.changes.objects.empty()
               ? "equal.\n"
               : table(change_rows(part.changes), t.out_colour, 3) + counts(part.changes) + "\n";
  }
  return out;
}

Pieces print(const api::RenderResponse& r, const Terminal&) {
  std::string origins;
  for (const api::OriginView& o : r.origins)
    origins += fmt::format("# {}{}  <- {}\n", o.layer.empty() ? "" : o.layer + " ", escape_terminal(o.object),
                           escape_terminal(o.from));
  Pieces out(std::move(origins));
  bool first = true;
  for (const api::RenderedLayerView& layer : r.layers) {
    if (layer.yaml.size() == 0) continue;
    if (!std::exchange(first, false)) out.append(SharedBytes("---\n", nullptr));
    out.append(layer.yaml);
  }
  return out;
}

std::string print(const api::VerifyResponse& r, const Terminal& t) {
  std::string out;
  for (const std::string& fact : r.facts) out += fmt::format("{} {}\n", ok(t, "ok"), escape_terminal(fact));
  return out + fmt::format("release {} {} is whole.\n", escape_terminal(r.release), brief(r.digest));
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
  std::vector<Row> rows;
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

}  // namespace pawl::cli
