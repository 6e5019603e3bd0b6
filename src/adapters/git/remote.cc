#include "adapters/git/remote.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "crypto/digest.h"
#include "os/git.h"

namespace pawl::git {

namespace {

constexpr std::string_view kMade = "refs/pawl/made";  // what commit() made last
constexpr int kLockWaitMs = 120'000;

std::string seen(const std::string& ref) { return "refs/pawl/seen/" + ref.substr(std::string_view("refs/").size()); }

// A path as git-fast-import reads it, in quotes.
std::string quoted(const std::string& path) {
  std::string out = "\"";
  for (char c : path) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

void append_data(std::string& out, std::string_view bytes) {
  out += "data " + std::to_string(bytes.size()) + "\n";
  out += bytes;
  out += "\n";
}

// The stream of git-fast-import(1) that makes `commit`.
std::string stream_of(const NewCommit& commit) {
  std::string out = "commit " + std::string(kMade) + "\n";
  out += "author " + commit.author + " now\ncommitter " + commit.author + " now\n";
  append_data(out, commit.message);
  if (commit.parent) out += "from " + *commit.parent + "\n";
  for (const FileChange& change : commit.changes) {
    if (!change.bytes) out += "D " + quoted(change.path) + "\n";
    if (!change.bytes) continue;
    out += "M 100644 inline " + quoted(change.path) + "\n";
    append_data(out, *change.bytes);
  }
  return out + "done\n";
}

// How servers and git say that a reference is not what it was. Of an atomic push that lost its race the server names
// the transaction alone.
bool is_race(std::string_view reason) {
  for (std::string_view phrase :
       {"fetch first", "non-fast-forward", "stale info", "failed to update ref", "incorrect old value",
        "cannot lock ref", "failed to lock", "needs force", "reference already exists",
        "remote ref updated since checkout", "atomic transaction failed"}) {
    if (reason.find(phrase) != std::string_view::npos) return true;
  }
  return false;
}

// "!\tFROM:TO\tSUMMARY": why refs were refused. `raced` when one of them because somebody else was first.
struct Refusal {
  bool any = false;
  bool raced = false;
  std::string reasons;
};

Refusal refusal_in(const std::string& porcelain) {
  Refusal out;
  for (std::string_view line : split(porcelain, '\n')) {
    if (!line.starts_with("!\t")) continue;
    std::string_view reason = line.substr(line.rfind('\t') + 1);
    out.any = true;
    out.raced = out.raced || is_race(reason);
    out.reasons += (out.reasons.empty() ? "" : "; ") + escape_terminal(reason.substr(0, 200));
  }
  return out;
}

}  // namespace

Remote::Remote(std::string url, const std::string& cache)
    : url_(std::move(url)), repository_(os::join_path(cache, crypto::sha256(url_).hex())) {}

Result<os::FileLock> Remote::lock(const Context& context) {
  PAWL_TRY(os::check_git_url(url_));
  PAWL_TRY(os::make_folders(repository_.substr(0, repository_.rfind('/')), 0700));
  PAWL_ASSIGN(os::FileLock lock, os::FileLock::acquire(repository_ + ".lock", kLockWaitMs));
  PAWL_TRY(os::make_bare_repository(context, repository_));
  return lock;
}

Result<std::vector<std::optional<std::string>>> Remote::fetch(const Context& context,
                                                              const std::vector<std::string>& refs) {
  std::vector<std::string> ask = {"ls-remote", "--refs", "--", url_};
  ask.insert(ask.end(), refs.begin(), refs.end());
  PAWL_ASSIGN(std::string listing, os::git(context, {"", ask, ""}));
  std::map<std::string, std::string> there;
  for (std::string_view line : split(listing, '\n')) {
    std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos) there[std::string(line.substr(tab + 1))] = line.substr(0, tab);
  }
  std::vector<std::string> get = {"fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", url_};
  std::size_t before = get.size();
  for (const std::string& ref : refs) {
    if (there.contains(ref)) get.push_back("+" + ref + ":" + seen(ref));
  }
  if (get.size() > before) PAWL_TRY(os::git(context, {repository_, get, ""}));
  std::vector<std::optional<std::string>> out;
  for (const std::string& ref : refs) {
    out.emplace_back();
    if (!there.contains(ref)) continue;
    PAWL_ASSIGN(std::string id,
                os::git(context, {repository_, {"rev-parse", "--verify", "--quiet", seen(ref) + "^{commit}"}, ""}));
    out.back() = std::string(trim(id));
  }
  return out;
}

Result<std::string> Remote::commit(const Context& context, const NewCommit& commit) {
  os::GitCall call{
      repository_, {"fast-import", "--quiet", "--done", "--force", "--date-format=now"}, stream_of(commit)};
  PAWL_TRY(os::git(context, call));
  PAWL_ASSIGN(std::string id, os::git(context, {repository_, {"rev-parse", "--verify", std::string(kMade)}, ""}));
  return std::string(trim(id));
}

Result<bool> Remote::push(const Context& context, const std::vector<RefUpdate>& updates) {
  std::vector<std::string> arguments = {"push",        "--porcelain",      "--atomic",
                                        "--no-verify", "--no-follow-tags", "--recurse-submodules=no"};
  // What is leased may go backwards; nothing here does, because every commit is a child of what was seen.
  for (const RefUpdate& update : updates)
    arguments.push_back("--force-with-lease=" + update.ref + ":" + update.from.value_or(""));
  arguments.insert(arguments.end(), {"--", url_});
  for (const RefUpdate& update : updates) arguments.push_back(update.to + ":" + update.ref);
  os::GitCall call{repository_, arguments, ""};
  PAWL_ASSIGN(os::GitResult result, os::try_git(context, call));
  if (result.exit_status == 0) return true;
  Refusal refusal = refusal_in(result.output);
  if (refusal.raced) return false;
  if (refusal.any) {
    return Error(ErrorCode::kDenied, "the remote refuses the push: " + refusal.reasons,
                 "a hook or a protected branch may stand in the way");
  }
  return os::git_error(call, result);
}

}  // namespace pawl::git
