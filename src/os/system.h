#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/time.h"

namespace pawl::os {

Time wall_clock();
std::string random_bytes(std::size_t count);  // from the kernel
std::optional<std::string> environment(const char* name);
std::string user_name();  // of the effective user; "uid-1000" where it has no name
std::string host_name();
unsigned processor_count();
bool is_terminal(int descriptor);
int terminal_width();  // columns of standard output; 80 where unknown
// XDG base folders of this user: "config", "state" or "cache", with the specification's defaults; ends in "/pawl".
std::string user_folder(const std::string& kind);

}  // namespace pawl::os
