#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/label_selector.h"
#include "core/policy/resource.h"
#include "format/value.h"

namespace pawl::policy {

// What policies know beside the object they judge: namespaces, params, and which kinds there are.
class Facts {
 public:
  // Adds an object of the configuration or of the bundle; it must outlive the facts. Of objects that say they are the
  // same one, that counts which was added first: add the configuration before the bundle, so that no release brings the
  // params of the policies that judge it.
  void add(const format::Value& object);

  const Resources& resources() const { return resources_; }
  // The namespace as it was added, or null.
  const format::Value* find_namespace(std::string_view name) const;
  // The namespace as expressions read it (`namespaceObject`), or null.
  const format::Value* namespace_object(std::string_view name) const;

  // A param by its group and kind, in any version.
  const format::Value* find_param(const Kind& kind, std::string_view space, std::string_view name) const;
  // Those that the selector selects, by namespace and name. `space` "": of all namespaces.
  std::vector<const format::Value*> select_params(const Kind& kind, std::string_view space,
                                                  const LabelSelector& selector) const;
  // Whether objects of the kind stand in namespaces: as declared, else as the objects that are there do.
  enum class Scope : std::uint8_t { kUnknown, kCluster, kNamespaced };
  Scope scope_of(const Kind& kind) const;

 private:
  struct Namespace {
    const format::Value* object = nullptr;
    format::Value as_read;
  };
  using ByName = std::map<std::pair<std::string, std::string>, const format::Value*>;  // namespace, name
  const ByName* objects_of(const Kind& kind) const;

  Resources resources_;
  std::map<std::string, Namespace, std::less<>> namespaces_;
  std::map<std::pair<std::string, std::string>, ByName> objects_;  // by group and kind
  format::Arena arena_;
};

}  // namespace pawl::policy
