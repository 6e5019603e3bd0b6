#pragma once

#include <array>

#include "core/model/content.h"
#include "format/codec.h"

// Fields of the content's small structs. Only core/model includes this.

namespace pawl::format {

template <>
struct EnumValues<model::Tier> {
  static constexpr std::array kAll = {model::Tier::kInfrastructure, model::Tier::kPlatform, model::Tier::kApplication};
};

}  // namespace pawl::format

namespace pawl::model {

template <class V>
void fields(V& v, Select& x) {
  v("kinds", x.kinds);
  v("names", x.names);
  v("namespaces", x.namespaces);
}
template <class V>
void fields(V& v, Split& x) {
  v("name", x.name);
  v("select", x.select);
  v("tier", x.tier);
}

}  // namespace pawl::model
