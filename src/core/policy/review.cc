#include "core/policy/review.h"

#include "base/check.h"

namespace pawl::policy {

namespace {

using format::Value;

Value kind_value(format::Arena& arena, const Kind& kind) {
  Value made = Value::map();
  made.set(arena, "group", kind.group);
  made.set(arena, "version", kind.version);
  made.set(arena, "kind", kind.kind);
  return made;
}

Value resource_value(format::Arena& arena, const Resource& resource) {
  Value made = Value::map();
  made.set(arena, "group", resource.group);
  made.set(arena, "version", resource.version);
  made.set(arena, "resource", resource.plural);
  return made;
}

void set_unless_empty(format::Arena& arena, Value& map, std::string_view key, std::string_view text) {
  if (!text.empty()) map.set(arena, key, text);
}

}  // namespace

Review review_of(ResourceOf of, const Value* old_object, const Value* object) {
  check(old_object != nullptr || object != nullptr, "a review of no object");
  Review made;
  made.operation = old_object == nullptr ? Operation::kCreate
                   : object == nullptr   ? Operation::kDelete
                                         : Operation::kUpdate;
  const Value& known = object != nullptr ? *object : *old_object;
  made.object = object;
  made.old_object = old_object;
  if (const Value* metadata = known.find("metadata")) {
    made.name = metadata->string_at("name");
    if (of.namespaced) made.space = metadata->string_at("namespace");
  }
  if (of.resource == Resource{"", "v1", "namespaces"}) made.space = made.name;
  made.of = std::move(of);
  return made;
}

Value request_value(format::Arena& arena, const Review& review, const Kind& kind, const Resource& resource) {
  Value made = Value::map();
  made.set(arena, "uid", "");
  made.set(arena, "kind", kind_value(arena, kind));
  made.set(arena, "resource", resource_value(arena, resource));
  set_unless_empty(arena, made, "subResource", review.subresource);
  made.set(arena, "requestKind", kind_value(arena, review.of.kind));
  made.set(arena, "requestResource", resource_value(arena, review.of.resource));
  set_unless_empty(arena, made, "requestSubResource", review.subresource);
  set_unless_empty(arena, made, "name", review.name);
  set_unless_empty(arena, made, "namespace", review.space);
  made.set(arena, "operation", name_of(review.operation));
  made.set(arena, "userInfo", review.user_info != nullptr ? *review.user_info : Value::map());
  made.set(arena, "object", Value::null());
  made.set(arena, "oldObject", Value::null());
  made.set(arena, "dryRun", Value::boolean(review.dry_run));
  made.set(arena, "options", review.options != nullptr ? *review.options : Value::null());
  return made;
}

}  // namespace pawl::policy
