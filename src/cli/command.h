#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/verb.h"

namespace pawl::cli {

class Session;

// Where an argument's value goes. The field belongs to whoever made the command, and lives as long as it.
struct Slot {
  api::Argument argument;
  std::variant<bool*, std::string*, std::vector<std::string>*, std::uint64_t*> field;

  bool is_flag() const { return std::holds_alternative<bool*>(field); }
  bool is_list() const { return std::holds_alternative<std::vector<std::string>*>(field); }
};

// A verb that can be typed.
struct Command {
  api::Verb verb;
  std::vector<Slot> slots;
  std::function<int(Session&)> run;  // after the fields were filled; returns the exit status
};

// Collects the slots of a request: arguments(binder, request).
class Binder {
 public:
  explicit Binder(std::vector<Slot>& slots) : slots_(slots) {}
  template <class T>
  void operator()(T& field, const api::Argument& argument) {
    slots_.push_back({argument, &field});
  }

 private:
  std::vector<Slot>& slots_;
};

// The argument that the word of a command line names: "--to", "--to=dev", "-o", "-ojson"; a verb's own go before those
// of every verb. Null where there is none. `own` may be null.
const Slot* find_option(const Command* own, std::span<const Slot> globals, std::string_view word);
// How a positional argument is written in a usage line: "RELEASE".
std::string upper_case(std::string_view name);

// Every verb, the service's and the local ones, in the order of the help.
std::vector<Command> all_commands();
// The command of a name ("audit log"); null where there is none.
const Command* find_command(const std::vector<Command>& commands, std::string_view name);

}  // namespace pawl::cli
