#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace pawl::render {

// A place in a template that asks for what no release decides: time, chance, the cluster, the machine.
struct TemplateUse {
  std::string name;  // "now", "randAlphaNum", ".Capabilities"
  Position at;
  auto operator<=>(const TemplateUse&) const = default;
};

// Every such use in the actions ({{ ... }}) of a Go template, in order. Text outside of actions, comments and plain
// strings say nothing; a string that holds actions of its own (for `tpl`) is looked into. Fields and variables of such
// a name (.Values.date, $now) are none. Never fails: what is no template has no uses, or those in front of the mistake.
std::vector<TemplateUse> scan_template(std::string_view text);

// What `tpl` may do to other text decides which files are templates too.
struct TemplateTraits {
  bool tpl = false;      // it calls tpl
  bool files = false;    // it reads .Files
  bool defines = false;  // it holds a define or a block
};
TemplateTraits traits_of(std::string_view text);

}  // namespace pawl::render
