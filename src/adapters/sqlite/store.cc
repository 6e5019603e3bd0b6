#include "adapters/sqlite/store.h"

#include <atomic>
#include <optional>
#include <utility>

#include "adapters/sqlite/background.h"
#include "adapters/sqlite/group_queue.h"
#include "adapters/sqlite/group_transaction.h"
#include "adapters/sqlite/leases.h"
#include "adapters/sqlite/publisher.h"
#include "adapters/sqlite/schema.h"
#include "adapters/sqlite/writer.h"
#include "os/file.h"

namespace pawl::sqlite {

namespace {

constexpr std::chrono::milliseconds kRestBetweenPublications{50};
constexpr std::size_t kIdleSnapshots = 16;

class SqliteStore : public ports::Store {
 public:
  SqliteStore(const std::string& folder, merkle::NoteSigner signer);

  // Publishes what an earlier process committed and did not come to publish.
  void catch_up();

  Status read(const Context& context, const std::function<Status(ports::Reader&)>& body) override;
  Status transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) override;
  Result<std::optional<std::string>> checkpoint() override;
  Result<std::optional<std::string>> log_file(const std::string& path) override;
  Status publish() override { return publisher_.publish_all(); }
  Result<ports::Lease> lease(const std::string& name, const std::string& holder, Time now, Duration term) override {
    return leases_.take(name, holder, now, term);
  }
  Status release_lease(const std::string& name, const std::string& holder) override {
    return leases_.release(name, holder);
  }

 private:
  Status on_snapshot(const std::function<Status(Snapshot&)>& body);
  // Publishes what another process committed and has not come to publish.
  Status publish_for_others();
  void run_group(std::span<GroupQueue::Job* const> jobs);
  Status begin();
  Status commit(const Overlay& overlay);

  std::string database_;
  merkle::NoteSigner signer_;
  Publisher publisher_;
  Leases leases_;
  std::optional<Writer> writer_;              // the running group's; absent before the first and after a failed commit
  std::atomic<std::uint64_t> committed_ = 0;  // size of the log as this process last committed it
  Background publishing_;
  GroupQueue queue_;
  std::mutex idle_mutex_;
  std::vector<Snapshot> idle_;
};

SqliteStore::SqliteStore(const std::string& folder, merkle::NoteSigner signer)
    : database_(os::join_path(folder, "state.db")),
      signer_(std::move(signer)),
      publisher_(database_, os::join_path(folder, "ledger"), signer_.verifier()),
      leases_(database_),
      publishing_([this] { static_cast<void>(publisher_.publish_new()); }, kRestBetweenPublications),
      queue_([this](std::span<GroupQueue::Job* const> jobs) { run_group(jobs); }) {}

void SqliteStore::catch_up() {
  Result<std::optional<std::string>> committed = checkpoint();
  Result<std::optional<std::string>> published = publisher_.file("checkpoint");
  bool current = committed && published && *committed == *published;
  // A log that cannot be published is no reason not to open the store: see store.h.
  if (!current) static_cast<void>(publisher_.publish_new());
}

Status SqliteStore::on_snapshot(const std::function<Status(Snapshot&)>& body) {
  std::optional<Snapshot> snapshot;
  {
    std::lock_guard lock(idle_mutex_);
    if (!idle_.empty()) {
      snapshot = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!snapshot) {
    PAWL_ASSIGN(snapshot, Snapshot::open(database_));
  }
  PAWL_TRY(snapshot->begin());
  Status done = body(*snapshot);
  snapshot->end();
  std::lock_guard lock(idle_mutex_);
  if (idle_.size() < kIdleSnapshots) idle_.push_back(std::move(*snapshot));
  return done;
}

Status SqliteStore::read(const Context& context, const std::function<Status(ports::Reader&)>& body) {
  PAWL_TRY(context.proceed());
  return on_snapshot([&](Snapshot& snapshot) { return body(snapshot); });
}

Result<std::optional<std::string>> SqliteStore::checkpoint() {
  std::optional<std::string> note;
  PAWL_TRY(on_snapshot([&](Snapshot& snapshot) -> Status {
    PAWL_ASSIGN(std::optional<Head> head, snapshot.head());
    if (head) note = std::move(head->checkpoint);
    return {};
  }));
  return note;
}

Status SqliteStore::publish_for_others() {
  std::uint64_t size = 0;
  PAWL_TRY(on_snapshot([&](Snapshot& snapshot) -> Status {
    PAWL_ASSIGN(std::optional<Head> head, snapshot.head());
    if (head) size = head->size;
    return {};
  }));
  // Only what is behind: files that were altered are evidence, and not to be written over.
  if (publisher_.published_size() < size) static_cast<void>(publisher_.publish_new());
  return {};
}

Result<std::optional<std::string>> SqliteStore::log_file(const std::string& path) {
  // What was committed here and not published yet is about to be.
  if (publisher_.published() < committed_) static_cast<void>(publisher_.publish_new());
  if (path == "checkpoint") PAWL_TRY(publish_for_others());
  return publisher_.file(path);
}

Status SqliteStore::transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) {
  GroupQueue::Job job{context, body};
  queue_.submit(job);
  return std::move(job.status);
}

void SqliteStore::run_group(std::span<GroupQueue::Job* const> jobs) {
  if (Status begun = begin(); !begun) {
    for (GroupQueue::Job* job : jobs) job->status = begun;
    return;
  }
  Overlay overlay;
  GroupTransaction transaction(writer_->snapshot(), overlay, writer_->size());
  for (GroupQueue::Job* job : jobs) {
    job->status = job->context.proceed();
    if (job->status) job->status = job->body(transaction);
    if (job->status)
      overlay.keep();
    else
      overlay.undo();
  }
  Status committed = commit(overlay);
  if (committed) return;
  for (GroupQueue::Job* job : jobs) {
    if (job->status) job->status = committed;
  }
}

Status SqliteStore::begin() {
  if (!writer_) {
    PAWL_ASSIGN(writer_, Writer::open(database_, signer_, [this] { return publisher_.published_size(); }));
  }
  return writer_->begin();
}

Status SqliteStore::commit(const Overlay& overlay) {
  if (overlay.empty()) {
    writer_->rollback();
    return {};
  }
  Status committed = writer_->commit(overlay);
  if (committed) {
    if (committed_.exchange(writer_->size()) != writer_->size()) publishing_.ask();
    return committed;
  }
  writer_.reset();
  return std::move(committed).error().within("committing to the ledger");
}

}  // namespace

Result<std::shared_ptr<ports::Store>> open_sqlite_store(const std::string& folder, merkle::NoteSigner signer) {
  PAWL_TRY(os::make_folders(folder, 0700));
  PAWL_TRY(ensure_schema(os::join_path(folder, "state.db")));
  auto store = std::make_shared<SqliteStore>(folder, std::move(signer));
  store->catch_up();
  return std::shared_ptr<ports::Store>(std::move(store));
}

}  // namespace pawl::sqlite
