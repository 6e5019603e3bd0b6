#include "tests/contract/factories.h"

#include "adapters/memory/blobs.h"
#include "adapters/memory/store.h"
#include "adapters/oci/layout.h"
#include "adapters/sqlite/store.h"
#include "os/file.h"
#include "tests/contract/folder.h"

namespace pawl::contract {

namespace {

class MemoryStores : public StoreFactory {
 public:
  std::shared_ptr<ports::Store> open() override { return store_; }

 private:
  std::shared_ptr<ports::Store> store_ = std::make_shared<memory::Store>(test_signer());
};

class SqliteStores : public StoreFactory {
 public:
  std::shared_ptr<ports::Store> open() override {
    return sqlite::open_sqlite_store(folder_ / ".pawl", test_signer()).value();
  }

 private:
  Folder folder_;
};

class MemoryBlobs : public BlobsFactory {
 public:
  std::shared_ptr<ports::Blobs> open() override { return blobs_; }
  void corrupt(const crypto::Digest& digest, const std::string& bytes) override { blobs_->corrupt(digest, bytes); }

 private:
  std::shared_ptr<memory::Blobs> blobs_ = std::make_shared<memory::Blobs>();
};

class OciBlobs : public BlobsFactory {
 public:
  std::shared_ptr<ports::Blobs> open() override { return oci::open_oci_layout(folder_ / "oci").value(); }
  void corrupt(const crypto::Digest& digest, const std::string& bytes) override {
    os::write_file(folder_ / ("oci/blobs/sha256/" + digest.hex()), bytes).value();
  }

 private:
  Folder folder_;
};

}  // namespace

merkle::NoteSigner test_signer() {
  return {"pawl.local/contract", crypto::PrivateKey::ed25519_from_seed(std::string(32, 'k')).value()};
}

std::unique_ptr<StoreFactory> make_store_factory(const std::string& adapter) {
  if (adapter == "memory") return std::make_unique<MemoryStores>();
  return std::make_unique<SqliteStores>();
}

std::unique_ptr<BlobsFactory> make_blobs_factory(const std::string& adapter) {
  if (adapter == "memory") return std::make_unique<MemoryBlobs>();
  return std::make_unique<OciBlobs>();
}

}  // namespace pawl::contract
