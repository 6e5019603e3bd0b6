#include "core/policy/admission_types.h"

namespace pawl::policy {

namespace {

using cel::Type;

Type text() { return Type::simple(Type::Kind::kString); }
Type texts() { return Type::list(text()); }
Type integer() { return Type::simple(Type::Kind::kInt); }
Type time() { return Type::simple(Type::Kind::kTimestamp); }

Type record(std::string name, std::vector<cel::RecordType::Field> fields) {
  return Type::record(std::make_shared<cel::RecordType>(cel::RecordType{std::move(name), std::move(fields)}));
}

}  // namespace

Type request_type() {
  Type kind = record("kubernetes.GroupVersionKind", {{"group", text()}, {"version", text()}, {"kind", text()}});
  Type resource =
      record("kubernetes.GroupVersionResource", {{"group", text()}, {"version", text()}, {"resource", text()}});
  Type user =
      record("kubernetes.UserInfo",
             {{"username", text()}, {"uid", text()}, {"groups", texts()}, {"extra", Type::map(text(), texts())}});
  return record("kubernetes.AdmissionRequest", {{"kind", kind},
                                                {"resource", resource},
                                                {"subResource", text()},
                                                {"requestKind", kind},
                                                {"requestResource", resource},
                                                {"requestSubResource", text()},
                                                {"name", text()},
                                                {"namespace", text()},
                                                {"operation", text()},
                                                {"userInfo", user},
                                                {"dryRun", Type::simple(Type::Kind::kBool)},
                                                {"options", Type::dyn()}});
}

Type namespace_type() {
  Type condition = record(
      "kubernetes.NamespaceCondition",
      {{"status", text()}, {"type", text()}, {"lastTransitionTime", time()}, {"message", text()}, {"reason", text()}});
  Type metadata = record("kubernetes.NamespaceMetadata", {{"name", text()},
                                                          {"generateName", text()},
                                                          {"namespace", text()},
                                                          {"labels", Type::map(text(), text())},
                                                          {"annotations", Type::map(text(), text())},
                                                          {"UID", text()},
                                                          {"creationTimestamp", time()},
                                                          {"deletionGracePeriodSeconds", integer()},
                                                          {"deletionTimestamp", time()},
                                                          {"generation", integer()},
                                                          {"resourceVersion", text()},
                                                          {"finalizers", texts()}});
  Type spec = record("kubernetes.NamespaceSpec", {{"finalizers", texts()}});
  Type status = record("kubernetes.NamespaceStatus", {{"conditions", Type::list(condition)}, {"phase", text()}});
  return record("kubernetes.Namespace", {{"metadata", metadata}, {"spec", spec}, {"status", status}});
}

}  // namespace pawl::policy
