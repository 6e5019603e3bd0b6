#include "adapters/registry/git_source.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/registry/version_choice.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "os/file.h"
#include "os/git.h"
#include "os/system.h"

namespace pawl::registry {

namespace {

constexpr int kLockWaitMs = 120'000;

// The private clone of one URL, locked as long as this lives.
class Clone {
 public:
  static Result<std::unique_ptr<Clone>> open(const Context& context, const std::string& cache, const std::string& url) {
    PAWL_TRY(os::check_git_url(url));
    std::unique_ptr<Clone> out(new Clone(url));
    if (cache.empty()) {
      PAWL_ASSIGN(out->temporary_, os::make_temporary_folder(os::environment("TMPDIR").value_or("/tmp"), "pawl-git-"));
    }
    std::string parent = cache.empty() ? out->temporary_ : cache;
    out->repository_ = os::join_path(parent, crypto::sha256(url).hex());
    PAWL_TRY(os::make_folders(parent, 0700));
    PAWL_ASSIGN(os::FileLock lock, os::FileLock::acquire(out->repository_ + ".lock", kLockWaitMs));
    out->lock_.emplace(std::move(lock));
    PAWL_TRY(os::make_bare_repository(context, out->repository_));
    return out;
  }
  ~Clone() {
    if (!temporary_.empty()) static_cast<void>(os::remove_tree(temporary_));  // a temporary folder harms nobody
  }
  Clone(const Clone&) = delete;
  Clone& operator=(const Clone&) = delete;

  // Every branch and tag of the remote with the commit that it names.
  Result<std::map<std::string, std::string>> refs(const Context& context) const {
    os::GitCall call{"", {"ls-remote", "--heads", "--tags", "--", url_}, "", 64u << 20};
    PAWL_ASSIGN(std::string listing, os::git(context, call));
    std::map<std::string, std::string> out;
    for (std::string_view line : split(listing, '\n')) {
      std::size_t tab = line.find('\t');
      if (tab == std::string_view::npos) continue;
      std::string ref(line.substr(tab + 1));
      bool peeled = ref.ends_with("^{}");  // what an annotated tag names; it comes behind the tag itself
      if (peeled) ref.resize(ref.size() - 3);
      if (peeled || !out.contains(ref)) out[ref] = line.substr(0, tab);
    }
    return out;
  }

  // The files of `commit` below `folder`. The commit is fetched unless it is here already.
  Result<format::FileTree> tree(const Context& context, const std::string& commit, const std::string& folder) const {
    PAWL_TRY(obtain(context, commit));
    PAWL_ASSIGN(std::vector<os::GitEntry> entries, os::list_git_tree(context, repository_, commit, folder));
    if (entries.empty())
      return Error(ErrorCode::kNotFound, url_ + " has no folder \"" + folder + "\" at " + commit.substr(0, 12));
    std::vector<std::string> ids;
    for (const os::GitEntry& entry : entries) {
      bool regular = entry.mode.starts_with("100") && format::is_tree_path(entry.path);
      if (!regular)
        return Error(ErrorCode::kInvalid,
                     url_ + " holds \"" + escape_terminal(entry.path.substr(0, 200)) + "\", a link or a submodule",
                     "name a folder without them in the source's path");
      ids.push_back(entry.id);
    }
    PAWL_ASSIGN(auto blobs, os::read_git_blobs(context, repository_, ids));
    format::FileTree out;
    std::size_t total = 0;
    for (const os::GitEntry& entry : entries) {
      const std::string& bytes = blobs[entry.id];
      total += bytes.size();  // one blob under many paths is many files
      if (total > limits::kTreeBytes) return Error(ErrorCode::kInvalid, url_ + " holds more than 1 GiB");
      out.push_back({entry.path, bytes, entry.mode == "100755"});
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  explicit Clone(std::string url) : url_(std::move(url)) {}

  Result<bool> has(const Context& context, const std::string& commit) const {
    os::GitCall call{repository_, {"cat-file", "-e", commit + "^{commit}"}, ""};
    PAWL_ASSIGN(os::GitResult result, os::try_git(context, call));
    return result.exit_status == 0;
  }

  Status obtain(const Context& context, const std::string& commit) const {
    PAWL_ASSIGN(bool there, has(context, commit));
    if (there) return {};
    std::vector<std::string> fetch = {"-c",        "fetch.fsckObjects=true",  "fetch",     "--quiet",
                                      "--no-tags", "--no-recurse-submodules", "--depth=1", "--",
                                      url_};
    std::vector<std::string> one = fetch;
    one.push_back("+" + commit + ":refs/pawl/locked/" + commit);
    Result<std::string> direct = os::git(context, {repository_, one, ""});
    if (direct) return {};
    // A server that gives no commit by its id gives what its branches and tags reach.
    std::erase(fetch, "--depth=1");
    fetch.insert(fetch.end(), {"+refs/heads/*:refs/pawl/heads/*", "+refs/tags/*:refs/pawl/tags/*"});
    PAWL_TRY(os::git(context, {repository_, fetch, ""}));
    PAWL_ASSIGN(there, has(context, commit));
    if (there) return {};
    return Error(ErrorCode::kNotFound, url_ + " has no commit " + commit + " on a branch or a tag");
  }

  std::string url_;
  std::string repository_;
  std::string temporary_;
  std::optional<os::FileLock> lock_;
};

struct Choice {
  std::string version;  // the tag, the branch or the commit
  std::string commit;
};

Result<std::string> named(const std::map<std::string, std::string>& refs, const std::string& ref,
                          const std::string& what) {
  auto found = refs.find(ref);
  if (found != refs.end()) return found->second;
  return Error(ErrorCode::kNotFound, "there is no " + what);
}

std::vector<std::string> tags_in(const std::map<std::string, std::string>& refs) {
  constexpr std::string_view kPrefix = "refs/tags/";
  std::vector<std::string> out;
  for (const auto& [ref, commit] : refs) {
    if (ref.starts_with(kPrefix)) out.push_back(ref.substr(kPrefix.size()));
  }
  return out;
}

Result<Choice> choose(const Context& context, const Clone& clone, const model::Source& source,
                      const model::GitSource& git) {
  if (!git.commit.empty()) {
    if (!os::is_git_object_id(git.commit))
      return Error(ErrorCode::kInvalid, "\"" + escape_terminal(git.commit.substr(0, 100)) + "\" is not a full commit");
    return Choice{git.commit, git.commit};
  }
  for (const std::string& name : {git.branch, git.tag}) {
    if (!name.empty()) PAWL_TRY(os::check_git_name(name));
  }
  PAWL_TRY(check_version(source.version));
  PAWL_ASSIGN(auto refs, clone.refs(context));
  if (!git.branch.empty()) {
    PAWL_ASSIGN(std::string commit, named(refs, "refs/heads/" + git.branch, "branch " + git.branch));
    return Choice{git.branch, commit};
  }
  std::string tag = git.tag.empty() ? source.version : git.tag;
  if (git.tag.empty() && form_of(tag) != VersionForm::kExact) {
    PAWL_ASSIGN(tag, choose_version(source.version, tags_in(refs), git.url));
  }
  PAWL_TRY(os::check_git_name(tag));
  PAWL_ASSIGN(std::string commit, named(refs, "refs/tags/" + tag, "tag " + tag));
  return Choice{tag, commit};
}

}  // namespace

Result<model::LockedSource> resolve_git(const Context& context, const std::string& cache, const model::Source& source,
                                        const model::GitSource& git) {
  PAWL_ASSIGN(std::unique_ptr<Clone> clone, Clone::open(context, cache, git.url));
  PAWL_ASSIGN_WITHIN(Choice choice, choose(context, *clone, source, git), "resolving " + git.url);
  PAWL_ASSIGN(format::FileTree tree, clone->tree(context, choice.commit, git.path));
  return model::LockedSource{source.name,
                             "git",
                             git.url,
                             model::requested_of(source),
                             choice.version,
                             choice.commit,
                             format::tree_digest(tree)};
}

Result<format::FileTree> fetch_git(const Context& context, const std::string& cache, const model::Source& source,
                                   const model::GitSource& git, const model::LockedSource& locked) {
  if (!os::is_git_object_id(locked.commit))
    return Error(ErrorCode::kInvalid, "the lock of source " + source.name + " names no commit",
                 "pawl lock --update " + source.name);
  PAWL_ASSIGN(std::unique_ptr<Clone> clone, Clone::open(context, cache, git.url));
  PAWL_ASSIGN(format::FileTree tree, clone->tree(context, locked.commit, git.path));
  if (format::tree_digest(tree) == locked.digest) return tree;
  return Error(ErrorCode::kIntegrity, "the files of source " + source.name + " are not those that were locked",
               "the lock or " + git.url + " was changed: pawl lock --update " + source.name);
}

}  // namespace pawl::registry
