#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "format/value.h"

namespace pawl::cli {

// Pages of the help, made of the table of verbs: the common verbs first, in groups; examples before everything else.
std::string front_page(const std::vector<Command>& commands);
std::string verb_page(const Command& command, std::span<const Slot> globals);
std::string group_page(const std::vector<Command>& commands,
                       std::string_view group);  // "audit": audit log, audit verify
// `pawl help TOPIC`: exit-codes, environment; nullopt for others.
std::optional<std::string> topic(std::string_view name);
// The table itself: {verbs: [{name, group, changes, summary, examples, arguments: [...]}]}.
format::Value describe_verbs(format::Arena& arena, const std::vector<Command>& commands);

bool is_hidden(const Command& command);
std::string usage_line(const Command& command);          // "pawl promote [RELEASE] --to ENVIRONMENT"
std::string placeholder(const api::Argument& argument);  // "ENVIRONMENT"

}  // namespace pawl::cli
