#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/types.h"
#include "cli/terminal.h"

namespace pawl::cli {

// Pieces that several screens share.
std::string ok(const Terminal& t, std::string_view word);
std::string bad(const Terminal& t, std::string_view word);
std::string brief(const std::string& digest);  // "sha256:51c0d2e4aa10"
std::string next(const std::string& command);  // "Next: ..."
std::string notes(const std::vector<std::string>& notes);
std::string sign(std::string_view change, const Terminal& t);  // + - ~
std::string changes(const api::ChangesView& changes, const Terminal& t);
std::string counts(const api::ChangesView& changes);
// One line a gate; `only_open` leaves out those that passed.
std::string gate_lines(const std::string& head, const std::vector<api::GateView>& gates, bool only_open);
std::size_t passed(const std::vector<api::CheckView>& checks);
std::string when(Time time);  // "2026-11-24 09:30"

}  // namespace pawl::cli
