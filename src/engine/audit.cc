#include <algorithm>

#include "base/strong.h"
#include "base/text.h"
#include "core/audit/log.h"
#include "core/audit/partials.h"
#include "core/merkle/tile.h"
#include "engine/audit_names.h"
#include "engine/facts.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

std::string words_for(const plan::Event& event) {
  auto promotion = [](std::uint64_t number) { return "promotion " + std::to_string(number); };
  auto exception = [](std::uint64_t number) { return "exception " + std::to_string(number); };
  return std::visit(
      overloaded{[](const plan::ConfigurationApplied& e) {
                   return "configuration " + e.configuration.brief() +
                          (e.takeover ? " taken over from the file" : " in force");
                 },
                 [](const plan::ReleaseCut& e) {
                   return "release " + e.version + " (r" + std::to_string(e.serial) + ") " + e.release.brief() +
                          (e.dirty ? ", from changed files" : "");
                 },
                 [](const plan::ReleaseLabelled& e) {
                   return "release r" + std::to_string(e.serial) + " is also " + e.version;
                 },
                 [&](const plan::PromotionOpened& e) {
                   return promotion(e.number) + ": " + std::string(name_of(e.kind)) + " " + e.environment.str() +
                          " to " + e.bundle.brief() + (e.reason.empty() ? "" : ": " + e.reason);
                 },
                 [&](const plan::PromotionRetried& e) {
                   return promotion(e.number) + ": attempt " + std::to_string(e.attempt);
                 },
                 [&](const plan::PromotionReplanned& e) {
                   return promotion(e.number) + " is planned anew, " + e.bundle.brief() + ": " + e.reason;
                 },
                 [&](const plan::PromotionStarted& e) {
                   return promotion(e.number) + " started, epoch " + std::to_string(e.epoch) + ", " +
                          std::to_string(e.gates.size()) + " gates passed";
                 },
                 [&](const plan::PromotionResumed& e) {
                   return promotion(e.number) + " taken over, epoch " + std::to_string(e.epoch);
                 },
                 [&](const plan::PromotionApplied& e) {
                   return promotion(e.number) + " applied, the head moved" + (e.recovered ? " (recovered)" : "");
                 },
                 [&](const plan::CheckFinished& e) {
                   return promotion(e.number) + ": check " + e.check +
                          (e.passed    ? " passed"
                           : e.errored ? " errored: " + e.reason
                                       : " failed: " + e.reason);
                 },
                 [&](const plan::PromotionFinished& e) {
                   return promotion(e.number) + " " + std::string(name_of(e.outcome)) +
                          (e.reason.empty() ? "" : ": " + e.reason);
                 },
                 [&](const plan::ApprovalRecorded& e) {
                   return promotion(e.number) + " " + std::string(name_of(e.verdict)) + " by " + e.person.str() +
                          (e.comment.empty() ? "" : ": " + e.comment);
                 },
                 [&](const plan::ExceptionAsked& e) {
                   const model::PolicyException& x = e.exception;
                   return exception(x.number) + " from " + x.policy + " in " + x.environment.str() + " asked for by " +
                          x.requester + ": " + x.reason;
                 },
                 [&](const plan::ExceptionAnswered& e) {
                   return exception(e.number) + " " + std::string(name_of(e.verdict)) + " by " + e.person.str() +
                          (e.comment.empty() ? "" : ": " + e.comment);
                 },
                 [&](const plan::ExceptionWithdrawn& e) { return exception(e.number) + " withdrawn: " + e.reason; },
                 [](const plan::EvidenceRecorded& e) {
                   std::string who = e.signed_by.empty() ? "nobody who is known" : join(e.signed_by, ", ");
                   return "evidence about " + e.subject.brief() + " by " + who + ": " + e.predicate_type +
                          (e.issued ? ", " + *e.issued : "");
                 },
                 [](const plan::EnvironmentHeld& e) {
                   return e.environment.str() + (e.on ? " held: " + e.reason : " released");
                 },
                 [](const plan::FreezeSet& e) {
                   std::string scope = e.environment.empty() ? "everything" : e.environment.str();
                   if (!e.on) return scope + " is frozen no more";
                   return scope + " is frozen until " + (e.until ? render_time(*e.until) : "") + ": " + e.reason;
                 },
                 [](const plan::VerificationRevoked& e) {
                   return e.environment.str() + ": " + e.bundle.brief() + " is not verified any more: " + e.reason;
                 }},
      event);
}

bool concerns(const plan::Event& event, const std::string& environment) {
  if (environment.empty()) return true;
  return std::visit(
      [&](const auto& e) {
        if constexpr (std::is_same_v<std::decay_t<decltype(e)>, plan::FreezeSet>)
          return e.environment.empty() || e.environment.str() == environment;
        else if constexpr (requires { e.environment; })
          return e.environment.str() == environment;
        return false;
      },
      event);
}

}  // namespace

Result<api::AuditLogResponse> audit_log(World& world, const Context& context, const api::AuditLogRequest& request) {
  constexpr std::uint64_t kPage = 256;
  api::AuditLogResponse out;
  PAWL_TRY(world.store->read(context, [&](ports::Reader& reader) -> Status {
    PAWL_ASSIGN(out.size, reader.log_size());
    std::uint64_t end = out.size;
    while (end > 0 && out.entries.size() < request.limit) {
      std::uint64_t first = end > kPage ? end - kPage : 0;
      PAWL_ASSIGN(std::vector<std::string> page, reader.entries(first, end - first));
      for (std::size_t i = page.size(); i-- > 0 && out.entries.size() < request.limit;) {
        PAWL_ASSIGN_WITHIN(plan::Entry entry, plan::decode_entry(page[i]),
                           "reading ledger entry " + std::to_string(first + i));
        if (!concerns(entry.event, request.environment)) continue;
        out.entries.push_back({first + i, entry.time, std::string(plan::type_of(entry.event)), entry.actor.subject,
                               words_for(entry.event), std::move(page[i])});
      }
      end = first;
    }
    return {};
  }));
  std::reverse(out.entries.begin(), out.entries.end());
  return out;
}

namespace {

// Folds the whole ledger again and compares the state that comes of it with the state that is stored.
Status replay(World& world, const Context& context, const plan::Records& folded, api::AuditVerifyResponse& out) {
  return world.store->read(context, [&](ports::Reader& reader) -> Status {
    std::string after;
    std::size_t seen = 0;
    for (;;) {
      PAWL_ASSIGN(std::vector<ports::Record> page, reader.scan("", after, 1000));
      if (page.empty()) break;
      for (const ports::Record& record : page) {
        auto found = folded.written().find(record.key);
        bool same = found != folded.written().end() && found->second == record.value;
        if (!same)
          return Error(ErrorCode::kIntegrity, "the state record " + record.key + " is not what the ledger folds to",
                       "restore the store from a backup");
      }
      seen += page.size();
      after = page.back().key;
    }
    if (seen != folded.written().size())
      return Error(ErrorCode::kIntegrity, "the store lacks state records that the ledger folds to",
                   "restore the store from a backup");
    out.facts.push_back("state: " + std::to_string(seen) + " records are what the ledger folds to");
    return {};
  });
}

// The entries as the database has them, read a bundle at a time.
class DatabaseEntries {
 public:
  DatabaseEntries(ports::Store& store, const Context& context) : store_(store), context_(context) {}

  Status expect(std::uint64_t index, std::string_view entry) {
    std::uint64_t first = index - index % merkle::kTileWidth;
    if (!loaded_ || first != first_) PAWL_TRY(load(first));
    std::size_t at = index - first;
    if (at < entries_.size() && entries_[at] == entry) return {};
    return Error(ErrorCode::kIntegrity, "ledger entry " + std::to_string(index) +
                                            " of the database is not the one in " +
                                            merkle::entries_path(index / merkle::kTileWidth));
  }

 private:
  Status load(std::uint64_t first) {
    loaded_ = true;
    first_ = first;
    return store_.read(context_, [&](ports::Reader& reader) -> Status {
      PAWL_ASSIGN(entries_, reader.entries(first, merkle::kTileWidth));
      return {};
    });
  }

  ports::Store& store_;
  const Context& context_;
  bool loaded_ = false;
  std::uint64_t first_ = 0;
  std::vector<std::string> entries_;
};

// Blobs are named by what they hold; reading one checks it.
Status check_blobs(World& world, const Context& context, api::AuditVerifyResponse& out) {
  PAWL_ASSIGN(std::vector<crypto::Digest> digests, world.blobs->list(context));
  for (const crypto::Digest& digest : digests) PAWL_TRY(world.blobs->get(context, digest));
  out.facts.push_back("blobs: " + std::to_string(digests.size()) + " are what their digests say");
  PAWL_ASSIGN(std::size_t names, check_names(world, context));
  out.facts.push_back("names: " + std::to_string(names) + " stand for what is stored");
  return {};
}

}  // namespace

Result<api::AuditVerifyResponse> audit_verify(World& world, const Context& context,
                                              const api::AuditVerifyRequest& request) {
  PAWL_ASSIGN(merkle::NoteVerifier verifier, merkle::NoteVerifier::parse(world.ledger_vkey));
  std::optional<merkle::Checkpoint> against;
  if (!request.against.empty()) {
    PAWL_ASSIGN_WITHIN(merkle::Checkpoint seen, merkle::open_checkpoint(request.against, verifier),
                       "reading the checkpoint to hold it against");
    against = std::move(seen);
  }
  api::AuditVerifyResponse out;
  plan::Records folded;
  auto read = [&](const std::string& path) { return world.store->log_file(path); };
  DatabaseEntries database(*world.store, context);
  auto on_entry = [&](std::uint64_t index, std::string_view entry) -> Status {
    PAWL_TRY(database.expect(index, entry));
    if (!request.replay) return {};
    PAWL_ASSIGN_WITHIN(plan::Entry decoded, plan::decode_entry(std::string(entry)),
                       "reading ledger entry " + std::to_string(index));
    Status status = plan::fold(folded, decoded);
    if (status) return {};
    return Error(ErrorCode::kIntegrity,
                 "entry " + std::to_string(index) + " could not have happened: " + status.error().message);
  };
  PAWL_ASSIGN(std::optional<std::string> signed_head, world.store->checkpoint());
  if (!signed_head && !against) {
    out.facts.push_back("the ledger is empty");
    PAWL_TRY(check_blobs(world, context, out));
    return out;
  }
  PAWL_ASSIGN(audit::LogReport report, audit::check_log(read, verifier, against, on_entry));
  PAWL_TRY(audit::check_partials(read, report.checkpoint.size));
  bool published = signed_head && *signed_head == report.note;
  if (!published)
    return Error(ErrorCode::kIntegrity, "the published checkpoint is not the one in the database", "pawl doctor");
  out.size = report.checkpoint.size;
  out.root = crypto::Digest(report.checkpoint.root).str();
  out.checkpoint = report.note;
  out.facts.push_back("ledger: " + std::to_string(out.size) + " entries, " + std::to_string(report.tiles) +
                      " tiles, signed by " + verifier.name);
  if (against)
    out.facts.push_back("it extends the checkpoint of " + std::to_string(against->size) +
                        " entries that was seen before");
  if (request.replay) PAWL_TRY(replay(world, context, folded, out));
  PAWL_TRY(check_blobs(world, context, out));
  return out;
}

}  // namespace pawl::engine
