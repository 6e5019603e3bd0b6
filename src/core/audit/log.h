#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/merkle/checkpoint.h"

namespace pawl::audit {

// An independent checker of a tlog-tiles log: it shares nothing with the writer above format, crypto and merkle.

// One file of the log by its tlog-tiles path ("checkpoint", "tile/0/000", "tile/entries/000.p/5"); nullopt when absent.
using ReadFile = std::function<Result<std::optional<std::string>>(const std::string& path)>;
// Called with every entry in order; an error ends the check.
using OnEntry = std::function<Status(std::uint64_t index, std::string_view entry)>;

struct LogReport {
  merkle::Checkpoint checkpoint;
  std::string note;  // the checkpoint's bytes
  std::uint64_t tiles = 0;
};

// Recomputes the whole log: every entry's hash, every tile of every level that the checkpoint's size implies, the root;
// and, with `against`, that the log is an extension of it. Errors: kIntegrity naming the file and what is wrong with
// it: a checkpoint that does not open, a missing, short or altered tile or entry bundle, another root, a log smaller
// than `against` (an older store was put back) or inconsistent with it (a fork). Linear in the log.
Result<LogReport> check_log(const ReadFile& read, const merkle::NoteVerifier& verifier,
                            const std::optional<merkle::Checkpoint>& against, const OnEntry& on_entry = {});

}  // namespace pawl::audit
