#pragma once

#include <memory>
#include <string>

#include "core/merkle/note.h"
#include "ports/blobs.h"
#include "ports/store.h"

namespace pawl::contract {

// A fixed key: checkpoints of one log are the same in every run.
merkle::NoteSigner test_signer();

// Opens the store of a suite, and opens it again as another process would. A memory store is always the same one.
class StoreFactory {
 public:
  virtual ~StoreFactory() = default;
  virtual std::shared_ptr<ports::Store> open() = 0;
};
class BlobsFactory {
 public:
  virtual ~BlobsFactory() = default;
  virtual std::shared_ptr<ports::Blobs> open() = 0;
  // Puts other bytes under a digest behind the port's back.
  virtual void corrupt(const crypto::Digest& digest, const std::string& bytes) = 0;
};

std::unique_ptr<StoreFactory> make_store_factory(const std::string& adapter);  // "memory", "sqlite"
std::unique_ptr<BlobsFactory> make_blobs_factory(const std::string& adapter);  // "memory", "oci"

}  // namespace pawl::contract
