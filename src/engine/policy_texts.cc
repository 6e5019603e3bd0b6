#include "engine/policy_texts.h"

#include "core/policy/test_table.h"

namespace pawl::engine {

namespace {

bool is_hidden(std::string_view path) { return path.starts_with('.') || path.find("/.") != std::string_view::npos; }

}  // namespace

bool is_text_of_objects(std::string_view path) {
  bool named = path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
  return named && !is_hidden(path);
}

bool is_aside(const format::Value& document) {
  return policy::is_test_table(document) || document.string_at("kind") == "Kustomization";
}

}  // namespace pawl::engine
