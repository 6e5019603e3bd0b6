#include "adapters/oci/layout.h"

#include <algorithm>

#include "adapters/oci/blob_files.h"
#include "adapters/oci/index_file.h"
#include "adapters/oci/layout_files.h"
#include "core/model/referrer.h"
#include "format/json.h"
#include "os/file.h"

namespace pawl::oci {

namespace {

constexpr int kLockMilliseconds = 10'000;

// The grammar that image-spec gives for org.opencontainers.image.ref.name, a little narrower.
Status check_name(std::string_view name) {
  constexpr std::string_view kOthers = "-._:@/+";
  bool good = !name.empty() && name.size() <= 255 && kOthers.find(name.front()) == std::string_view::npos;
  for (char c : name) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    good = good && (plain || kOthers.find(c) != std::string_view::npos);
  }
  if (good) return {};
  return Error(ErrorCode::kInvalid, "\"" + std::string(name.substr(0, 64)) + "\" cannot name a manifest",
               "a name begins with a letter or digit; letters, digits and -._:@/+ may follow");
}

class Layout : public ports::Blobs {
 public:
  explicit Layout(std::string folder) : folder_(std::move(folder)), blobs_(folder_ + "/blobs/sha256") {}

  Result<model::Descriptor> put(const Context& context, std::string_view media_type, std::string_view bytes) override;
  Result<std::string> get(const Context& context, const crypto::Digest& digest, std::size_t max_bytes) override;
  Result<bool> has(const Context& context, const crypto::Digest& digest) override;
  Result<std::vector<crypto::Digest>> list(const Context& context) override;
  Status tag(const Context& context, std::string_view name, const model::Descriptor& manifest) override;
  Result<std::optional<model::Descriptor>> resolve(const Context& context, std::string_view name) override;
  Result<std::map<std::string, model::Descriptor>> names(const Context& context) override;
  Result<model::Descriptor> attach(const Context& context, const model::Descriptor& subject,
                                   std::string_view artifact_type, std::string_view bytes) override;
  Result<std::vector<Attached>> attached(const Context& context, const crypto::Digest& subject,
                                         std::string_view artifact_type) override;

 private:
  Result<model::Descriptor> store(std::string_view media_type, std::string_view bytes) const;
  std::string index_path() const { return folder_ + "/index.json"; }
  std::string referrers_path(const crypto::Digest& subject) const {
    return folder_ + "/referrers/" + model::referrers_tag(subject) + ".json";
  }
  Result<os::FileLock> lock() const { return os::FileLock::acquire(folder_ + "/.lock", kLockMilliseconds); }
  Result<std::vector<model::Descriptor>> referrers(const crypto::Digest& subject) const;
  Status add_referrer(const crypto::Digest& subject, const model::Descriptor& referrer) const;
  Status set_tag(std::string_view name, const model::Descriptor& manifest) const;
  Status show_referrers(const crypto::Digest& subject, std::string_view referrers_index) const;

  std::string folder_;
  BlobFiles blobs_;
};

Result<model::Descriptor> Layout::store(std::string_view media_type, std::string_view bytes) const {
  if (bytes.size() > limits::kBlobBytes) {
    return Error(ErrorCode::kInvalid, "a blob of " + std::to_string(bytes.size()) + " bytes; at most " +
                                          std::to_string(limits::kBlobBytes) + " are allowed");
  }
  model::Descriptor descriptor = model::describe(media_type, bytes);
  PAWL_TRY(blobs_.put(descriptor.digest, bytes));
  return descriptor;
}

Result<model::Descriptor> Layout::put(const Context& context, std::string_view media_type, std::string_view bytes) {
  PAWL_TRY(context.proceed());
  return store(media_type, bytes);
}

Result<std::string> Layout::get(const Context& context, const crypto::Digest& digest, std::size_t max_bytes) {
  PAWL_TRY(context.proceed());
  return blobs_.get(digest, max_bytes);
}

Result<bool> Layout::has(const Context& context, const crypto::Digest& digest) {
  PAWL_TRY(context.proceed());
  return blobs_.has(digest);
}

Result<std::vector<crypto::Digest>> Layout::list(const Context& context) {
  PAWL_TRY(context.proceed());
  return blobs_.list();
}

Status Layout::set_tag(std::string_view name, const model::Descriptor& manifest) const {
  PAWL_ASSIGN(std::string index, os::read_file(index_path()));
  PAWL_ASSIGN(std::string changed, with_tag(std::move(index), name, manifest));
  return os::write_file(index_path(), changed);
}

Status Layout::tag(const Context& context, std::string_view name, const model::Descriptor& manifest) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(check_name(name));
  if (!blobs_.has(manifest.digest)) {
    return Error(ErrorCode::kNotFound,
                 "there is no manifest " + manifest.digest.str() + " to name \"" + std::string(name) + "\"");
  }
  PAWL_ASSIGN(os::FileLock held, lock());
  PAWL_TRY(set_tag(name, manifest));
  PAWL_ASSIGN(std::optional<std::string> referrers, os::read_file_if_present(referrers_path(manifest.digest)));
  return referrers ? show_referrers(manifest.digest, *referrers) : Status();
}

Result<std::optional<model::Descriptor>> Layout::resolve(const Context& context, std::string_view name) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(check_name(name));
  PAWL_ASSIGN(std::string index, os::read_file(index_path()));
  return find_tag(std::move(index), name);
}

Result<std::map<std::string, model::Descriptor>> Layout::names(const Context& context) {
  PAWL_TRY(context.proceed());
  PAWL_ASSIGN(os::FileLock held, lock());
  return check_layout_files(folder_, blobs_);
}

Result<model::Descriptor> Layout::attach(const Context& context, const model::Descriptor& subject,
                                         std::string_view artifact_type, std::string_view bytes) {
  PAWL_TRY(context.proceed());
  PAWL_TRY(store(model::kEmptyType, model::kEmptyBytes));
  PAWL_ASSIGN(model::Descriptor record, store(artifact_type, bytes));
  PAWL_ASSIGN(model::Descriptor manifest,
              store(model::kManifestType, model::encode_referrer(subject, artifact_type, record)));
  manifest.artifact_type = artifact_type;
  PAWL_TRY_WITHIN(add_referrer(subject.digest, manifest), "attaching a record to " + subject.digest.str());
  return manifest;
}

Result<std::vector<model::Descriptor>> Layout::referrers(const crypto::Digest& subject) const {
  PAWL_ASSIGN(std::optional<std::string> index,
              os::read_file_if_present(referrers_path(subject), limits::kManifestBytes));
  if (!index) return std::vector<model::Descriptor>();
  PAWL_ASSIGN_WITHIN(auto found, model::decode_referrers(std::move(*index)),
                     "reading what is attached to " + subject.str());
  return found;
}

Status Layout::add_referrer(const crypto::Digest& subject, const model::Descriptor& referrer) const {
  PAWL_ASSIGN(os::FileLock held, lock());
  PAWL_ASSIGN(std::vector<model::Descriptor> all, referrers(subject));
  if (std::ranges::find(all, referrer.digest, &model::Descriptor::digest) != all.end()) return {};
  all.push_back(referrer);
  std::string index = model::encode_referrers(std::move(all));
  PAWL_TRY(os::write_file(referrers_path(subject), index));
  return show_referrers(subject, index);
}

// Called under the lock. Puts the referrers index where other tools look, for subjects that index.json names.
Status Layout::show_referrers(const crypto::Digest& subject, std::string_view referrers_index) const {
  PAWL_ASSIGN(std::string index, os::read_file(index_path()));
  PAWL_ASSIGN(bool named, names_digest(std::move(index), subject));
  if (!named) return {};
  PAWL_ASSIGN(model::Descriptor blob, store(model::kIndexType, referrers_index));
  return set_tag(model::referrers_tag(subject), blob);
}

Result<std::vector<ports::Blobs::Attached>> Layout::attached(const Context& context, const crypto::Digest& subject,
                                                             std::string_view artifact_type) {
  PAWL_ASSIGN(std::vector<model::Descriptor> all, referrers(subject));
  std::ranges::sort(all, {}, &model::Descriptor::digest);
  std::vector<Attached> found;
  for (model::Descriptor& descriptor : all) {
    PAWL_TRY(context.proceed());
    if (descriptor.artifact_type != artifact_type) continue;
    PAWL_ASSIGN(std::string manifest, blobs_.get(descriptor.digest, limits::kManifestBytes));
    PAWL_ASSIGN_WITHIN(model::Referrer referrer, model::decode_referrer(std::move(manifest)),
                       "reading " + descriptor.digest.str());
    if (referrer.subject != subject || referrer.artifact_type != artifact_type) {
      return Error(ErrorCode::kIntegrity, descriptor.digest.str() + " is listed as attached to " + subject.str() +
                                              ", but says it belongs to " + referrer.subject.str());
    }
    PAWL_ASSIGN(std::string bytes, blobs_.get(referrer.record.digest, limits::kStatementBytes));
    found.push_back({std::move(descriptor), std::move(bytes)});
  }
  return found;
}

Status make_layout(const std::string& folder) {
  for (const char* part : {"/blobs/sha256", "/referrers"}) PAWL_TRY(os::make_folders(folder + part));
  PAWL_ASSIGN(os::FileLock held, os::FileLock::acquire(folder + "/.lock", kLockMilliseconds));
  if (!os::exists(folder + "/index.json")) PAWL_TRY(os::write_file(folder + "/index.json", empty_index()));
  // Last: a folder is a layout once this file is there.
  if (os::exists(folder + "/oci-layout")) return {};
  return os::write_file(folder + "/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}\n");
}

}  // namespace

Result<std::shared_ptr<ports::Blobs>> open_oci_layout(const std::string& folder) {
  PAWL_TRY_WITHIN(make_layout(folder), "opening the OCI layout " + folder);
  PAWL_TRY_WITHIN(check_layout_version(folder), "opening the OCI layout " + folder);
  return std::shared_ptr<ports::Blobs>(std::make_shared<Layout>(folder));
}

}  // namespace pawl::oci
