#include "adapters/memory/store.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"

namespace pawl::memory {

namespace {

// An entry's length has 16 bits in an entry bundle, so the bound itself is one too many.
constexpr std::size_t kLargestEntry = limits::kEntryBytes;

}  // namespace

// What bodies see: the store's state itself, which is undone when the body fails.
class Store::Moment : public ports::Transaction {
 public:
  explicit Moment(Store& store) : store_(store), incarnation_(store.incarnation_) {}

  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<std::vector<ports::Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                          bool descending) override;
  Result<std::uint64_t> log_size() override;
  Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) override;
  Status put(std::string_view key, std::string_view value) override;
  Result<std::uint64_t> append(std::string_view entry) override;

  Status alive(std::string_view call) const {
    PAWL_TRY(ask(store_.fault_, call));
    if (store_.incarnation_ == incarnation_) return {};
    return Error(ErrorCode::kUnavailable, "the store's process has stopped");
  }

 private:
  Store& store_;
  std::uint64_t incarnation_;
};

Result<std::optional<std::string>> Store::Moment::get(std::string_view key) {
  PAWL_TRY(alive("store.get"));
  auto found = store_.records_.find(key);
  if (found == store_.records_.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second);
}

Result<std::vector<ports::Record>> Store::Moment::scan(std::string_view prefix, std::string_view after,
                                                       std::size_t limit, bool descending) {
  PAWL_TRY(alive("store.scan"));
  const Records& records = store_.records_;
  auto first = records.lower_bound(prefix);
  auto last = std::find_if(first, records.end(), [&](const auto& record) { return !record.first.starts_with(prefix); });
  std::vector<ports::Record> found;
  auto take = [&](const auto& record) { found.push_back({record.first, record.second}); };
  if (!descending) {
    for (; first != last && found.size() < limit; ++first) {
      if (first->first > after) take(*first);
    }
    return found;
  }
  while (last != first && found.size() < limit) {
    --last;
    if (after.empty() || last->first < after) take(*last);
  }
  return found;
}

Result<std::uint64_t> Store::Moment::log_size() {
  PAWL_TRY(alive("store.log_size"));
  return store_.log_.size();
}

Result<std::vector<std::string>> Store::Moment::entries(std::uint64_t first, std::size_t count) {
  PAWL_TRY(alive("store.entries"));
  const std::vector<std::string>& all = store_.log_.entries();
  std::vector<std::string> found;
  for (std::uint64_t at = first; at < all.size() && found.size() < count; ++at) found.push_back(all[at]);
  return found;
}

Status Store::Moment::put(std::string_view key, std::string_view value) {
  PAWL_TRY(alive("store.put"));
  auto found = store_.records_.find(key);
  if (found == store_.records_.end()) {
    store_.undo_.push_back({std::string(key), std::nullopt});
    store_.records_.emplace(key, value);
  } else {
    store_.undo_.push_back({std::string(key), std::exchange(found->second, std::string(value))});
  }
  return {};
}

Result<std::uint64_t> Store::Moment::append(std::string_view entry) {
  PAWL_TRY(alive("store.append"));
  if (entry.size() > kLargestEntry) {
    return Error(ErrorCode::kInvalid, "a ledger entry of " + std::to_string(entry.size()) + " bytes; at most " +
                                          std::to_string(kLargestEntry) + " are allowed");
  }
  store_.log_.append(std::string(entry));
  return store_.log_.size() - 1;
}

class Store::Busy {
 public:
  explicit Busy(Store& store) : store_(store) { ++store_.depth_; }
  ~Busy() { --store_.depth_; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  Store& store_;
};

void Store::take_back(std::vector<Before>& changes) {
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    if (change->value)
      records_[change->key] = std::move(*change->value);
    else
      records_.erase(change->key);
  }
  changes.clear();
}

void Store::undo() {
  take_back(undo_);
  log_.cut(committed_size_);
}

void Store::commit() {
  unsynced_.insert(unsynced_.end(), std::make_move_iterator(undo_.begin()), std::make_move_iterator(undo_.end()));
  undo_.clear();
  committed_size_ = log_.size();
  if (synced(sync_, "store.sync")) sync();
}

void Store::sync() {
  std::lock_guard lock(mutex_);
  unsynced_.clear();
  durable_size_ = committed_size_;
}

void Store::crash() {
  std::lock_guard lock(mutex_);
  take_back(undo_);
  take_back(unsynced_);
  committed_size_ = durable_size_;
  published_size_ = std::min(published_size_, durable_size_);
  log_.cut(durable_size_);
  ++incarnation_;
}

std::string Store::newest() const {
  std::lock_guard lock(mutex_);
  return log_.entries().empty() ? std::string() : log_.entries().back();
}

Status Store::read(const Context& context, const std::function<Status(ports::Reader&)>& body) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "store.read"));
  std::lock_guard lock(mutex_);
  Busy busy(*this);
  Moment moment(*this);
  return body(moment);
}

Status Store::transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(ask(fault_, "store.transact"));
  std::lock_guard lock(mutex_);
  Busy busy(*this);
  check(!writing_, "transact() from within a transaction");
  Moment moment(*this);
  writing_ = true;
  Status done = body(moment);
  if (done) done = moment.alive("store.commit");
  writing_ = false;
  if (!done) {
    undo();
    return done;
  }
  commit();
  if (moment.alive("store.publish")) published_size_ = committed_size_;
  return moment.alive("store.acknowledge");
}

Result<std::optional<std::string>> Store::checkpoint() {
  PAWL_TRY(ask(fault_, "store.checkpoint"));
  std::lock_guard lock(mutex_);
  if (committed_size_ == 0) return std::optional<std::string>();
  return std::optional<std::string>(log_.checkpoint(committed_size_, signer_));
}

Result<std::optional<std::string>> Store::log_file(const std::string& path) {
  PAWL_TRY(ask(fault_, "store.log_file"));
  std::lock_guard lock(mutex_);
  if (path != "checkpoint") return log_.file(path, published_size_);
  if (published_size_ == 0) return std::optional<std::string>();
  return std::optional<std::string>(log_.checkpoint(published_size_, signer_));
}

Status Store::publish() {
  PAWL_TRY(ask(fault_, "store.publish"));
  std::lock_guard lock(mutex_);
  published_size_ = committed_size_;
  return {};
}

Result<ports::Lease> Store::lease(const std::string& name, const std::string& holder, Time now, Duration term) {
  PAWL_TRY(ask(fault_, "store.lease"));
  std::lock_guard lock(mutex_);
  auto standing = leases_.find(name);
  if (standing != leases_.end() && standing->second.holder != holder && standing->second.until > now) {
    return standing->second;
  }
  return leases_[name] = {name, holder, now + term};
}

Status Store::release_lease(const std::string& name, const std::string& holder) {
  PAWL_TRY(ask(fault_, "store.release_lease"));
  std::lock_guard lock(mutex_);
  auto standing = leases_.find(name);
  if (standing != leases_.end() && standing->second.holder == holder) leases_.erase(standing);
  return {};
}

}  // namespace pawl::memory
