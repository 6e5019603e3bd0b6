#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/render/types.h"

namespace pawl::render {

// Parts of "a/b", where "\/" is a slash inside a part and a leading slash counts for nothing.
std::vector<std::string> split_path(std::string_view path, char separator);

// What is put where a path leads to nothing.
enum class Create : std::uint8_t { kNothing, kScalar, kMap };

using Visit = std::function<Status(format::Value& at)>;

// A field spec that is ready for work.
class FieldPath {
 public:
  explicit FieldPath(const FieldSpec& spec);

  const FieldSpec& spec() const { return spec_; }
  // Whether it is for objects of this kind.
  bool is_for(const Gvk& gvk) const { return gvk.selected_by(spec_.gvk); }
  // Calls `visit` with every value at the path, in every element of the lists on the way; null is a value too. Where
  // the spec says so, what is missing is made. Errors: kInvalid where a scalar stands in the way; those of `visit`.
  Status apply(format::Arena& arena, format::Value& object, Create create, const Visit& visit) const;

 private:
  struct Part {
    std::string name;
    bool list = false;
  };
  struct Walk;

  FieldSpec spec_;
  std::vector<Part> parts_;
};
std::vector<FieldPath> field_paths(std::span<const FieldSpec> specs);

// Applies each of the paths that are for the object.
Status apply_all(std::span<const FieldPath> paths, format::Arena& arena, format::Value& object, Create create,
                 const Visit& visit);

}  // namespace pawl::render
