#include "adapters/directory/directory.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "adapters/directory/receipt_file.h"
#include "base/text.h"
#include "core/model/object.h"
#include "format/yaml.h"
#include "os/file.h"

namespace pawl::directory {

namespace {

using ports::LayerBytes;
using ports::Receipt;
using ports::TargetState;

constexpr int kLockWaitMs = 10'000;

std::string parent_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
}

// An object's file name; "/" and the like cannot be in it, and namespaces keep equal names apart.
std::string file_name(const model::ObjectId& id) {
  std::string out = to_lower(id.kind) + "." + id.name + ".yaml";
  if (!id.space.empty()) out = id.space + "." + out;
  for (char& c : out) {
    if (c == ':') c = '_';
  }
  return out;
}

struct ObjectFile {
  std::string path;  // "web/deployment.shop.yaml"
  std::string yaml;
};

// The documents of a layer, each as the file that it becomes.
Result<std::vector<ObjectFile>> split_layer(const LayerBytes& layer) {
  format::Arena arena;
  PAWL_ASSIGN(std::vector<format::Value> documents,
              format::parse_yaml(arena, layer.yaml, {.file = "layer " + layer.name.str()}));
  std::vector<ObjectFile> out;
  std::set<std::string> used;
  for (const format::Value& document : documents) {
    std::string path = layer.name.str() + "/" + file_name(model::object_id(document));
    // Kinds of one name in two API groups, and ids that meet once in lower case.
    for (int i = 2; !used.insert(to_lower(path)).second; ++i) {
      path = layer.name.str() + "/" + std::to_string(i) + "." + file_name(model::object_id(document));
    }
    out.push_back({path, format::render_yaml(document)});
  }
  return out;
}

// A receipt that was being written when its writer died: os::write_file's temporary, never renamed. Nobody's file.
bool is_torn_receipt(const std::string& name) {
  return name.starts_with("." + std::string(kReceiptName) + ".") && name.ends_with(".tmp");
}

Status list_files(const std::string& root, const std::string& relative, std::vector<std::string>& out) {
  PAWL_ASSIGN(std::vector<os::FolderEntry> entries, os::list_folder(os::join_path(root, relative)));
  for (const os::FolderEntry& entry : entries) {
    std::string path = relative.empty() ? entry.name : relative + "/" + entry.name;
    if (entry.kind == os::EntryKind::kFolder)
      PAWL_TRY(list_files(root, path, out));
    else if (path != kReceiptName && !is_torn_receipt(path))
      out.push_back(path);
    if (out.size() > limits::kTreeFiles) return Error(ErrorCode::kInvalid, root + " holds more files than are read");
  }
  return {};
}

class DirectoryTarget final : public ports::Target {
 public:
  explicit DirectoryTarget(std::string path) : path_(std::move(path)) {}

  Result<TargetState> inspect(const Context&) override {
    PAWL_ASSIGN(std::optional<ReceiptFile> file, read_receipt());
    if (file) return TargetState{file->receipt, false};
    PAWL_ASSIGN(std::vector<std::string> files, present_files());
    return TargetState{std::nullopt, !files.empty()};
  }

  Result<TargetState> claim(const Context& context, const Claim& claim) override {
    PAWL_TRY(os::make_folders(path_));
    PAWL_ASSIGN(os::FileLock lock, os::FileLock::acquire(lock_path(), kLockWaitMs));
    PAWL_ASSIGN(std::optional<ReceiptFile> file, read_receipt());
    if (!file) {
      PAWL_ASSIGN(TargetState state, inspect(context));
      if (state.foreign && !claim.adopt) return foreign_error();
      file = ReceiptFile{Receipt{claim.project, claim.environment, std::nullopt, 0, 0}, {}, {}};
    }
    PAWL_TRY(check_owner(file->receipt, claim));
    if (file->receipt.epoch > claim.epoch) return fenced(file->receipt.epoch, claim.epoch);
    TargetState before{file->receipt, false};
    file->receipt.project = claim.project;
    file->receipt.environment = claim.environment;
    file->receipt.epoch = claim.epoch;
    PAWL_TRY(write_receipt(path_, *file));
    PAWL_TRY(remove_leftovers());
    return before;
  }

  Status apply(const Context&, std::uint64_t epoch, const LayerBytes& layer) override {
    PAWL_ASSIGN(std::vector<ObjectFile> files, split_layer(layer));
    std::lock_guard lock(mutex_);
    staged_[{epoch, layer.name.str()}] = std::move(files);
    return {};
  }

  Result<std::vector<std::string>> publish(const Context&, const Receipt& receipt,
                                           const std::vector<model::LayerName>& layers,
                                           const ports::ApplyInfo&) override {
    PAWL_ASSIGN(os::FileLock lock, os::FileLock::acquire(lock_path(), kLockWaitMs));
    PAWL_ASSIGN(std::optional<ReceiptFile> before, read_receipt());
    if (!before || before->receipt.epoch != receipt.epoch)
      return fenced(before ? before->receipt.epoch : 0, receipt.epoch);
    PAWL_ASSIGN(std::vector<std::string> edited, hand_edits(*before));
    PAWL_ASSIGN(std::vector<ObjectFile> files, take_staged(receipt.epoch, layers));
    std::string stage = stage_path(receipt.epoch);
    PAWL_TRY(os::remove_tree(stage));
    PAWL_TRY_WITHIN(lay_out(stage, files, receipt), "laying the bundle out in " + stage);
    PAWL_TRY(keep_foreign(*before, files, stage));
    PAWL_TRY(os::exchange(stage, path_));
    PAWL_TRY(os::remove_tree(stage));
    return edited;
  }

  Result<ports::Live> read(const Context&) override {
    ports::Live live;
    PAWL_ASSIGN(std::optional<ReceiptFile> file, read_receipt());
    PAWL_ASSIGN(std::vector<std::string> present, present_files());
    std::set<std::string> managed;
    if (file) managed.insert(file->order.begin(), file->order.end());
    std::set<std::string> there(present.begin(), present.end());
    if (file) {
      for (const std::string& path : file->order) {
        std::string& text = live.layers[path.substr(0, path.find('/'))];
        if (!there.contains(path)) continue;
        PAWL_ASSIGN(std::string bytes, os::read_file(os::join_path(path_, path)));
        if (!text.empty()) text += "---\n";
        text += bytes;
        if (!text.ends_with('\n')) text += '\n';
      }
    }
    for (const std::string& path : present) {
      if (!managed.contains(path)) live.foreign.push_back(path);
    }
    return live;
  }

 private:
  std::string lock_path() const { return os::join_path(parent_of(path_), "." + name_of(path_) + ".pawl-lock"); }
  std::string stage_prefix() const { return "." + name_of(path_) + ".pawl-stage-"; }
  std::string stage_path(std::uint64_t epoch) const {
    return os::join_path(parent_of(path_), stage_prefix() + std::to_string(epoch));
  }

  Error foreign_error() const {
    return Error(ErrorCode::kConflict, path_ + " holds files that Pawl did not put there",
                 "promote with --adopt to take the folder over; the files are kept");
  }
  Error fenced(std::uint64_t held, std::uint64_t own) const {
    return Error(ErrorCode::kConflict, path_ + " is claimed under epoch " + std::to_string(held) + "; epoch " +
                                           std::to_string(own) + " was passed on");
  }

  Status check_owner(const Receipt& receipt, const Claim& claim) const {
    bool same = receipt.project == claim.project && receipt.environment == claim.environment;
    if (same || claim.adopt) return {};
    return Error(ErrorCode::kConflict, path_ + " belongs to " + receipt.environment + " of project " + receipt.project,
                 "give the environment a target of its own, or promote with --adopt");
  }

  Result<std::optional<ReceiptFile>> read_receipt() const {
    PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(os::join_path(path_, kReceiptName)));
    if (!bytes) return std::optional<ReceiptFile>();
    PAWL_ASSIGN_WITHIN(ReceiptFile file, decode_receipt(std::move(*bytes)), "reading the target " + path_);
    return std::optional<ReceiptFile>(std::move(file));
  }

  static Status write_receipt(const std::string& folder, const ReceiptFile& file) {
    return os::write_file(os::join_path(folder, kReceiptName), encode(file));
  }

  Result<std::vector<std::string>> present_files() const {
    std::vector<std::string> files;
    if (os::kind_of(path_) != os::EntryKind::kFolder) return files;
    PAWL_TRY(list_files(path_, "", files));
    return files;
  }

  // What a crash left beside the folder, and in it.
  Status remove_leftovers() const {
    PAWL_ASSIGN(std::vector<os::FolderEntry> own, os::list_folder(path_));
    for (const os::FolderEntry& entry : own) {
      if (is_torn_receipt(entry.name)) PAWL_TRY(os::remove_tree(os::join_path(path_, entry.name)));
    }
    PAWL_ASSIGN(std::vector<os::FolderEntry> entries, os::list_folder(parent_of(path_)));
    for (const os::FolderEntry& entry : entries) {
      if (entry.name.starts_with(stage_prefix()))
        PAWL_TRY(os::remove_tree(os::join_path(parent_of(path_), entry.name)));
    }
    return {};
  }

  // Managed files that are not what was written there.
  Result<std::vector<std::string>> hand_edits(const ReceiptFile& before) const {
    std::vector<std::string> out;
    for (const auto& [path, digest] : before.digests) {
      PAWL_ASSIGN(std::string full, os::join_checked(path_, path));
      PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(full));
      bool same = bytes && crypto::sha256(*bytes).str() == digest;
      if (!same) out.push_back(path);
    }
    return out;
  }

  Result<std::vector<ObjectFile>> take_staged(std::uint64_t epoch, const std::vector<model::LayerName>& layers) {
    std::lock_guard lock(mutex_);
    std::vector<ObjectFile> files;
    for (const model::LayerName& layer : layers) {
      auto found = staged_.find({epoch, layer.str()});
      if (found == staged_.end()) return Error(ErrorCode::kUnknown, "layer " + layer.str() + " was not staged");
      files.insert(files.end(), found->second.begin(), found->second.end());
    }
    return files;
  }

  static Status lay_out(const std::string& stage, const std::vector<ObjectFile>& files, const Receipt& receipt) {
    ReceiptFile file{receipt, {}, {}};
    PAWL_TRY(os::make_folders(stage));
    for (const ObjectFile& object : files) {
      PAWL_ASSIGN(std::string path, os::join_checked(stage, object.path));
      PAWL_TRY(os::make_folders(parent_of(path)));
      PAWL_TRY(os::write_file(path, object.yaml));
      file.order.push_back(object.path);
      file.digests[object.path] = crypto::sha256(object.yaml).str();
    }
    return write_receipt(stage, file);
  }

  // Copies what no bundle put into the folder over to the stage, unless the new bundle has a file of that path.
  Status keep_foreign(const ReceiptFile& before, const std::vector<ObjectFile>& files, const std::string& stage) const {
    std::set<std::string> ours(before.order.begin(), before.order.end());
    for (const ObjectFile& object : files) ours.insert(object.path);
    PAWL_ASSIGN(std::vector<std::string> present, present_files());
    for (const std::string& path : present) {
      if (ours.contains(path) || os::kind_of(os::join_path(path_, path)) != os::EntryKind::kFile) continue;
      PAWL_ASSIGN(std::string bytes, os::read_file(os::join_path(path_, path)));
      PAWL_ASSIGN(bool executable, os::is_executable(os::join_path(path_, path)));
      std::string to = os::join_path(stage, path);
      PAWL_TRY(os::make_folders(parent_of(to)));
      PAWL_TRY(os::write_file(to, bytes, {.mode = executable ? 0755u : 0644u}));
    }
    return {};
  }

  std::string path_;
  std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::string>, std::vector<ObjectFile>> staged_;
};

}  // namespace

std::shared_ptr<ports::Target> open_directory(std::string path) {
  return std::make_shared<DirectoryTarget>(std::move(path));
}

}  // namespace pawl::directory
