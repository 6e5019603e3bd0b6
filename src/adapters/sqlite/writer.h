#pragma once

#include <optional>
#include <string>

#include "adapters/sqlite/edge.h"
#include "adapters/sqlite/overlay.h"
#include "adapters/sqlite/snapshot.h"
#include "core/merkle/note.h"

namespace pawl::sqlite {

// The one connection that writes entries and records. Used by one thread at a time.
class Writer {
 public:
  // `published_size` tells how long the log published beside the database says it is (0 when it says nothing).
  using PublishedSize = std::function<std::uint64_t()>;
  static Result<Writer> open(const std::string& path, const merkle::NoteSigner& signer, PublishedSize published_size);

  // Takes the database's writer lock and brings the tree's edge up to date when another process appended meanwhile.
  // Errors: kTimeout, kUnavailable, and kIntegrity when the tree, the checkpoint and what is published do not agree.
  Status begin();
  // Writes everything and syncs. After an error nothing is kept and this writer must not be used again: after a failed
  // sync nobody knows what the connection's caches are worth.
  Status commit(const Overlay& overlay);
  void rollback() { snapshot_.end(); }

  Snapshot& snapshot() { return snapshot_; }
  std::uint64_t size() const { return edge_.size(); }

 private:
  Status catch_up(const std::optional<Head>& head);
  Status write_records(const Overlay& overlay);
  Status write_entries(const Overlay& overlay);
  Status write_tree();

  merkle::NoteSigner signer_;
  PublishedSize published_size_;
  bool loaded_ = false;
  Edge edge_;
  Snapshot snapshot_;
  Statement begin_, commit_, put_, append_, put_tile_, put_head_;

  Writer(merkle::NoteSigner signer, PublishedSize published_size)
      : signer_(std::move(signer)), published_size_(std::move(published_size)) {}
};

}  // namespace pawl::sqlite
