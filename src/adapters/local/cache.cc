#include "adapters/local/cache.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "os/file.h"
#include "os/map.h"

namespace pawl::local {

namespace {

constexpr std::size_t kMostBytes = 256u << 20;  // of one file

class FolderCache final : public ports::Cache {
 public:
  FolderCache(std::string folder, std::size_t most) : folder_(std::move(folder)), most_(most) {}

  std::optional<SharedBytes> get(const crypto::Digest& key) override {
    // put() renames: a file that is mapped keeps its bytes.
    return os::map_file(path_of(key), kMostBytes);
  }

  void put(const crypto::Digest& key, std::string_view bytes) override {
    if (bytes.size() > kMostBytes || !os::make_folders(folder_, 0700)) return;
    // Readers check what they read, so that nothing has to be on the disk for certain.
    std::string path = path_of(key);
    if (os::write_file(path, bytes, {.mode = 0600, .durable = false})) make_room(path);
  }

 private:
  std::string path_of(const crypto::Digest& key) const { return os::join_path(folder_, key.hex()); }

  void make_room(const std::string& fresh) const {
    Result<std::vector<os::FolderEntry>> entries = os::list_folder(folder_);
    if (!entries || entries->size() <= most_) return;
    std::vector<std::pair<std::int64_t, std::string>> by_age;
    for (const os::FolderEntry& entry : *entries) {
      std::string path = os::join_path(folder_, entry.name);
      std::optional<FileStamp> stamp = path == fresh ? std::nullopt : os::stamp_of(path);
      if (stamp) by_age.emplace_back(stamp->modified_ns, path);
    }
    std::sort(by_age.begin(), by_age.end());
    for (std::size_t i = 0; i + most_ <= by_age.size(); ++i) (void)os::remove_tree(by_age[i].second).ok();
  }

  std::string folder_;
  std::size_t most_;
};

}  // namespace

std::shared_ptr<ports::Cache> open_cache(std::string folder, std::size_t most) {
  return std::make_shared<FolderCache>(std::move(folder), most);
}

}  // namespace pawl::local
