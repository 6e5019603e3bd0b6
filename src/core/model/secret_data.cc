#include "core/model/secret_data.h"

namespace pawl::model {

using format::Value;

bool is_secret(const Value& object) { return object.string_at("kind") == "Secret" && object.string_at("apiVersion") == "v1"; }

Value redact(format::Arena& arena, const Value& object) {
  if (!is_secret(object)) return object;
  Value copy = object.clone(arena);
  for (std::string_view field : {"data", "stringData"}) {
    Value* data = copy.find(field);
    if (data == nullptr) continue;
    if (!data->is_map()) *data = Value::string_ref(kHidden);
    for (format::Member& member : data->members()) member.value = Value::string_ref(kHidden);
  }
  Value* metadata = copy.find("metadata");
  Value* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  if (annotations == nullptr) return copy;
  // kubectl keeps a whole copy of the object, values included, in this annotation.
  if (Value* applied = annotations->find("kubectl.kubernetes.io/last-applied-configuration")) *applied = Value::string_ref(kHidden);
  return copy;
}

}  // namespace pawl::model
