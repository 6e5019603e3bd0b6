#include "adapters/directory/directory.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "adapters/files/live.h"
#include "adapters/files/object_file.h"
#include "os/file.h"

namespace pawl::directory {

namespace {

using files::kReceiptName;
using files::ObjectFile;
using files::ReceiptFile;
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
    bool others = file->receipt.project != claim.project || file->receipt.environment != claim.environment;
    if (others && !claim.adopt) return others_error(file->receipt);
    // Epochs of another environment say nothing about this one's.
    if (others) file->receipt = Receipt{claim.project, claim.environment, std::nullopt, 0, 0};
    if (file->receipt.epoch > claim.epoch) return fenced(file->receipt.epoch, claim.epoch);
    TargetState before{file->receipt, false};
    file->receipt.epoch = claim.epoch;
    PAWL_TRY(write_receipt(path_, *file));
    PAWL_TRY(remove_leftovers());
    return before;
  }

  Status apply(const Context&, std::uint64_t epoch, const LayerBytes& layer) override {
    PAWL_ASSIGN(std::optional<ReceiptFile> held, read_receipt());
    PAWL_TRY(check_epoch(held, epoch));
    PAWL_ASSIGN(std::vector<ObjectFile> files, files::split_layer(layer));
    std::lock_guard lock(mutex_);
    staged_[{epoch, layer.name.str()}] = std::move(files);
    return {};
  }

  Result<std::vector<std::string>> publish(const Context&, const Receipt& receipt,
                                           const std::vector<model::LayerName>& layers,
                                           const ports::ApplyInfo&) override {
    PAWL_ASSIGN(os::FileLock lock, os::FileLock::acquire(lock_path(), kLockWaitMs));
    PAWL_ASSIGN(std::optional<ReceiptFile> before, read_receipt());
    PAWL_TRY(check_epoch(before, receipt.epoch));
    PAWL_ASSIGN(std::vector<std::string> edited, files::hand_edits(*before, reader()));
    PAWL_ASSIGN(std::vector<ObjectFile> files, take_staged(receipt.epoch, layers));
    std::string stage = stage_path(receipt.epoch);
    PAWL_TRY(os::remove_tree(stage));
    PAWL_TRY_WITHIN(lay_out(stage, files, receipt), "laying the bundle out in " + stage);
    PAWL_TRY(keep_foreign(*before, files, stage));
    PAWL_TRY(os::exchange(stage, path_));
    PAWL_TRY(os::remove_tree(stage));
    return edited;
  }

  // The folder may be exchanged while it is read; then what was read is a mixture, and is read again.
  Result<ports::Live> read(const Context& context) override {
    constexpr int kTries = 16;
    for (int i = 0; i < kTries; ++i) {
      PAWL_TRY(context.proceed());
      PAWL_ASSIGN(std::optional<std::string> before, receipt_bytes());
      Result<ports::Live> live = read_once();
      PAWL_ASSIGN(std::optional<std::string> after, receipt_bytes());
      if (before == after) return live;
    }
    return Error(ErrorCode::kUnavailable, path_ + " changes faster than it can be read");
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

  Status check_epoch(const std::optional<ReceiptFile>& held, std::uint64_t own) const {
    if (held && held->receipt.epoch == own) return {};
    return fenced(held ? held->receipt.epoch : 0, own);
  }
  Error others_error(const Receipt& receipt) const {
    return Error(ErrorCode::kConflict, path_ + " belongs to " + receipt.environment + " of project " + receipt.project,
                 "give the environment a target of its own, or promote with --adopt");
  }

  Result<std::optional<std::string>> receipt_bytes() const {
    return os::read_file_if_present(os::join_path(path_, kReceiptName));
  }

  Result<ports::Live> read_once() const {
    PAWL_ASSIGN(std::optional<ReceiptFile> file, read_receipt());
    PAWL_ASSIGN(std::vector<std::string> present, present_files());
    return files::live_of(file, present, reader());
  }

  Result<std::optional<ReceiptFile>> read_receipt() const {
    PAWL_ASSIGN(std::optional<std::string> bytes, receipt_bytes());
    if (!bytes) return std::optional<ReceiptFile>();
    PAWL_ASSIGN_WITHIN(ReceiptFile file, files::decode_receipt(std::move(*bytes)), "reading the target " + path_);
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

  files::Reader reader() const {
    return [this](const std::string& path) -> Result<std::optional<std::string>> {
      PAWL_ASSIGN(std::string full, os::join_checked(path_, path));
      if (os::kind_of(full) != os::EntryKind::kFile) return std::optional<std::string>();
      return os::read_file_if_present(full);
    };
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
    PAWL_TRY(os::make_folders(stage));
    for (const ObjectFile& object : files) {
      PAWL_ASSIGN(std::string path, os::join_checked(stage, object.path));
      PAWL_TRY(os::make_folders(parent_of(path)));
      PAWL_TRY(os::write_file(path, object.yaml));
    }
    return write_receipt(stage, files::receipt_of(receipt, files));
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
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  // What is exchanged must be the folder, not the link to it.
  if (os::kind_of(path) == os::EntryKind::kLink) {
    if (Result<std::string> real = os::canonical_path(path)) path = *real;
  }
  return std::make_shared<DirectoryTarget>(std::move(path));
}

}  // namespace pawl::directory
