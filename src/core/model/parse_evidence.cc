#include <fmt/format.h>

#include "core/model/condition.h"
#include "core/model/parse.h"

namespace pawl::model {

namespace {

EvidenceSubject subject_of(std::string_view word) {
  for (EvidenceSubject one : {EvidenceSubject::kRelease, EvidenceSubject::kSnapshot, EvidenceSubject::kImage}) {
    if (word == name_of(one)) return one;
  }
  return EvidenceSubject::kBundle;
}

// An expression is read when the file is, so that nobody finds out at night.
void check_condition(FieldReader& reader, const Node& node, const std::string& text) {
  const format::Value* at = reader.field(node, "condition");
  if (at == nullptr || !at->is_string()) return;
  Result<Condition> condition = Condition::compile(text);
  if (!condition)
    reader.error(*at, "expression", fmt::format("{}.condition: {}", node.where, condition.error().message),
                 "predicate, subject, statement and environment may be read");
}

}  // namespace

EvidenceGate parse_evidence(FieldReader& reader, const Node& node) {
  EvidenceGate gate;
  if (!reader.open(node)) return gate;
  gate.predicate_type = reader.text(node, "predicateType");
  gate.from = reader.texts(node, "from");
  gate.subject = subject_of(reader.text(node, "subject", "bundle"));
  gate.count = reader.count(node, "count", 1);
  gate.condition = reader.text(node, "condition");
  check_condition(reader, node, gate.condition);
  if (reader.field(node, "maxAge") != nullptr) gate.max_age = reader.duration(node, "maxAge");
  gate.verifier = reader.text(node, "verifier");
  gate.levels = reader.texts(node, "levels");
  gate.resource_uri = reader.text(node, "resourceUri");
  return gate;
}

}  // namespace pawl::model
