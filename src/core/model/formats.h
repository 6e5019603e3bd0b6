#pragma once

#include <string>
#include <string_view>

#include "core/model/definitions.h"

namespace pawl::model {

// What is wrong with `text` as a value of `type`, as a clause ("it begins with -"); "" when nothing is, and for types
// that any string fits. Names, cron schedules (five fields, crontab(5)), time zones, Git URLs, branches and tags
// (git-check-ref-format) and versions end up in paths, keys and other programs' arguments: what could be read there as
// an option, a path or a command is refused here.
std::string problem_with(FieldType type, std::string_view text);

// Whether a Git URL carries a password, which no file of a project may hold and no message may show.
bool holds_password(std::string_view url);

}  // namespace pawl::model
