#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/model/project.h"
#include "core/model/release.h"
#include "crypto/key.h"
#include "ports/target.h"
#include "tests/sim/book.h"

namespace pawl::sim {

// One call of the program, as it looked from outside.
struct Heard {
  std::string verb;
  bool ok = false;
  std::string text;  // what it said, or its error
  std::uint64_t calls = 0;
  bool died = false;
  std::set<std::string, std::less<>> ports;  // "sources.resolve_image", every port call it made
};

// A check that was run, and what it answered.
struct CheckRun {
  std::uint64_t promotion = 0;
  std::string check;
  bool passed = false;
};

// What is live in one target.
struct TargetSeen {
  std::optional<ports::Receipt> receipt;
  std::map<std::string, std::string> layers;
  bool edited = false;  // by hand, since it was published
};

// Documents of the digest graph, read through `fetch` once; null where they are lost or damaged.
class Documents {
 public:
  using Fetch = std::function<std::optional<std::string>(const Digest&)>;
  explicit Documents(Fetch fetch) : fetch_(std::move(fetch)) {}

  std::optional<std::string> bytes(const Digest& digest) const { return fetch_(digest); }
  const model::Configuration* configuration(const Digest& digest);
  const model::Release* release(const Digest& digest);
  const model::Bundle* bundle(const Digest& digest);

 private:
  Fetch fetch_;
  std::map<Digest, model::Configuration> configurations_;
  std::map<Digest, model::Release> releases_;
  std::map<Digest, model::Bundle> bundles_;
};

// Everything outside the ledger that a judge may look at. Nothing of it is the engine's opinion.
struct Outside {
  Documents documents;
  std::map<std::string, TargetSeen> targets;    // by identity
  std::map<model::EnvironmentName, bool> held;  // as the records say it
  std::vector<Heard> heard;                     // since the last look
  std::vector<CheckRun> runs;                   // all of them
  std::vector<std::string> written;             // entries, records and blobs since the last look
  std::string secret;                           // the value that must not be in any of them
  std::vector<crypto::PublicKey> check_keys;
  std::map<Digest, Digest> rendered;  // snapshot -> release, over all days
  std::string unlike_ledger;          // how the records differ from what the ledger folds to; "" when they do not
  std::string forgotten;              // what was acknowledged and is not in the ledger any more; "" for nothing
};

// What an invariant looks at: one entry and what the book said before it; or, without an entry, the whole ledger taken
// in and the world standing still.
struct Sight {
  const Book& book;
  const plan::Entry* entry;
  Outside& outside;

  template <class T>
  const T* event() const {
    return entry == nullptr ? nullptr : std::get_if<T>(&entry->event);
  }
};

}  // namespace pawl::sim
