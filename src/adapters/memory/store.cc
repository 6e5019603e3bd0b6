#include "adapters/memory/store.h"

#include <algorithm>

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

void Store::undo() {
  for (auto change = undo_.rbegin(); change != undo_.rend(); ++change) {
    if (change->value)
      records_[change->key] = std::move(*change->value);
    else
      records_.erase(change->key);
  }
  undo_.clear();
  log_.cut(durable_size_);
}

void Store::crash() {
  std::lock_guard lock(mutex_);
  undo();
  ++incarnation_;
}

Status Store::read(const Context& context, const std::function<Status(ports::Reader&)>& body) {
  PAWL_TRY(context.proceed());
  std::lock_guard lock(mutex_);
  PAWL_TRY(ask(fault_, "store.read"));
  Moment moment(*this);
  return body(moment);
}

Status Store::transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) {
  PAWL_TRY(context.proceed());
  std::lock_guard lock(mutex_);
  check(!writing_, "transact() from within a transaction");
  PAWL_TRY(ask(fault_, "store.transact"));
  Moment moment(*this);
  writing_ = true;
  Status done = body(moment);
  if (done) done = moment.alive("store.commit");
  writing_ = false;
  if (!done) {
    undo();
    return done;
  }
  undo_.clear();
  durable_size_ = log_.size();
  if (moment.alive("store.publish")) published_size_ = durable_size_;
  return moment.alive("store.acknowledge");
}

Result<std::optional<std::string>> Store::checkpoint() {
  std::lock_guard lock(mutex_);
  PAWL_TRY(ask(fault_, "store.checkpoint"));
  if (durable_size_ == 0) return std::optional<std::string>();
  return std::optional<std::string>(log_.checkpoint(durable_size_, signer_));
}

Result<std::optional<std::string>> Store::log_file(const std::string& path) {
  std::lock_guard lock(mutex_);
  PAWL_TRY(ask(fault_, "store.log_file"));
  if (path != "checkpoint") return log_.file(path, published_size_);
  if (published_size_ == 0) return std::optional<std::string>();
  return std::optional<std::string>(log_.checkpoint(published_size_, signer_));
}

Status Store::publish() {
  std::lock_guard lock(mutex_);
  PAWL_TRY(ask(fault_, "store.publish"));
  published_size_ = durable_size_;
  return {};
}

Result<ports::Lease> Store::lease(const std::string& name, const std::string& holder, Time now, Duration term) {
  std::lock_guard lock(mutex_);
  PAWL_TRY(ask(fault_, "store.lease"));
  auto standing = leases_.find(name);
  if (standing != leases_.end() && standing->second.holder != holder && standing->second.until > now) {
    return standing->second;
  }
  return leases_[name] = {name, holder, now + term};
}

Status Store::release_lease(const std::string& name, const std::string& holder) {
  std::lock_guard lock(mutex_);
  PAWL_TRY(ask(fault_, "store.release_lease"));
  auto standing = leases_.find(name);
  if (standing != leases_.end() && standing->second.holder == holder) leases_.erase(standing);
  return {};
}

}  // namespace pawl::memory
