// Measures the ledger: how fast writers append to it, and how fast its independent checker goes over it.
// usage: bench_ledger FOLDER [append|verify]. FOLDER lies on the disk that is measured. Prints a line of JSON a figure.
#include <fmt/format.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <span>
#include <thread>

#include "adapters/sqlite/store.h"
#include "bench/ledger_entries.h"
#include "core/audit/log.h"
#include "core/merkle/tile.h"
#include "os/file.h"

namespace pawl::bench {

namespace {

constexpr int kRuns = 5;  // the best one counts: on a shared machine the others measure the neighbours
constexpr std::chrono::milliseconds kAppending{1500};
constexpr std::size_t kVerified = 1'000'000;
constexpr std::size_t kBatch = 20'000;  // entries of one transaction, where filling a log is not what is measured
constexpr std::size_t kLargestFile = 64 << 20;

struct Figure {
  std::size_t entries = 0;
  double seconds = 0;
  double processor_seconds = 0;
  double per_second() const { return static_cast<double>(entries) / seconds; }
};

double processor_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

// Runs `work`, which returns how many entries it was about.
template <class Work>
Figure timed(Work work) {
  double used = processor_seconds();
  auto start = std::chrono::steady_clock::now();
  std::size_t entries = work();
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {entries, took.count(), processor_seconds() - used};
}

std::size_t mean_size(const std::vector<std::string>& entries) {
  std::size_t bytes = 0;
  for (const std::string& entry : entries) bytes += entry.size();
  return bytes / entries.size();
}

void print(const std::string& what, const Figure& best, std::size_t entry_bytes) {
  fmt::print(
      R"({{"what": "{}", "per_second": {:.0f}, "entries": {}, "entry_bytes": {}, "seconds": {:.4f}, )"
      R"("processor_seconds": {:.4f}, "runs": {}}})"
      "\n",
      what, best.per_second(), best.entries, entry_bytes, best.seconds, best.processor_seconds, kRuns);
  std::fflush(stdout);
}

class Ledger {
 public:
  explicit Ledger(std::string folder) : folder_(std::move(folder)) {
    store_ = sqlite::open_sqlite_store(folder_, signer_).value();
  }
  ~Ledger() {
    store_ = nullptr;
    os::remove_tree(folder_).value();
  }
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  ports::Store& store() { return *store_; }

  // One core: the files as they are published, read from the disk or its cache as `pawl audit verify` reads them.
  Result<audit::LogReport> check() {
    auto read = [this](const std::string& path) {
      return os::read_file_if_present(folder_ + "/ledger/" + path, kLargestFile);
    };
    return audit::check_log(read, signer_.verifier(), std::nullopt);
  }
  void expect_whole(std::size_t size) {
    store_->publish().value();
    pawl::check(check().value().checkpoint.size == size, "the log holds every entry that was acknowledged");
  }
  // Or else the checker is fast because it looks at nothing.
  void expect_damage_is_found(std::size_t size) {
    std::string path = folder_ + "/ledger/" + merkle::entries_path(size / 2 / merkle::kTileWidth);
    std::string bytes = os::read_file(path).value();
    std::string damaged = bytes;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
    os::write_file(path, damaged).value();
    pawl::check(!check().ok(), "one altered bit is found");
    os::write_file(path, bytes).value();
  }

 private:
  std::string folder_;
  merkle::NoteSigner signer_{"pawl.local/bench",
                             crypto::PrivateKey::ed25519_from_seed(std::string(32, 'b')).value()};
  std::shared_ptr<ports::Store> store_;
};

// One transaction.
Status append(ports::Store& store, std::span<const std::string> entries) {
  return store.transact({}, [&](ports::Transaction& transaction) -> Status {
    for (const std::string& entry : entries) PAWL_TRY(transaction.append(entry));
    return {};
  });
}

// Each writer appends entry after entry in a transaction of its own and goes on when it is durable.
std::size_t append_for(ports::Store& store, std::size_t writers, const std::vector<std::string>& entries) {
  std::atomic<std::size_t> appended = 0;
  auto end = std::chrono::steady_clock::now() + kAppending;
  auto write = [&](std::size_t at) {
    std::size_t done = 0;
    for (; std::chrono::steady_clock::now() < end; ++done, ++at) {
      append(store, std::span(entries).subspan(at % entries.size(), 1)).value();
    }
    appended += done;
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < writers; ++i) threads.emplace_back(write, i * 5'000);
  for (std::thread& thread : threads) thread.join();
  return appended;
}

void measure_append(const std::string& folder, std::size_t writers) {
  std::vector<std::string> entries = ledger_entries(100'000);
  Figure best;
  for (int run = 0; run < kRuns; ++run) {
    Ledger ledger(folder + "/append");
    Figure figure = timed([&] { return append_for(ledger.store(), writers, entries); });
    ledger.expect_whole(figure.entries);
    if (best.entries == 0 || figure.per_second() > best.per_second()) best = figure;
  }
  print(fmt::format("ledger append, {} writer{}", writers, writers == 1 ? "" : "s"), best, mean_size(entries));
}

void measure_verify(const std::string& folder) {
  std::vector<std::string> entries = ledger_entries(kVerified);
  Ledger ledger(folder + "/verify");
  for (std::size_t first = 0; first < entries.size(); first += kBatch) {
    append(ledger.store(), std::span(entries).subspan(first, kBatch)).value();
  }
  ledger.expect_whole(entries.size());
  ledger.expect_damage_is_found(entries.size());
  Figure best;
  for (int run = 0; run < kRuns; ++run) {
    Figure figure = timed([&] { return static_cast<std::size_t>(ledger.check().value().checkpoint.size); });
    if (best.entries == 0 || figure.per_second() > best.per_second()) best = figure;
  }
  print("ledger verify, one core", best, mean_size(entries));
}

}  // namespace

}  // namespace pawl::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fputs("usage: bench_ledger FOLDER [append|verify]\n", stderr);
    return 2;
  }
  std::string folder = argv[1];
  std::string only = argc == 3 ? argv[2] : "";
  if (only != "verify") {
    pawl::bench::measure_append(folder, 1);
    pawl::bench::measure_append(folder, 64);
  }
  if (only != "append") pawl::bench::measure_verify(folder);
}
