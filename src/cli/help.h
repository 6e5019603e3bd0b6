#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::cli {

// The front page of the help: the common verbs first, in groups.
std::string front_page();
// `pawl help TOPIC`: exit-codes, environment; nullopt for others.
std::optional<std::string> topic(std::string_view name);
// Examples of a verb; "" where there are none.
std::string_view examples(std::string_view verb);
// A completion script for bash, zsh or fish; nullopt for other shells.
std::optional<std::string> completion(std::string_view shell, const std::string& verbs);

}  // namespace pawl::cli
