#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/configuration.h"
#include "core/model/exception.h"
#include "core/plan/gate.h"

namespace pawl::plan {

// Whether a departure from a policy holds, judged at one moment.

// Why it does not, or not for this. Each has a reason of its own.
enum class ExceptionFlaw : std::uint8_t {
  kNobodyMay,         // the configuration lets nobody depart
  kDamaged,           // its document is not what was asked for
  kWithdrawn,         //
  kExpired,           //
  kTooLong,           // longer than the configuration lets it be
  kRejected,          //
  kNotAgreed,         // not by as many as must
  kOtherEnvironment,  //
  kOtherBundle,       //
  kOtherRule,         //
  kOtherObject,       //
};
std::string_view name_of(ExceptionFlaw flaw);    // "notAgreed"
std::string_view words_for(ExceptionFlaw flaw);  // "too few have agreed to it"

// What one person said to it, as found now.
struct ExceptionWord {
  model::PersonName person;
  model::ApprovalVerdict verdict = model::ApprovalVerdict::kRejected;
  std::string comment;
  bool verifies = false;  // signed by a key that is that person's now, about this exception
  std::string record;     // digest of the signed record's manifest
};

// Why what somebody said to it does not count. Each has a reason of its own.
enum class ExceptionWordFlaw : std::uint8_t {
  kOtherLedger,     // of another store
  kOtherProject,    //
  kOtherException,  // of another number, or of one that says something else
  kUnverified,      // its signed record is gone, or not theirs any more
  kOwnRequest,      // whoever asks never counts
  kNotAsked,        // not among those who may agree, or not any more
};
std::string_view name_of(ExceptionWordFlaw flaw);    // "notAsked"
std::string_view words_for(ExceptionWordFlaw flaw);  // "not among those who may agree to it"

// What is wrong with `signed_one` as an answer to `asked`; nullopt where they agree. The first difference counts, the
// coarsest first.
std::optional<ExceptionWordFlaw> flaw_of_subject(const model::PolicyException& signed_one,
                                                 const model::PolicyException& asked);

struct ExceptionFact {
  model::PolicyException exception;
  bool damaged = false;
  Time asked_at;
  std::set<model::PersonName> own;  // whoever asked, by name and by the key that they asked with
  bool withdrawn = false;
  std::vector<ExceptionWord> words;
};

// Who may agree, and to what.
struct ExceptionJudges {
  std::optional<model::ExceptionRules> rules;
  std::set<model::PersonName> asked;  // the people that the rules' names stand for
};

// Why a word does not count, whatever it says; nullopt where it does.
std::optional<ExceptionWordFlaw> flaw_of(const ExceptionWord& word, const ExceptionFact& fact,
                                         const ExceptionJudges& judges);
// The people who agreed and count: asked, not whoever asks for it, signed.
std::set<model::PersonName> agreed(const ExceptionFact& fact, const ExceptionJudges& judges);
// Why it holds nowhere; nullopt where it holds.
std::optional<ExceptionFlaw> flaw_of(const ExceptionFact& fact, const ExceptionJudges& judges, Time now);
// Why it does not hold for this denial; nullopt where it does.
std::optional<ExceptionFlaw> flaw_for(const model::PolicyException& exception, const PolicyDenial& denial,
                                      const model::EnvironmentName& environment, const crypto::Digest& bundle);

// Takes the denials that an exception covers out of `facts`, and says so; says too of those that would have, and why
// they do not count.
void except(PolicyFacts& facts, std::span<const ExceptionFact> exceptions, const ExceptionJudges& judges,
            const model::EnvironmentName& environment, const crypto::Digest& bundle, Time now);

// Gates that an exception can open: "freeze" and "window".
bool may_be_excepted(std::string_view gate);
// What it names in the place of a policy then: "gate/freeze", which is no policy's name.
std::string gate_exception(std::string_view gate);
// The gate of such a name; nullopt for a policy's.
std::optional<std::string_view> gate_of_exception(std::string_view policy);

// As except(), of those gates among `answers` that do not pass: one that is excepted passes, and says by what.
void except_gates(std::span<GateAnswer> answers, std::span<const ExceptionFact> exceptions,
                  const ExceptionJudges& judges, const model::EnvironmentName& environment,
                  const crypto::Digest& bundle, Time now);
// Whether there is one that could be excepted.
bool any_to_except(std::span<const GateAnswer> answers);

}  // namespace pawl::plan
