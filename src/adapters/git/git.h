#pragma once

#include <memory>
#include <string>

#include "ports/target.h"

namespace pawl::git {

struct Options {
  std::string url;     // as os::check_git_url allows
  std::string branch;  // made by the first publish() where it is absent
  std::string folder;  // inside the branch; "" for its root
  std::string cache;   // a folder of this user's, for private bare clones
  std::string author = "Pawl <pawl@localhost>";
};

// A folder of a Git branch as a target: a commit a promotion, with the files and the receipt that the directory target
// has and trailers (Pawl-Project ... Pawl-Ledger-Index). Nothing is checked out, nothing is forced: foreign commits
// stay in the history, foreign files in the tree.
//
// A claim is a commit of its own ref, refs/pawl/claims/<digest of branch and folder>. Every publish() moves the branch
// and that ref in one atomic push, so that the server refuses a writer whose claim was passed on.
// Errors at every call: kInvalid for an URL, branch or folder that git may not be given; kDenied, kNotFound,
// kUnavailable from the remote.
std::shared_ptr<ports::Target> open_git(Options options);

}  // namespace pawl::git
