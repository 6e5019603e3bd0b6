#include <algorithm>

#include "base/shorten.h"
#include "base/text.h"
#include "core/model/condition.h"
#include "core/plan/gate.h"
#include "core/plan/summary.h"

namespace pawl::plan {

namespace {

using format::Arena;
using format::Value;

GateSubject subject_of(model::EvidenceSubject subject) {
  switch (subject) {
    case model::EvidenceSubject::kBundle:
      return GateSubject::kBundle;
    case model::EvidenceSubject::kRelease:
      return GateSubject::kRelease;
    case model::EvidenceSubject::kSnapshot:
      return GateSubject::kSnapshot;
    case model::EvidenceSubject::kImage:
      return GateSubject::kImage;
  }
  return GateSubject::kBundle;
}

Value value_of(Arena& arena, const model::Subject& subject) {
  Value digest = Value::map();
  digest.set(arena, "sha256", subject.digest.hex());
  Value out = Value::map();
  out.set(arena, "name", subject.name);
  out.set(arena, "digest", digest);
  return out;
}

// What a condition reads, in `arena` and in the statement.
model::Condition::Facts facts_of(Arena& arena, const model::Statement& statement, const crypto::Digest& about,
                                 const GateFacts& facts) {
  model::Condition::Facts out{.predicate = statement.predicate.root,
                              .subject = Value::map(),
                              .statement = Value::map(),
                              .environment = Value::map()};
  Value subjects = Value::list();
  for (const model::Subject& one : statement.subjects) {
    Value value = value_of(arena, one);
    if (one.digest == about) out.subject = value;
    subjects.push_back(arena, value);
  }
  out.statement.set(arena, "_type", model::kStatementType);
  out.statement.set(arena, "subject", subjects);
  out.statement.set(arena, "predicateType", statement.predicate_type);
  out.statement.set(arena, "predicate", statement.predicate.root);
  Value labels = Value::map();
  for (const auto& [name, text] : facts.evidence.labels) labels.set(arena, name, text);
  out.environment.set(arena, "name", facts.environment.str());
  out.environment.set(arena, "project", facts.evidence.project);
  out.environment.set(arena, "labels", labels);
  return out;
}

// An answer goes into the ledger, where an entry has bounds; `attest --list` shows all.
constexpr std::size_t kLongestFound = 2000;
constexpr std::size_t kMostShown = 100;

// What the newest statement of one signer comes to. The kinds in the order in which they outweigh each other: what Pawl
// issued is a statement a check, and none of them hides another's no, or that another is gone.
struct Word {
  enum class Kind : std::uint8_t { kNone, kOld, kYes, kVoid, kNo } kind = Kind::kNone;
  std::string why;     // of a no, and of what does not count
  std::string person;  // of a yes: whose key it is; "" for a key of nobody
  std::vector<std::string> records;
};

void weigh(Word& word, Word other) {
  if (other.kind > word.kind)
    word = std::move(other);
  else if (other.kind == word.kind)
    word.records.insert(word.records.end(), other.records.begin(), other.records.end());
}

// What is found about one digest.
struct Finding {
  GateState state = GateState::kWaiting;
  std::string found;
  std::vector<std::string> evidence;
};

// One gate being answered. Every signer has one word: their newest statement of the type; of what Pawl issued, the
// newest of each check. Where it cannot be read any more, or its key was taken away, the older ones do not step in.
class Counting {
 public:
  Counting(const model::EvidenceGate& gate, const GateFacts& facts)
      : gate_(gate), facts_(facts), asked_(people_of(gate.from, facts.approvals.people, facts.approvals.groups)) {
    if (gate.condition.empty()) return;
    Result<model::Condition> condition = model::Condition::compile(gate.condition);
    if (condition)
      condition_ = std::move(*condition);
    else
      broken_ = condition.error().message;
  }

  GateAnswer answer() const {
    GateAnswer out{.gate = "evidence", .subject = subject_of(gate_.subject), .state = GateState::kErrored};
    std::vector<const EvidenceAbout*> about;
    for (const EvidenceAbout& one : facts_.evidence.subjects) {
      if (one.kind == gate_.subject) about.push_back(&one);
    }
    // A rule about nothing is no pass.
    if (about.empty()) {
      out.found = "there is no " + std::string(name_of(gate_.subject)) + " that evidence could be about";
    } else if (!broken_.empty()) {
      out.found = "its condition does not compile: " + broken_;
    } else {
      sum_up(about, out);
    }
    return out;
  }

 private:
  void sum_up(const std::vector<const EvidenceAbout*>& about, GateAnswer& out) const {
    std::vector<GateAnswer> all;
    std::string open;
    std::string first;
    for (const EvidenceAbout* one : about) {
      Finding finding = find(one->digest);
      out.evidence.insert(out.evidence.end(), finding.evidence.begin(), finding.evidence.end());
      if (finding.state != GateState::kPassed) {
        open += (open.empty() ? "" : "; ") + (one->name.empty() ? "" : one->name + ": ") + finding.found;
        if (first.empty()) first = one->name;
      }
      all.push_back({.state = finding.state, .found = std::move(finding.found)});
    }
    out.state = verdict(all);
    out.found = short_type() + ", " +
                (!open.empty()     ? open
                 : all.size() == 1 ? all[0].found
                                   : std::to_string(all.size()) + " images, each " + wanted());
    out.found = shortened(out.found, kLongestFound);
    if (out.evidence.size() > kMostShown) out.evidence.resize(kMostShown);
    if (out.state != GateState::kPassed) out.who = way_on(first);
  }

  // "test-result/v0.1" of a long URI.
  std::string short_type() const {
    const std::string& type = gate_.predicate_type;
    std::size_t slash = type.rfind('/');
    slash = slash == std::string::npos || slash == 0 ? slash : type.rfind('/', slash - 1);
    return slash == std::string::npos ? type : type.substr(slash + 1);
  }
  std::string wanted() const { return std::to_string(gate_.count) + " from " + join(gate_.from, ", "); }

  std::string way_on(const std::string& image) const {
    std::string which;
    if (gate_.subject == model::EvidenceSubject::kBundle) which = " --in " + facts_.environment.str();
    if (gate_.subject == model::EvidenceSubject::kSnapshot) which = " --snapshot";
    if (gate_.subject == model::EvidenceSubject::kImage) which = " --image " + image;
    std::string release = facts_.evidence.release.empty() ? "RELEASE" : facts_.evidence.release;
    return join(gate_.from, ", ") + ": pawl attest " + release + which + " --type " + gate_.predicate_type +
           " --predicate FILE";
  }

  Finding find(const crypto::Digest& about) const {
    std::vector<const EvidenceFact*> said;
    for (const EvidenceFact& fact : facts_.evidence.said) {
      if (fact.subject == about && fact.predicate_type == gate_.predicate_type) said.push_back(&fact);
    }
    std::set<std::string> yes;  // persons; of other keys the role
    std::vector<std::string> names;
    Finding out;
    std::string remarks;
    bool refused = false;
    for (const std::string& who : everybody_in(said)) {
      Word word = word_of(who, said, about);
      if (word.kind == Word::Kind::kYes) {
        if (yes.insert(word.person.empty() ? who : word.person).second) names.push_back(who);
        out.evidence.insert(out.evidence.end(), word.records.begin(), word.records.end());
      } else if (word.kind == Word::Kind::kNo) {
        refused = true;
        out.evidence.insert(out.evidence.end(), word.records.begin(), word.records.end());
        remarks += "; " + who + " says no: " + word.why;
      } else {
        remarks += "; " + who + "'s does not count: " + word.why;
      }
    }
    bool enough = yes.size() >= std::max<std::size_t>(1, gate_.count);
    out.state = enough ? GateState::kPassed : refused ? GateState::kFailed : GateState::kWaiting;
    out.found =
        std::to_string(yes.size()) + " of " + wanted() + (names.empty() ? "" : ": " + join(names, ", ")) + remarks;
    return out;
  }

  // As whom a key's owner is asked: in a role that the gate names, else as a person; "" where they are not.
  std::string asked_as(const EvidenceSigner& signer) const {
    for (const std::string& name : gate_.from) {
      if (signer.roles.contains(name)) return name;
    }
    return signer.person && asked_.contains(*signer.person) ? signer.person->str() : "";
  }

  bool is_asked(const std::string& name) const {
    return asked_.contains(model::PersonName(name)) ||
           std::find(gate_.from.begin(), gate_.from.end(), name) != gate_.from.end();
  }

  std::set<std::string> everybody_in(const std::vector<const EvidenceFact*>& said) const {
    std::set<std::string> out;
    for (const EvidenceFact* fact : said) {
      for (const EvidenceSigner& signer : fact->signers) {
        if (std::string who = asked_as(signer); !who.empty()) out.insert(std::move(who));
      }
      for (const std::string& name : fact->recorded_by) {
        if (is_asked(name)) out.insert(name);
      }
    }
    return out;
  }

  // The key's owner where `who` signed it as it is read now.
  const EvidenceSigner* signature_of(const std::string& who, const EvidenceFact& fact) const {
    for (const EvidenceSigner& signer : fact.signers) {
      if (asked_as(signer) == who) return &signer;
    }
    return nullptr;
  }

  Word word_of(const std::string& who, const std::vector<const EvidenceFact*>& said,
               const crypto::Digest& about) const {
    Word out;
    std::set<std::string_view> heard;
    for (auto fact = said.rbegin(); fact != said.rend(); ++fact) {
      const EvidenceSigner* signer = signature_of(who, **fact);
      const std::vector<std::string>& then = (*fact)->recorded_by;
      bool theirs = signer != nullptr || std::find(then.begin(), then.end(), who) != then.end();
      if (theirs && heard.insert((*fact)->issued).second) weigh(out, judge(**fact, signer, about));
    }
    return out;
  }

  Word judge(const EvidenceFact& fact, const EvidenceSigner* signer, const crypto::Digest& about) const {
    Word out = judge_signed(fact, signer, about);
    if (!fact.issued.empty() && !out.why.empty()) out.why = fact.issued + ": " + out.why;
    return out;
  }

  Word judge_signed(const EvidenceFact& fact, const EvidenceSigner* signer, const crypto::Digest& about) const {
    Word out{.kind = Word::Kind::kVoid, .records = {fact.record}};
    if (fact.flaw) {
      out.why = words_for(*fact.flaw);
    } else if (signer == nullptr) {
      out.why = "its key is somebody else's now";
    } else if (gate_.max_age && facts_.now - fact.recorded > *gate_.max_age) {
      out.kind = Word::Kind::kOld;
      out.why = "it is older than " + render_duration(*gate_.max_age);
    } else if (std::optional<std::string> why = refusal(*fact.statement, about)) {
      out.kind = Word::Kind::kNo;
      out.why = std::move(*why);
    } else {
      out.kind = Word::Kind::kYes;
      out.person = signer->person ? signer->person->str() : "";
    }
    return out;
  }

  // Why the statement says no; nullopt where it says yes.
  std::optional<std::string> refusal(const model::Statement& statement, const crypto::Digest& about) const {
    const Value& predicate = statement.predicate.root;
    if (gate_.predicate_type == model::kVsaPredicate) {
      std::string uri = resource_uri(facts_.evidence.project, facts_.environment, about);
      if (auto why = summary_refusal(gate_, predicate, uri)) return why;
    }
    bool bare_result = gate_.predicate_type == model::kTestResultPredicate && !condition_;
    if (bare_result && predicate.string_at("result") != "PASSED")
      return "its result is " + shortened(predicate.string_at("result"), 80);
    if (!condition_) return std::nullopt;
    Arena arena;
    return condition_->refusal(facts_of(arena, statement, about, facts_));
  }

  const model::EvidenceGate& gate_;
  const GateFacts& facts_;
  std::set<model::PersonName> asked_;
  std::optional<model::Condition> condition_;
  std::string broken_;
};

}  // namespace

GateAnswer answer(const model::EvidenceGate& gate, const GateFacts& facts) { return Counting(gate, facts).answer(); }

}  // namespace pawl::plan
