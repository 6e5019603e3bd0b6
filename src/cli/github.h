#pragma once

#include <string>

#include "base/error.h"

namespace pawl::cli {

// What a run of GitHub Actions shows, where GITHUB_ACTIONS=true; nothing elsewhere.

// A workflow command a diagnostic, on standard error: ::error file=pawl.yaml,line=14,col=7::...
void annotate_for_github(const Error& error);
// Appends what a verb printed to the file GITHUB_STEP_SUMMARY. A summary that cannot be written is not missed.
void summarise_for_github(const std::string& line, const std::string& text, int exit);

// The texts of the two.
std::string github_annotations(const Error& error);
std::string github_summary(const std::string& line, const std::string& text, int exit);

}  // namespace pawl::cli
