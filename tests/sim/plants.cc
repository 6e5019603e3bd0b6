#include "tests/sim/plants.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "tests/sim/setting.h"

namespace pawl::sim {

namespace {

// Passes everything on.
class Wrapped : public ports::Store {
 public:
  explicit Wrapped(std::shared_ptr<ports::Store> inner) : inner_(std::move(inner)) {}
  Status read(const Context& context, const std::function<Status(ports::Reader&)>& body) override {
    return inner_->read(context, body);
  }
  Status transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) override {
    return inner_->transact(context, body);
  }
  Result<std::optional<std::string>> checkpoint() override { return inner_->checkpoint(); }
  Result<std::optional<std::string>> log_file(const std::string& path) override { return inner_->log_file(path); }
  Status publish() override { return inner_->publish(); }
  Result<ports::Lease> lease(const std::string& name, const std::string& holder, Time now, Duration term) override {
    return inner_->lease(name, holder, now, term);
  }
  Status release_lease(const std::string& name, const std::string& holder) override {
    return inner_->release_lease(name, holder);
  }

 protected:
  std::shared_ptr<ports::Store> inner_;
};

using Image = std::map<std::string, std::string, std::less<>>;

Result<Image> image_of(ports::Reader& reader) {
  constexpr std::size_t kPage = 1000;
  Image image;
  std::string after;
  for (;;) {
    PAWL_ASSIGN(std::vector<ports::Record> page, reader.scan("", after, kPage));
    if (page.empty()) return image;
    for (ports::Record& record : page) image.insert_or_assign(record.key, std::move(record.value));
    after = page.back().key;
  }
}

// A transaction whose reads answer from an older image.
class StaleTransaction : public ports::Transaction {
 public:
  StaleTransaction(ports::Transaction& inner, const Image& image) : inner_(inner), image_(image) {}
  Result<std::optional<std::string>> get(std::string_view key) override {
    auto found = image_.find(key);
    if (found == image_.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  Result<std::vector<ports::Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                          bool descending) override {
    return inner_.scan(prefix, after, limit, descending);
  }
  Result<std::uint64_t> log_size() override { return inner_.log_size(); }
  Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) override {
    return inner_.entries(first, count);
  }
  Status put(std::string_view key, std::string_view value) override { return inner_.put(key, value); }
  Result<std::uint64_t> append(std::string_view entry) override { return inner_.append(entry); }

 private:
  ports::Transaction& inner_;
  const Image& image_;
};

// What was compared is not what is swapped.
class StaleReads : public Wrapped {
 public:
  using Wrapped::Wrapped;
  Status read(const Context& context, const std::function<Status(ports::Reader&)>& body) override {
    return inner_->read(context, [&](ports::Reader& reader) -> Status {
      PAWL_ASSIGN(image_, image_of(reader));
      return body(reader);
    });
  }
  Status transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) override {
    return inner_->transact(context, [&](ports::Transaction& transaction) -> Status {
      if (!image_) {
        PAWL_ASSIGN(image_, image_of(transaction));
      }
      StaleTransaction stale(transaction, *image_);
      PAWL_TRY(body(stale));
      PAWL_ASSIGN(image_, image_of(transaction));
      return {};
    });
  }

 private:
  std::optional<Image> image_;
};

// Keeps what a body writes, and writes nothing.
class Recording : public ports::Transaction {
 public:
  explicit Recording(ports::Reader& inner) : inner_(inner) {}
  Result<std::optional<std::string>> get(std::string_view key) override { return inner_.get(key); }
  Result<std::vector<ports::Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                          bool descending) override {
    return inner_.scan(prefix, after, limit, descending);
  }
  Result<std::uint64_t> log_size() override { return inner_.log_size(); }
  Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) override {
    return inner_.entries(first, count);
  }
  Status put(std::string_view key, std::string_view value) override {
    puts.push_back({std::string(key), std::string(value)});
    return {};
  }
  Result<std::uint64_t> append(std::string_view entry) override {
    appends.emplace_back(entry);
    PAWL_ASSIGN(std::uint64_t size, inner_.log_size());
    return size + appends.size() - 1;
  }

  std::vector<ports::Record> puts;
  std::vector<std::string> appends;

 private:
  ports::Reader& inner_;
};

// One transaction made two: the records first.
class SplitCommits : public Wrapped {
 public:
  using Wrapped::Wrapped;
  Status transact(const Context& context, const std::function<Status(ports::Transaction&)>& body) override {
    std::vector<ports::Record> puts;
    std::vector<std::string> appends;
    PAWL_TRY(inner_->read(context, [&](ports::Reader& reader) -> Status {
      Recording recording(reader);
      PAWL_TRY(body(recording));
      puts = std::move(recording.puts);
      appends = std::move(recording.appends);
      return {};
    }));
    PAWL_TRY(inner_->transact(context, [&](ports::Transaction& transaction) -> Status {
      for (const ports::Record& record : puts) PAWL_TRY(transaction.put(record.key, record.value));
      return {};
    }));
    return inner_->transact(context, [&](ports::Transaction& transaction) -> Status {
      for (const std::string& entry : appends) PAWL_TRY(transaction.append(entry));
      return {};
    });
  }
};

// A record without its freeze.
std::string thawed(std::string record) {
  constexpr std::string_view kFreeze = "\"freeze\":{";
  std::size_t from = record.find(kFreeze);
  if (from == std::string::npos) return record;
  std::size_t to = record.find("},", from);
  return to == std::string::npos ? record : record.erase(from, to + 2 - from);
}

class BlindReader : public ports::Reader {
 public:
  explicit BlindReader(ports::Reader& inner) : inner_(inner) {}
  Result<std::optional<std::string>> get(std::string_view key) override {
    PAWL_ASSIGN(std::optional<std::string> found, inner_.get(key));
    if (found) found = thawed(std::move(*found));
    return found;
  }
  Result<std::vector<ports::Record>> scan(std::string_view prefix, std::string_view after, std::size_t limit,
                                          bool descending) override {
    return inner_.scan(prefix, after, limit, descending);
  }
  Result<std::uint64_t> log_size() override { return inner_.log_size(); }
  Result<std::vector<std::string>> entries(std::uint64_t first, std::size_t count) override {
    return inner_.entries(first, count);
  }

 private:
  ports::Reader& inner_;
};

// Transactions see everything: what they write is whole.
class UnseenFreeze : public Wrapped {
 public:
  using Wrapped::Wrapped;
  Status read(const Context& context, const std::function<Status(ports::Reader&)>& body) override {
    return inner_->read(context, [&](ports::Reader& reader) -> Status {
      BlindReader blind(reader);
      return body(blind);
    });
  }
};

// Gives what obeys the digest no more: the strict rule is made one that refuses nothing.
class LaxPolicies : public ports::Blobs {
 public:
  explicit LaxPolicies(std::shared_ptr<ports::Blobs> inner) : inner_(std::move(inner)) {}
  Result<model::Descriptor> put(const Context& context, std::string_view type, std::string_view bytes) override {
    return inner_->put(context, type, bytes);
  }
  Result<std::string> get(const Context& context, const crypto::Digest& digest, std::size_t max_bytes) override {
    PAWL_ASSIGN(std::string bytes, inner_->get(context, digest, max_bytes));
    if (std::size_t at = bytes.find(kStrictRule); at != std::string::npos)
      bytes.replace(at, kStrictRule.size(), "% 4 != 9");
    return bytes;
  }
  Result<bool> has(const Context& context, const crypto::Digest& digest) override {
    return inner_->has(context, digest);
  }
  Result<std::vector<crypto::Digest>> list(const Context& context) override { return inner_->list(context); }
  Status tag(const Context& context, std::string_view name, const model::Descriptor& manifest) override {
    return inner_->tag(context, name, manifest);
  }
  Result<std::optional<model::Descriptor>> resolve(const Context& context, std::string_view name) override {
    return inner_->resolve(context, name);
  }
  Result<std::map<std::string, model::Descriptor>> names(const Context& context) override {
    return inner_->names(context);
  }
  Result<model::Descriptor> attach(const Context& context, const model::Descriptor& subject, std::string_view type,
                                   std::string_view bytes) override {
    return inner_->attach(context, subject, type, bytes);
  }
  Result<std::vector<Attached>> attached(const Context& context, const crypto::Digest& subject,
                                         std::string_view type) override {
    return inner_->attached(context, subject, type);
  }

 private:
  std::shared_ptr<ports::Blobs> inner_;
};

}  // namespace

std::shared_ptr<ports::Blobs> with_plant(Plant plant, std::shared_ptr<ports::Blobs> blobs) {
  if (plant == Plant::kLaxPolicies) return std::make_shared<LaxPolicies>(std::move(blobs));
  return blobs;
}

std::shared_ptr<ports::Store> with_plant(Plant plant, std::shared_ptr<ports::Store> store) {
  if (plant == Plant::kSkippedCompareAndSwap) return std::make_shared<StaleReads>(std::move(store));
  if (plant == Plant::kStateBeforeLedger) return std::make_shared<SplitCommits>(std::move(store));
  if (plant == Plant::kUnseenFreeze) return std::make_shared<UnseenFreeze>(std::move(store));
  return store;
}

bool loses_sync(Plant plant, std::string_view point, std::string_view newest, Chance& chance) {
  constexpr std::size_t kLostOneIn = 3;
  bool loses_some = (plant == Plant::kLostStoreSync && point == "store.sync") ||
                    (plant == Plant::kLostBlobSync && point == "blobs.sync") ||
                    (plant == Plant::kLostTargetSync && point == "target.sync");
  if (loses_some) return chance.one_in(kLostOneIn);
  bool is_intent = newest.find("\"type\":\"promotion.started\"") != std::string_view::npos ||
                   newest.find("\"type\":\"promotion.resumed\"") != std::string_view::npos;
  return plant == Plant::kEffectBeforeIntent && point == "store.sync" && is_intent;
}

}  // namespace pawl::sim
