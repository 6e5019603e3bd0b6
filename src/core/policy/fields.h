#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "format/value.h"

namespace pawl::policy {

// A value and how an apiserver names the place it stands at: "spec.validations[0].expression".
struct At {
  const format::Value* value = nullptr;
  std::string path;
  Position position;  // of the nearest value that was written
  explicit operator bool() const { return value != nullptr; }
};

// Reads the fields of a Kubernetes object strictly, and notes all that is wrong in an apiserver's words.
class Fields {
 public:
  Fields(std::string_view file, std::string_view text) : file_(file), text_(text) {}

  // The field, or none where it is absent or null.
  At child(const At& parent, std::string_view name) const;
  std::vector<At> items(const At& list);
  // Whether it is a map; notes fields that are not among `known`, with "did you mean".
  bool open(const At& map, std::initializer_list<std::string_view> known);

  // The value of a field: "" and nothing noted where it is absent, noted where it is no string.
  std::string text(const At& parent, std::string_view name);
  std::optional<bool> flag(const At& parent, std::string_view name);
  std::vector<std::string> texts(const At& parent, std::string_view name);

  void required(const At& at, std::string_view name, std::string_view detail = {});
  void invalid(const At& at, std::string_view value, std::string_view detail);  // the value is quoted
  void invalid_json(const At& at, std::string_view detail);                     // the value as JSON
  void unsupported(const At& at, std::string_view value, std::initializer_list<std::string_view> supported);
  void duplicate(const At& at, std::string_view value);
  void forbidden(const At& at, std::string_view detail);
  void note(const At& at, std::string_view code, std::string summary, std::string help = {},
            std::string suggestion = {});

  bool failed() const { return !diagnostics_.empty(); }
  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  std::string file_;
  std::string_view text_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace pawl::policy
