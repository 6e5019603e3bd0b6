#include "adapters/sqlite/writer.h"

#include "core/merkle/checkpoint.h"

namespace pawl::sqlite {

namespace {

Error disagreement(std::string message) {
  return Error(ErrorCode::kIntegrity, std::move(message),
               "pawl audit verify; put the store's folder back from a backup");
}

}  // namespace

Result<Writer> Writer::open(const std::string& path, const merkle::NoteSigner& signer, PublishedSize published_size) {
  Writer writer(signer, std::move(published_size));
  PAWL_ASSIGN(writer.snapshot_, Snapshot::open(path));
  Connection& c = writer.snapshot_.connection();
  PAWL_ASSIGN(writer.begin_, c.prepare("BEGIN IMMEDIATE"));
  PAWL_ASSIGN(writer.commit_, c.prepare("COMMIT"));
  PAWL_ASSIGN(writer.put_, c.prepare("INSERT INTO records (key, value) VALUES (?1, ?2)"
                                     " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
  PAWL_ASSIGN(writer.append_, c.prepare("INSERT INTO entries (idx, bytes) VALUES (?1, ?2)"));
  PAWL_ASSIGN(writer.put_tile_, c.prepare("INSERT INTO tiles (level, idx, hashes) VALUES (?1, ?2, ?3)"
                                          " ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes"));
  PAWL_ASSIGN(writer.put_head_,
              c.prepare("INSERT INTO head (id, size, checkpoint) VALUES (1, ?1, ?2)"
                        " ON CONFLICT (id) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint"));
  return writer;
}

Status Writer::begin() {
  PAWL_TRY(begin_.run());
  Result<std::optional<Head>> head = snapshot_.head();
  Status ready = head ? catch_up(*head) : Status(head.error());
  if (!ready) rollback();
  return ready;
}

// Sizes tell: a log only grows, so one of the same size is the same log.
Status Writer::catch_up(const std::optional<Head>& head) {
  std::uint64_t size = head ? head->size : 0;
  if (loaded_ && edge_.size() == size) return {};
  loaded_ = false;
  PAWL_ASSIGN(edge_, Edge::load(snapshot_, size));
  if (head) {
    PAWL_ASSIGN_WITHIN(merkle::Checkpoint checkpoint, merkle::open_checkpoint(head->checkpoint, signer_.verifier()),
                       "reading the ledger's checkpoint");
    if (checkpoint.size != size || checkpoint.root != edge_.root()) {
      return disagreement("the ledger's tree of " + std::to_string(size) +
                          " entries does not have the root of its checkpoint");
    }
  }
  if (std::uint64_t published = published_size_(); published > size) {
    return disagreement("the published log has " + std::to_string(published) + " entries, the database only " +
                        std::to_string(size) + ": an older database was put back");
  }
  loaded_ = true;
  return {};
}

Status Writer::commit(const Overlay& overlay) {
  Status done = write_records(overlay);
  if (done && !overlay.entries().empty()) done = write_entries(overlay);
  if (done) done = commit_.run();
  if (!done) rollback();
  return done;
}

Status Writer::write_records(const Overlay& overlay) {
  for (const auto& [key, value] : overlay.records()) PAWL_TRY(put_.text(1, key).blob(2, value).run());
  return {};
}

Status Writer::write_entries(const Overlay& overlay) {
  std::uint64_t index = edge_.size();
  for (const std::string& entry : overlay.entries()) PAWL_TRY(append_.number(1, index++).blob(2, entry).run());
  edge_.append(overlay.entries());
  return write_tree();
}

Status Writer::write_tree() {
  for (const Edge::Tile& tile : edge_.take_changed()) {
    PAWL_TRY(put_tile_.number(1, tile.level).number(2, tile.index).blob(3, tile.hashes).run());
  }
  merkle::Checkpoint checkpoint{.origin = signer_.name, .size = edge_.size(), .root = edge_.root()};
  std::string note = merkle::sign_checkpoint(checkpoint, signer_);
  return put_head_.number(1, edge_.size()).blob(2, note).run();
}

}  // namespace pawl::sqlite
