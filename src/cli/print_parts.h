#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/evidence.h"
#include "api/types.h"
#include "cli/terminal.h"

namespace pawl::cli {

// Pieces that several screens share. What others wrote is escaped by each of them.

// A status: a word, in colour, and on a terminal with a symbol before it.
std::string ok(const Terminal& t, std::string_view word);
std::string bad(const Terminal& t, std::string_view word);

std::string brief(const std::string& digest);  // "sha256:51c0d2e4aa10"
std::string next(const std::string& command);  // "Next: ..."
// The last line of a screen: a sentence, and behind it the one command to go on with; below it where it is long.
std::string closing(const std::string& sentence, const std::string& command);
std::string notes(const std::vector<std::string>& notes);

// A row a field that changed: sign, object, field, before -> after, where that comes from. Objects that all live in one
// namespace are named without it.
std::vector<Row> change_rows(const api::ChangesView& changes);
std::string short_name(const std::string& object, const std::string& space);
std::string common_namespace(const std::vector<api::ObjectView>& objects);
std::string counts(const api::ChangesView& changes);

// All gates on one line where all let it in; else a row a gate.
std::string gate_lines(const std::vector<api::GateView>& gates);
// A row a gate that waits or refuses, without its state.
std::string open_gate_lines(const std::string& head, const std::vector<api::GateView>& gates);

// A row a statement: what it is about, whether it counts, its type, who signed, when, and what is wrong with it.
std::string evidence_lines(const std::vector<api::EvidenceView>& evidence, const Terminal& t);

std::size_t passed(const std::vector<api::CheckView>& checks);

// A moment as people here say it: "2026-11-24 09:30", and "Tue 09:30" within a week before `now`. In local time.
std::string when(Time time);
std::string when(Time time, Time now);

}  // namespace pawl::cli
