#include "tests/sim/judge.h"

#include "core/plan/fold.h"

namespace pawl::sim {

Judge::Judge(World& world, Coverage& coverage, Rendered& rendered)
    : world_(world),
      coverage_(coverage),
      rendered_(rendered),
      outside_{Documents([&world](const Digest& digest) -> std::optional<std::string> {
                 Result<std::string> bytes = world.blobs().get(Context{}, digest, limits::kBlobBytes);
                 if (!bytes) return std::nullopt;
                 return std::move(*bytes);
               }),
               {},
               {},
               {},
               {},
               {},
               kSecret,
               {memory::Signer::key_of("release").public_key()},
               {},
               "",
               ""} {}

std::string Judge::ask(const plan::Entry* entry) {
  Sight sight{book_, entry, outside_};
  std::string all;
  for (const Invariant& invariant : kInvariants) {
    std::string how = invariant.broken(sight);
    if (!how.empty()) all += (all.empty() ? "" : "\n") + std::string(invariant.name) + ": " + how;
  }
  return all;
}

std::string Judge::take(const std::string& bytes) {
  Result<plan::Entry> entry = plan::decode_entry(bytes);
  if (!entry) return "3 a head moves only by compare-and-swap: " + entry.error().text();
  if (std::string broken = ask(&*entry); !broken.empty()) return broken;
  coverage_.took(book_, *entry);
  book_.take(*entry);
  Status folds = plan::fold(folded_, *entry);
  if (!folds) outside_.unlike_ledger = "the ledger does not fold: " + folds.error().text();
  return "";
}

// The entries that are new; what was taken in before must still stand in front of them.
Status Judge::gather(ports::Reader& reader, std::vector<std::string>& fresh) {
  PAWL_ASSIGN(std::uint64_t size, reader.log_size());
  std::size_t from = taken_.empty() ? 0 : taken_.size() - 1;  // the newest of before again
  PAWL_ASSIGN(std::vector<std::string> entries, reader.entries(from, size));
  bool stands = taken_.empty() || (!entries.empty() && entries[0] == taken_.back());
  if (!stands) outside_.forgotten = "an entry that was acknowledged is not in the ledger any more";
  fresh.assign(entries.begin() + (taken_.empty() || entries.empty() ? 0 : 1), entries.end());
  return {};
}

Status Judge::compare_records(ports::Reader& reader) {
  constexpr std::size_t kPage = 2000;
  std::size_t seen = 0;
  std::string after;
  for (;;) {
    PAWL_ASSIGN(std::vector<ports::Record> page, reader.scan("", after, kPage));
    for (const ports::Record& record : page) {
      auto found = folded_.written().find(record.key);
      if (found == folded_.written().end() || found->second != record.value)
        outside_.unlike_ledger = "record " + record.key + " is not what the ledger folds to";
    }
    seen += page.size();
    if (page.size() < kPage) break;
    after = page.back().key;
  }
  if (seen != folded_.written().size() && outside_.unlike_ledger.empty())
    outside_.unlike_ledger = "records are missing";
  for (const char* name : kEnvironments) {
    model::EnvironmentName environment(name);
    PAWL_ASSIGN(std::optional<std::string> record,
                reader.get(plan::key::environment(model::ProjectName("sim"), environment)));
    if (!record) continue;
    PAWL_ASSIGN(plan::EnvironmentState state, plan::decode<plan::EnvironmentState>(std::move(*record)));
    outside_.held[environment] = state.hold.has_value();
  }
  return {};
}

void Judge::look_at_targets() {
  outside_.targets.clear();
  for (const std::string& identity : world_.targets().identities()) {
    std::shared_ptr<memory::Target> target = world_.targets().at(identity);
    outside_.targets[identity] = {target->inspect(Context{})->receipt, target->read(Context{})->layers,
                                  target->edited()};
  }
}

void Judge::collect_written(const std::vector<std::string>& fresh) {
  outside_.written = fresh;
  for (; blobs_seen_ < world_.blobs().count(); ++blobs_seen_)
    outside_.written.push_back(world_.blobs().nth(blobs_seen_));
}

std::string Judge::look() {
  std::vector<std::string> fresh;
  Status read = world_.store().read(Context{}, [&](ports::Reader& reader) { return gather(reader, fresh); });
  if (!read) return read.error().text();
  outside_.heard = world_.take_heard();
  for (CheckRun& run : world_.take_check_runs()) outside_.runs.push_back(std::move(run));
  std::swap(outside_.rendered, rendered_);
  std::string broken;
  for (const std::string& bytes : fresh) {
    if (broken.empty()) broken = take(bytes);
    taken_.push_back(bytes);
  }
  std::swap(outside_.rendered, rendered_);
  if (!broken.empty()) return broken;
  read = world_.store().read(Context{}, [&](ports::Reader& reader) { return compare_records(reader); });
  if (!read) return read.error().text();
  look_at_targets();
  collect_written(fresh);
  return ask(nullptr);
}

}  // namespace pawl::sim
