#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"

namespace pawl::os {

// The git program: argument vectors only, no hooks, no prompts, no transport helpers. What a caller's environment says
// of repositories (GIT_DIR and the like) is dropped; what it says of credentials stays.

struct GitCall {
  std::string repository;              // its git folder; "" for none, or for the one around `folder`
  std::vector<std::string> arguments;  // of git; what came from input stands behind "--" or was checked
  std::string input;
  std::size_t max_output = 256u << 20;  // more is kInvalid
  std::string folder;                   // working folder; "" for this process's
};

// Runs git and returns its standard output. Errors: kDenied (credentials), kNotFound (repository, reference),
// kUnavailable (everything else that fails), kTimeout, kInterrupted. No error text holds what stands before "@" in a
// URL.
Result<std::string> git(const Context& context, const GitCall& call);

struct GitResult {
  int exit_status = 0;
  std::string output;
  std::string errors;  // without credentials
};
// As git(), where a non-zero exit is an answer.
Result<GitResult> try_git(const Context& context, const GitCall& call);

// What a failed call's errors come to, as git() would say it.
Error git_error(const GitCall& call, const GitResult& result);

// Whether `url` may be given to git: https, ssh, file, an absolute path or user@host:path; http for loopback alone.
// Errors: kInvalid for everything else: options, transport helpers ("ext::"), control characters, passwords in the URL.
Status check_git_url(std::string_view url);
// Whether `name` may be a branch or a tag (git-check-ref-format). Errors: kInvalid.
Status check_git_name(std::string_view name);
bool is_git_object_id(std::string_view text);  // 40 or 64 lower-case hex digits

// Makes a bare repository in `folder`, unless there is one.
Status make_bare_repository(const Context& context, const std::string& folder);

struct GitEntry {
  std::string mode;  // "100644", "100755", "120000" (link), "160000" (submodule)
  std::string id;
  std::string path;  // relative to the folder that was listed
};
// Everything below `folder` ("" for the root) of a commit; empty where there is no such folder. Bounded by
// limits::kTreeFiles.
Result<std::vector<GitEntry>> list_git_tree(const Context& context, const std::string& repository,
                                            const std::string& commit, const std::string& folder);
// The bytes of blobs, by id; all of them with one process. Bounded by limits::kTreeBytes.
Result<std::map<std::string, std::string>> read_git_blobs(const Context& context, const std::string& repository,
                                                          const std::vector<std::string>& ids);

}  // namespace pawl::os
