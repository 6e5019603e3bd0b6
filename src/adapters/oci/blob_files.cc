#include "adapters/oci/blob_files.h"

#include <filesystem>
#include <system_error>

#include "os/file.h"

namespace pawl::oci {

namespace {

bool is_interrupted_write(std::string_view name) { return name.starts_with('.') && name.ends_with(".tmp"); }

}  // namespace

std::string BlobFiles::path(const crypto::Digest& digest) const { return os::join_path(folder_, digest.hex()); }

Status BlobFiles::put(const crypto::Digest& digest, std::string_view bytes) const {
  std::error_code absent;
  std::uintmax_t size = std::filesystem::file_size(path(digest), absent);
  // A file of another size is damaged, and here are the right bytes.
  if (!absent && size == bytes.size()) return {};
  PAWL_TRY_WITHIN(os::write_file(path(digest), bytes), "storing blob " + digest.str());
  return {};
}

Result<std::string> BlobFiles::get(const crypto::Digest& digest, std::size_t max_bytes) const {
  Result<std::string> bytes = os::read_file(path(digest), max_bytes);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::kNotFound)
      return Error(ErrorCode::kNotFound, "there is no blob " + digest.str());
    return std::move(bytes).error().within("reading blob " + digest.str());
  }
  crypto::Digest found = crypto::sha256(*bytes);
  if (found == digest) return bytes;
  return Error(ErrorCode::kIntegrity, "the bytes stored as " + digest.str() + " have the digest " + found.str(),
               "put the file back from a backup, or remove it and store the blob again");
}

bool BlobFiles::has(const crypto::Digest& digest) const { return os::kind_of(path(digest)) == os::EntryKind::kFile; }

Result<std::vector<crypto::Digest>> BlobFiles::list() const {
  PAWL_ASSIGN(std::vector<os::FolderEntry> files, os::list_folder(folder_));
  std::vector<crypto::Digest> digests;
  for (const os::FolderEntry& file : files) {
    if (is_interrupted_write(file.name)) continue;
    Result<crypto::Digest> digest = crypto::Digest::parse("sha256:" + file.name);
    if (!digest || file.kind != os::EntryKind::kFile) {
      return Error(ErrorCode::kIntegrity, "\"" + file.name + "\" in " + folder_ + " is no blob", "remove it");
    }
    digests.push_back(*digest);
  }
  return digests;
}

}  // namespace pawl::oci
