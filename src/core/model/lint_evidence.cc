#include <fmt/format.h>

#include "base/text.h"
#include "core/model/parse.h"
#include "core/model/predicate_type.h"
#include "core/model/statement.h"

namespace pawl::model {

namespace {

using format::Value;

bool is_own_role(std::string_view name) { return name == "release" || name == "checks"; }

bool is_role(const Configuration& all, const std::string& name) {
  return is_own_role(name) || all.trust.roles.contains(name);
}

std::string near_name(const Configuration& all, const std::string& name) {
  std::vector<std::string_view> known = {"release", "checks"};
  for (const auto& [role, keys] : all.trust.roles) known.push_back(role);
  for (const auto& [group, members] : all.groups) known.push_back(group.str());
  for (const Person& person : all.people) known.push_back(person.name.str());
  std::string near = nearest(name, known);
  return near.empty() ? "" : fmt::format("did you mean \"{}\"?", near);
}

// One evidence gate of one environment.
class GateLint {
 public:
  GateLint(FieldReader& reader, const Configuration& all, const EvidenceGate& gate, const Value& at)
      : reader_(reader), all_(all), gate_(gate), at_(at) {}

  void check() {
    check_type();
    check_from();
    check_count();
    check_summary();
  }

 private:
  // The field's value, or the gate itself where it is absent.
  const Value& place(std::string_view name) const {
    const Value* found = at_.find(name);
    return found == nullptr ? at_ : *found;
  }

  void check_type() {
    const std::string& type = gate_.predicate_type;
    if (type.empty()) return;  // missing, and noted
    if (!is_predicate_type(type))
      reader_.error(place("predicateType"), "predicate-type",
                    fmt::format("\"{}\" cannot be a predicate type", escape_terminal(type.substr(0, 80))),
                    "it is a URI: https://in-toto.io/attestation/test-result/v0.1");
    else if (is_own_predicate(type))
      reader_.error(place("predicateType"), "predicate-type",
                    fmt::format("statements of type {} are looked at by other gates", type),
                    "pawl explain environments.gates");
  }

  void check_from() {
    for (const std::string& name : gate_.from) {
      if (is_role(all_, name) || is_person(all_, name) || all_.groups.contains(GroupName(name))) continue;
      reader_.error(find_text(place("from"), name), "unknown-person",
                    fmt::format("evidence.from names \"{}\", which is neither a role of trust nor a person nor a group",
                                name.substr(0, 80)),
                    "trust: { ci: [keys/ci.pub] } says whose statements count", near_name(all_, name));
    }
    if (gate_.from.empty() && at_.find("from") != nullptr)
      reader_.error(place("from"), "nobody", "evidence.from names nobody, so no statement could count");
  }

  // A role is one signer, however many keys it has.
  void check_count() {
    std::size_t signers = people_named(all_, gate_.from).size();
    if (gate_.count > signers && !gate_.from.empty())
      reader_.error(place("count"), "quorum",
                    fmt::format("{} statements are wanted, but only {} may make one", gate_.count, signers),
                    "a role of trust is one, however many keys it has");
  }

  // A verification summary counts only by the verifier that its gate names, about what its gate names.
  void check_summary() {
    bool is_summary = gate_.predicate_type == kVsaPredicate;
    for (const char* name : {"verifier", "levels", "resourceUri"}) {
      if (!is_summary && at_.find(name) != nullptr)
        reader_.error(*at_.find(name), "unknown-field", fmt::format("evidence.{} is of {} alone", name, kVsaPredicate),
                      "say it in the condition: predicate.verifier.id == '...'");
    }
    if (!is_summary) return;
    if (gate_.verifier.empty())
      reader_.error(place("verifier"), "verifier", "evidence.verifier is missing: whose verdict counts?",
                    "verifier: https://ci.example.com/verifier");
    if (gate_.resource_uri.empty() && gate_.subject != EvidenceSubject::kBundle)
      reader_.error(
          place("resourceUri"), "resource-uri",
          fmt::format("evidence.resourceUri is missing: a summary about a {} says which", name_of(gate_.subject)),
          "resourceUri: pkg:oci/shop");
  }

  FieldReader& reader_;
  const Configuration& all_;
  const EvidenceGate& gate_;
  const Value& at_;
};

}  // namespace

void lint_evidence(const Draft& draft) {
  for (std::size_t i = 0; i < draft.read.size(); ++i) {
    const std::vector<Gate>& gates = draft.configuration.environments[i].gates;
    const Value* written = draft.read[i].fields.find("gates");
    // A gate that could not be read left no entry; then the indexes say nothing.
    if (written == nullptr || written->size() != gates.size()) continue;
    for (std::size_t g = 0; g < gates.size(); ++g) {
      const auto* gate = std::get_if<EvidenceGate>(&gates[g]);
      const Value* at = written->items()[g].find("evidence");
      if (gate != nullptr && at != nullptr && at->is_map())
        GateLint(*draft.read[i].reader, draft.configuration, *gate, *at).check();
    }
  }
}

}  // namespace pawl::model
