#include "adapters/git/git.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/files/live.h"
#include "adapters/files/object_file.h"
#include "adapters/git/remote.h"
#include "base/text.h"
#include "format/file_tree.h"
#include "os/git.h"
#include "os/system.h"

namespace pawl::git {

namespace {

using files::ObjectFile;
using files::ReceiptFile;
using ports::Receipt;
using ports::TargetState;

constexpr int kTries = 8;
constexpr std::size_t kMostAuthors = 100;  // files that somebody is named for
constexpr std::string_view kClaimName = "claim.json";

// One line of a commit's message, whatever was given.
std::string one_line(std::string_view text) {
  std::string out = escape_terminal(text.substr(0, 500));
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

void pause(int attempt) {
  auto random = static_cast<unsigned char>(os::random_bytes(1)[0]);
  std::this_thread::sleep_for(std::chrono::milliseconds((20 << std::min(attempt, 5)) + random));
}

// What is there, as one fetch saw it.
struct Seen {
  std::optional<std::string> tip;    // of the branch
  std::optional<std::string> claim;  // of the claim's ref
  std::optional<Receipt> claimed;
  std::optional<ReceiptFile> receipt;        // of the tip's tree
  std::vector<std::string> present;          // paths below the folder, the receipt left out
  std::map<std::string, std::string> bytes;  // of the files that the receipt names
};

class GitTarget final : public ports::Target {
 public:
  explicit GitTarget(Options options)
      : options_(std::move(options)),
        remote_(options_.url, options_.cache),
        branch_ref_("refs/heads/" + options_.branch),
        claim_ref_("refs/pawl/claims/" + crypto::sha256(options_.branch + '\n' + options_.folder).hex().substr(0, 16)) {
  }

  Result<TargetState> inspect(const Context& context) override {
    PAWL_ASSIGN(os::FileLock lock, enter(context));
    PAWL_ASSIGN(Seen seen, look(context));
    return state_of(seen);
  }

  Result<TargetState> claim(const Context& context, const Claim& claim) override {
    PAWL_ASSIGN(os::FileLock lock, enter(context));
    for (int attempt = 0; attempt < kTries; ++attempt) {
      PAWL_ASSIGN(Seen seen, look(context));
      TargetState state = state_of(seen);
      PAWL_TRY(may_claim(state, claim));
      bool others = state.receipt && !is_owner(*state.receipt, claim.project, claim.environment);
      TargetState before = state;
      if (others || !before.receipt) before = {Receipt{claim.project, claim.environment, std::nullopt, 0, 0}, false};
      Receipt wanted{claim.project, claim.environment, std::nullopt, claim.epoch, claim.promotion};
      bool held = seen.claimed == wanted;
      if (!held) {
        PAWL_ASSIGN(RefUpdate update, next_claim(context, seen, wanted, "claim"));
        PAWL_ASSIGN(held, remote_.push(context, {update}));
      }
      if (held) {
        remember_epoch(claim.epoch);
        return before;
      }
      pause(attempt);
      PAWL_TRY(context.proceed());
    }
    return busy();
  }

  Status apply(const Context&, std::uint64_t epoch, const ports::LayerBytes& layer) override {
    PAWL_ASSIGN(std::vector<ObjectFile> files, files::split_layer(layer));
    std::lock_guard lock(mutex_);
    if (epoch < claimed_epoch_) return fenced(claimed_epoch_, epoch);
    staged_[{epoch, layer.name.str()}] = std::move(files);
    return {};
  }

  Result<std::vector<std::string>> publish(const Context& context, const Receipt& receipt,
                                           const std::vector<model::LayerName>& layers,
                                           const ports::ApplyInfo& info) override {
    PAWL_ASSIGN(std::vector<ObjectFile> files, take_staged(receipt.epoch, layers));
    PAWL_ASSIGN(os::FileLock lock, enter(context));
    for (int attempt = 0; attempt < kTries; ++attempt) {
      PAWL_ASSIGN(Seen seen, look(context));
      PAWL_TRY(check_claim(seen, receipt));
      PAWL_ASSIGN(std::vector<std::string> edits,
                  files::hand_edits(seen.receipt.value_or(ReceiptFile()), reader(seen)));
      ReceiptFile wanted = files::receipt_of(receipt, files);
      bool there = seen.receipt && encode(*seen.receipt) == encode(wanted) && edits.empty();
      if (there) return edits;
      NewCommit commit{one_line(options_.author), message_of(receipt, info), seen.tip, changes_of(seen, files, wanted)};
      PAWL_ASSIGN(std::string made, remote_.commit(context, commit));
      PAWL_ASSIGN(RefUpdate claim, next_claim(context, seen, *seen.claimed, "publish"));
      PAWL_ASSIGN(bool done, remote_.push(context, {{branch_ref_, seen.tip, made}, claim}));
      if (done) return edits;
      pause(attempt);
      PAWL_TRY(context.proceed());
    }
    return busy();
  }

  Result<ports::Live> read(const Context& context) override {
    PAWL_ASSIGN(os::FileLock lock, enter(context));
    PAWL_ASSIGN(Seen seen, look(context));
    PAWL_ASSIGN(ports::Live live, files::live_of(seen.receipt, seen.present, reader(seen)));
    if (!seen.receipt) return live;
    PAWL_ASSIGN(std::vector<std::string> edits, files::hand_edits(*seen.receipt, reader(seen)));
    if (edits.size() > kMostAuthors) edits.resize(kMostAuthors);
    for (const std::string& path : edits) {
      PAWL_ASSIGN(std::string who, last_author(context, *seen.tip, path));
      if (!who.empty()) live.changed_by[path] = who;
    }
    return live;
  }

 private:
  // Checks what the configuration names before git sees any of it.
  Result<os::FileLock> enter(const Context& context) {
    PAWL_TRY_WITHIN(os::check_git_name(options_.branch), "opening the target " + place());
    bool good = options_.folder.empty() || format::is_tree_path(options_.folder);
    if (!good)
      return Error(ErrorCode::kInvalid, "\"" + escape_terminal(options_.folder) + "\" is not a folder of a branch");
    PAWL_ASSIGN_WITHIN(os::FileLock lock, remote_.lock(context), "opening the target " + place());
    return lock;
  }

  std::string place() const {
    return options_.url + "#" + options_.branch + (options_.folder.empty() ? "" : "/" + options_.folder);
  }
  std::string in_folder(std::string_view path) const {
    return options_.folder.empty() ? std::string(path) : options_.folder + "/" + std::string(path);
  }

  Error fenced(std::uint64_t held, std::uint64_t own) const {
    return Error(ErrorCode::kConflict, place() + " is claimed under epoch " + std::to_string(held) + "; epoch " +
                                           std::to_string(own) + " was passed on");
  }
  Error busy() const {
    return Error(ErrorCode::kUnavailable,
                 place() + " was moved by others at each of " + std::to_string(kTries) + " tries");
  }

  static bool is_owner(const Receipt& receipt, const std::string& project, const std::string& environment) {
    return receipt.project == project && receipt.environment == environment;
  }

  Status may_claim(const TargetState& state, const Claim& claim) const {
    if (state.foreign && !claim.adopt) {
      return Error(ErrorCode::kConflict, place() + " holds files that Pawl did not put there",
                   "promote with --adopt to take the folder over; the files are kept");
    }
    if (!state.receipt) return {};
    bool others = !is_owner(*state.receipt, claim.project, claim.environment);
    if (others && !claim.adopt) {
      return Error(ErrorCode::kConflict,
                   place() + " belongs to " + state.receipt->environment + " of project " + state.receipt->project,
                   "give the environment a target of its own, or promote with --adopt");
    }
    if (!others && state.receipt->epoch > claim.epoch) return fenced(state.receipt->epoch, claim.epoch);
    return {};
  }

  Status check_claim(const Seen& seen, const Receipt& receipt) const {
    bool ours = seen.claimed && is_owner(*seen.claimed, receipt.project, receipt.environment);
    if (ours && seen.claimed->epoch == receipt.epoch) return {};
    return fenced(seen.claimed ? seen.claimed->epoch : 0, receipt.epoch);
  }

  // The claim says who may write now, the tree's receipt what was written last.
  static TargetState state_of(const Seen& seen) {
    TargetState out;
    if (seen.receipt) out.receipt = seen.receipt->receipt;
    if (seen.claimed) {
      bool same = out.receipt && is_owner(*out.receipt, seen.claimed->project, seen.claimed->environment);
      std::uint64_t promotion = same ? out.receipt->promotion : seen.claimed->promotion;
      std::optional<crypto::Digest> bundle = same ? out.receipt->bundle : std::nullopt;
      out.receipt = Receipt{seen.claimed->project, seen.claimed->environment, bundle,
                            std::max(seen.claimed->epoch, same ? out.receipt->epoch : 0), promotion};
    }
    out.foreign = !out.receipt && !seen.present.empty();
    return out;
  }

  void remember_epoch(std::uint64_t epoch) {
    std::lock_guard lock(mutex_);
    claimed_epoch_ = epoch;
  }

  Result<Seen> look(const Context& context) {
    PAWL_ASSIGN(std::vector<std::optional<std::string>> tips, remote_.fetch(context, {branch_ref_, claim_ref_}));
    Seen seen;
    seen.tip = tips[0];
    seen.claim = tips[1];
    if (seen.claim) {
      PAWL_ASSIGN(seen.claimed, read_claim(context, *seen.claim));
      remember_epoch(seen.claimed->epoch);
    }
    if (seen.tip) PAWL_TRY(look_into(context, seen));
    return seen;
  }

  Status look_into(const Context& context, Seen& seen) {
    PAWL_ASSIGN(std::vector<os::GitEntry> entries,
                os::list_git_tree(context, remote_.repository(), *seen.tip, options_.folder));
    std::map<std::string, std::string> ids;  // of regular files
    std::string receipt;
    for (const os::GitEntry& entry : entries) {
      bool regular = entry.mode.starts_with("100");
      if (entry.path == files::kReceiptName && regular) receipt = entry.id;
      if (entry.path == files::kReceiptName) continue;
      seen.present.push_back(entry.path);
      if (regular) ids[entry.path] = entry.id;
    }
    if (receipt.empty()) return {};
    PAWL_ASSIGN(auto text, os::read_git_blobs(context, remote_.repository(), {receipt}));
    PAWL_ASSIGN_WITHIN(seen.receipt, files::decode_receipt(std::move(text[receipt])), "reading the target " + place());
    std::vector<std::string> wanted;
    for (const std::string& path : seen.receipt->order) {
      if (ids.contains(path)) wanted.push_back(ids[path]);
    }
    PAWL_ASSIGN(auto blobs, os::read_git_blobs(context, remote_.repository(), wanted));
    for (const std::string& path : seen.receipt->order) {
      if (ids.contains(path)) seen.bytes[path] = blobs[ids[path]];
    }
    return {};
  }

  Result<Receipt> read_claim(const Context& context, const std::string& commit) {
    PAWL_ASSIGN(std::vector<os::GitEntry> entries, os::list_git_tree(context, remote_.repository(), commit, ""));
    for (const os::GitEntry& entry : entries) {
      if (entry.path != kClaimName) continue;
      PAWL_ASSIGN(auto text, os::read_git_blobs(context, remote_.repository(), {entry.id}));
      PAWL_ASSIGN_WITHIN(ReceiptFile file, files::decode_receipt(std::move(text[entry.id])),
                         "reading the claim of " + place());
      return file.receipt;
    }
    return Error(ErrorCode::kIntegrity, claim_ref_ + " of " + options_.url + " holds no claim",
                 "delete that ref in the remote, and promote again");
  }

  // A child of the claim that was seen, even where nothing changes: an unmoved ref would take no part in the push.
  Result<RefUpdate> next_claim(const Context& context, const Seen& seen, const Receipt& receipt,
                               const std::string& verb) {
    std::string text = "pawl: " + verb + " " + place() + " for " + one_line(receipt.environment) + ", epoch " +
                       std::to_string(receipt.epoch) + "\n";
    NewCommit commit{
        one_line(options_.author), text, seen.claim, {{std::string(kClaimName), encode(ReceiptFile{receipt, {}, {}})}}};
    PAWL_ASSIGN(std::string made, remote_.commit(context, commit));
    return RefUpdate{claim_ref_, seen.claim, made};
  }

  std::vector<FileChange> changes_of(const Seen& seen, const std::vector<ObjectFile>& files,
                                     const ReceiptFile& receipt) const {
    std::vector<FileChange> out;
    if (seen.receipt) {
      for (const std::string& path : seen.receipt->order) {
        // The receipt comes from the remote: it may name what lies in the folder, and nothing else.
        if (format::is_tree_path(path)) out.push_back({in_folder(path), std::nullopt});
      }
    }
    for (const ObjectFile& file : files) out.push_back({in_folder(file.path), file.yaml});
    out.push_back({in_folder(files::kReceiptName), encode(receipt)});
    return out;
  }

  static std::string message_of(const Receipt& receipt, const ports::ApplyInfo& info) {
    std::string release = one_line(info.release);
    std::string out = one_line(receipt.environment) + ": " + one_line(receipt.project) + " " + release + "\n\n";
    auto trailer = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) out += "Pawl-" + std::string(key) + ": " + one_line(value) + "\n";
    };
    trailer("Project", receipt.project);
    trailer("Environment", receipt.environment);
    trailer("Release", info.release_digest.empty() ? info.release : info.release + " " + info.release_digest);
    trailer("Bundle", receipt.bundle ? receipt.bundle->str() : "");
    trailer("Promotion", std::to_string(receipt.promotion));
    trailer("Epoch", std::to_string(receipt.epoch));
    trailer("Ledger-Index", info.ledger_index == 0 ? "" : std::to_string(info.ledger_index));  // 0: not told
    trailer("Actor", info.actor);
    return out;
  }

  static files::Reader reader(const Seen& seen) {
    return [&seen](const std::string& path) -> Result<std::optional<std::string>> {
      auto found = seen.bytes.find(path);
      if (found == seen.bytes.end()) return std::optional<std::string>();
      return std::optional<std::string>(found->second);
    };
  }

  Result<std::string> last_author(const Context& context, const std::string& tip, const std::string& path) {
    os::GitCall call{remote_.repository(), {"log", "-1", "--format=%an <%ae>, %cI", tip, "--", in_folder(path)}, ""};
    PAWL_ASSIGN(std::string line, os::git(context, call));
    return one_line(trim(line));
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

  Options options_;
  Remote remote_;
  std::string branch_ref_;
  std::string claim_ref_;
  std::mutex mutex_;
  std::uint64_t claimed_epoch_ = 0;  // as last seen
  std::map<std::pair<std::uint64_t, std::string>, std::vector<ObjectFile>> staged_;
};

}  // namespace

std::shared_ptr<ports::Target> open_git(Options options) { return std::make_shared<GitTarget>(std::move(options)); }

}  // namespace pawl::git
