#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/model/release.h"
#include "engine/approvals.h"
#include "engine/facts.h"
#include "engine/ledger.h"

namespace pawl::engine {

// A person's yes or no on its way into the ledger, whatever it is an answer to: a promotion that waits, or an exception
// that was asked for. It is signed here, or elsewhere with nothing but a key and brought in by whoever has it.

// What the caller says.
struct Answer {
  model::ApprovalVerdict verdict = model::ApprovalVerdict::kRejected;
  std::string comment;
  std::string expires;  // a duration, or ""
  bool dry_run = false;
};

// What it is an answer to, as the caller names it: exactly one is given.
struct AnswerTo {
  std::string question;  // by its number, or what else names it in the store
  std::string request;   // a file of its own, to be signed and no more
  std::string imported;  // what came of that
};

// How one kind of question is spoken of.
struct QuestionWords {
  std::string_view noun;  // "promotion"
  std::string_view one;   // "a promotion"
  std::string_view list;  // "pawl approvals"
  std::string_view approve;
  std::string_view reject;
};

// Errors: kUsage.
Status check_one_way(const AnswerTo& to, const QuestionWords& words);
// A no says why; one that is brought said so where it was signed.
Status check_comment(const Answer& answer, const AnswerTo& to);
// That what is brought says what the verb does. Errors: kUsage with the other verb.
Status check_verdict(model::ApprovalVerdict said, const Answer& answer, const QuestionWords& words);
// "grace's approval of promotion 3 would not count (notAsked): not among those who are asked"
std::string would_not_count(const model::PersonName& person, model::ApprovalVerdict verdict,
                            const std::string& question, std::string_view flaw, std::string_view words);

// As read_persons_statement; what is signed by nobody who is known is kDenied.
Result<PersonsStatement> read_answer(const model::Configuration& configuration, const std::string& record,
                                     const QuestionWords& words);

template <class Said>
struct Recorded {
  Said said;
  std::string record;    // digest of the signed record's manifest; "" where nothing was recorded
  bool existed = false;  // the very same was recorded before: brought twice is brought once
};

// Records a signed answer, whoever brings it. It is judged before anything is kept, and again in the transaction that
// records it. `Kind` is what it is an answer to; it has
//   Said                                      one answer and what it is about, with verdict()
//   kWords                                    QuestionWords
//   read(moment, configuration, record)       Result<Said>
//   check_counts(moment, configuration, said) Status: that it would count now
//   is_recorded(said)                         bool
//   subject(said)                             Result<model::Descriptor>: what the record is attached to
//   append(writing, configuration, said, kept) Status
template <class Kind>
Result<Recorded<typename Kind::Said>> record_answer(World& world, const Context& context,
                                                    const model::ProjectName& project, Kind& kind,
                                                    const std::string& record, const Answer& answer) {
  using Said = typename Kind::Said;
  std::optional<Said> found;
  bool existed = false;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(found, kind.read(moment, configuration, record));
    PAWL_TRY(check_verdict(found->verdict(), answer, Kind::kWords));
    existed = kind.is_recorded(*found);
    return existed ? Status() : kind.check_counts(moment, configuration, *found);
  }));
  Recorded<Said> out{std::move(*found), "", existed};
  if (answer.dry_run) return out;
  PAWL_ASSIGN(model::Descriptor subject, kind.subject(out.said));
  PAWL_ASSIGN(model::Descriptor kept, world.blobs->attach(context, subject, model::kSigstoreBundleType, record));
  out.record = kept.digest.str();
  if (existed) return out;
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    Moment moment{writing.records(), writing.now()};
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(Said said, kind.read(moment, configuration, record));
    PAWL_TRY(kind.check_counts(moment, configuration, said));
    return kind.append(writing, configuration, said, kept.digest);
  }));
  return out;
}

}  // namespace pawl::engine
