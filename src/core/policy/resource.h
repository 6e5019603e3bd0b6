#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/value.h"

namespace pawl::policy {

struct Kind {
  std::string group, version, kind;
  auto operator<=>(const Kind&) const = default;
  // As Kubernetes prints it in messages: "apps/v1, Kind=Deployment".
  std::string str() const { return group + "/" + version + ", Kind=" + kind; }
};
// Of "apps/v1" and "Deployment".
Kind kind_of(std::string_view api_version, std::string_view kind);
Kind kind_of(const format::Value& object);

// What rules of policies call a kind: the plural in URLs.
struct Resource {
  std::string group, version, plural;
  auto operator<=>(const Resource&) const = default;
};

// A kind, its resource, and whether its objects stand in namespaces.
struct ResourceOf {
  Kind kind;
  Resource resource;
  bool namespaced = true;
  bool operator==(const ResourceOf&) const = default;
};

// Which kinds there are: those that a Kubernetes 1.34 apiserver serves from the start, Pawl's own (pawl.dev), and those
// that CustomResourceDefinitions add.
class Resources {
 public:
  Resources();

  // Adds what a CustomResourceDefinition declares; any other object is ignored.
  void add(const format::Value& object);

  // Errors: kNotFound for a kind that nothing declares, with the way out. guess() is another.
  Result<ResourceOf> resource_of(const Kind& kind) const;
  const ResourceOf* find(const Kind& kind) const;
  // By group and kind, in any version.
  const ResourceOf* find_any_version(const Kind& kind) const;

  // The other resources that hold the same objects (matchPolicy Equivalent): the served versions of a
  // CustomResourceDefinition, and what Kubernetes itself serves twice.
  std::vector<ResourceOf> equivalents(const Resource& resource) const;
  // Whether an object of `from` is one of `to` but for its apiVersion. Every other conversion takes an apiserver.
  bool converts_by_name(const Kind& from, const Kind& to) const;

 private:
  void add(ResourceOf resource);

  std::map<Kind, ResourceOf> kinds_;
  std::map<std::string, std::set<Kind>, std::less<>> by_plural_;
  std::set<std::pair<std::string, std::string>> by_name_;  // group and kind of definitions without a conversion
};

// The resource of an object: as it is declared, else as it is guessed.
ResourceOf resource_of(const Resources& resources, const format::Value& object);
// As Kubernetes guesses the resource of a kind it has never heard of: lower case, "es" behind an s, "ies" for a y.
ResourceOf guess(const Kind& kind, bool namespaced);

}  // namespace pawl::policy
