// Runs cases of cel-spec's conformance suite: cel_conformance FILE. A case is an object with "suite", "name", "expr"
// and what is expected: "value", "evalError", "typedResult" or "checked_type". Cases marked "needs_protobuf" are left
// out.
#include <cmath>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "core/cel/program.h"
#include "core/cel/text.h"
#include "core/cel/time.h"
#include "format/json.h"
#include "os/file.h"
#include "tests/cel/zones.h"

namespace pawl {
namespace {

using cel::Type;
using cel::Value;

// Cases that are wrong, with the reason. (None.)
const std::set<std::string> kDisputed = {};

Type primitive(std::string_view name) {
  using Kind = Type::Kind;
  if (name == "BOOL") return Type::simple(Kind::kBool);
  if (name == "INT64") return Type::simple(Kind::kInt);
  if (name == "UINT64") return Type::simple(Kind::kUint);
  if (name == "DOUBLE") return Type::simple(Kind::kDouble);
  if (name == "STRING") return Type::simple(Kind::kString);
  if (name == "BYTES") return Type::simple(Kind::kBytes);
  return Type::dyn();
}

Type type_of(const format::Value& json);

std::vector<Type> types_of(const format::Value* list) {
  std::vector<Type> types;
  if (list != nullptr)
    for (const format::Value& item : list->items()) types.push_back(type_of(item));
  return types;
}

Type type_of(const format::Value& json) {
  if (const format::Value* name = json.find("primitive")) return primitive(name->as_string());
  if (json.find("null") != nullptr) return Type::simple(Type::Kind::kNull);
  if (const format::Value* list = json.find("listType")) {
    const format::Value* item = list->find("elemType");
    return Type::list(item != nullptr ? type_of(*item) : Type::dyn());
  }
  if (const format::Value* map = json.find("mapType")) {
    const format::Value* key = map->find("keyType");
    const format::Value* value = map->find("valueType");
    return Type::map(key != nullptr ? type_of(*key) : Type::dyn(), value != nullptr ? type_of(*value) : Type::dyn());
  }
  if (const format::Value* name = json.find("typeParam")) return Type::parameter(std::string(name->as_string()));
  if (const format::Value* of = json.find("type")) {
    bool any = of->find("typeKind") != nullptr || of->size() > 0;
    return any ? Type::type_of(type_of(*of)) : Type::simple(Type::Kind::kType);
  }
  if (const format::Value* name = json.find("wellKnown")) {
    if (name->as_string() == "DURATION") return Type::simple(Type::Kind::kDuration);
    if (name->as_string() == "TIMESTAMP") return Type::simple(Type::Kind::kTimestamp);
  }
  if (const format::Value* abstract = json.find("abstractType")) {
    std::vector<Type> parameters = types_of(abstract->find("parameterTypes"));
    std::string name(abstract->string_at("name"));
    return name == "optional_type" && parameters.size() == 1 ? Type::optional(parameters[0])
                                                             : Type::opaque(name, parameters);
  }
  return Type::dyn();
}

double double_of(const format::Value& json) {
  if (!json.is_string()) return json.as_double();
  std::string_view text = json.as_string();
  if (text == "Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  return std::nan("");
}

Value object_of(const format::Value& object) {
  std::string_view type = object.string_at("@type");
  std::string text(object.string_at("value"));
  if (type.ends_with("google.protobuf.Duration"))
    if (auto duration = cel::parse_duration(text)) return Value::duration(*duration);
  if (type.ends_with("google.protobuf.Timestamp"))
    if (auto at = cel::parse_timestamp(text)) return Value::timestamp(*at);
  return Value::error("an object that is not known");
}

Value value_of(const format::Value& json, cel::Arena& arena) {
  if (const format::Value* v = json.find("boolValue")) return Value::boolean(v->as_bool());
  if (const format::Value* v = json.find("stringValue")) return Value::string(arena, v->as_string());
  if (const format::Value* v = json.find("int64Value")) return Value::integer(std::stoll(std::string(v->as_string())));
  if (const format::Value* v = json.find("uint64Value"))
    return Value::uinteger(std::stoull(std::string(v->as_string())));
  if (const format::Value* v = json.find("doubleValue")) return Value::number(double_of(*v));
  if (const format::Value* v = json.find("bytesValue"))
    return Value::bytes(arena.copy(from_base64(v->as_string()).value()));
  if (const format::Value* v = json.find("typeValue")) return Value::type(arena.copy(v->as_string()));
  if (const format::Value* v = json.find("objectValue")) return object_of(*v);
  if (const format::Value* v = json.find("listValue")) {
    std::vector<Value> items;
    if (const format::Value* values = v->find("values"))
      for (const format::Value& item : values->items()) items.push_back(value_of(item, arena));
    return Value::list(arena.copy(std::span<const Value>(items)));
  }
  if (const format::Value* v = json.find("mapValue")) {
    std::vector<cel::MapEntry> entries;
    if (const format::Value* values = v->find("entries"))
      for (const format::Value& entry : values->items())
        entries.push_back({value_of(*entry.find("key"), arena), value_of(*entry.find("value"), arena)});
    return Value::map(arena, entries);
  }
  return Value::null();
}

// Strictly: of one type, and NaN is NaN.
bool same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is_double()) return a.as_double() == b.as_double() || (std::isnan(a.as_double()) && std::isnan(b.as_double()));
  if (a.is_list()) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!same(a.item(i), b.item(i))) return false;
    return true;
  }
  if (a.is_map()) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (Value other = b.find(a.key(i)); other.is_absent() || !same(a.entry(i), other)) return false;
    return true;
  }
  return cel::equal(a, b);
}

class Case {
 public:
  Case(const format::Value& json, const cel::Environment& base, const cel::TimeZones& zones)
      : json_(json), environment_(base) {
    environment_.set_time_zones(zones);
    environment_.set_container(std::string(json.string_at("container")));
    if (const format::Value* declarations = json.find("typeEnv"))
      for (const format::Value& declaration : declarations->items()) declare(declaration);
    if (const format::Value* bindings = json.find("bindings"))
      for (const format::Member& binding : bindings->members())
        if (!environment_.index_of(binding.key)) environment_.declare(std::string(binding.key), Type::dyn());
  }

  // Returns what is wrong, or nothing.
  std::string run() {
    bool unchecked = flag("disableCheck");
    std::string_view text = json_.string_at("expr");
    Result<cel::Program> program =
        unchecked ? cel::Program::compile_unchecked(environment_, text) : cel::Program::compile(environment_, text);
    bool expects_error = json_.find("evalError") != nullptr;
    if (!program) return expects_error ? "" : program.error().message;
    if (!unchecked)
      if (std::string problem = type_problem(*program); !problem.empty()) return problem;
    if (flag("checkOnly")) return "";
    return value_problem(*program, expects_error);
  }

 private:
  bool flag(std::string_view name) const {
    const format::Value* found = json_.find(name);
    return found != nullptr && found->is_bool() && found->as_bool();
  }

  void declare(const format::Value& declaration) {
    std::string name(declaration.string_at("name"));
    if (const format::Value* ident = declaration.find("ident")) {
      const format::Value* type = ident->find("type");
      environment_.declare(name, type != nullptr ? type_of(*type) : Type::dyn());
    }
    const format::Value* function = declaration.find("function");
    if (function == nullptr) return;
    for (const format::Value& json : function->find("overloads")->items()) {
      cel::Overload overload{.id = std::string(json.string_at("overloadId"))};
      const format::Value* receiver = json.find("isInstanceFunction");
      overload.receiver = receiver != nullptr && receiver->as_bool();
      overload.arguments = types_of(json.find("params"));
      overload.result = type_of(*json.find("resultType"));
      environment_.declare_function(name, std::move(overload));
    }
  }

  std::string type_problem(const cel::Program& program) const {
    const format::Value* typed = json_.find("typedResult");
    const format::Value* deduced = typed != nullptr ? typed->find("deducedType") : nullptr;
    std::string_view checked = json_.string_at("checked_type");
    std::string got = program.type().text();
    if (deduced != nullptr && got == type_of(*deduced).text()) return "";
    if (deduced == nullptr && checked.empty()) return "";
    if (got == checked) return "";
    return "type " + got + " instead of " + std::string(checked);
  }

  std::string value_problem(const cel::Program& program, bool expects_error) {
    cel::Arena arena;
    cel::Activation activation(environment_);
    if (const format::Value* bindings = json_.find("bindings"))
      for (const format::Member& binding : bindings->members())
        if (const format::Value* value = binding.value.find("value"))
          activation.bind(binding.key, value_of(*value, arena));
    cel::Evaluation got = program.evaluate(activation, arena, {.cost = 100'000'000});
    if (expects_error) return got.value.is_error() ? "" : "a value instead of an error: " + cel::display(got.value);
    const format::Value* wanted = json_.find("value");
    const format::Value* typed = json_.find("typedResult");
    if (wanted == nullptr && typed != nullptr) wanted = typed->find("result");
    // The suite leaves out a result that is `true`.
    Value expected = wanted != nullptr ? value_of(*wanted, arena) : Value::boolean(true);
    if (same(got.value, expected)) return "";
    return (got.value.is_error() ? "error " : "value ") + cel::display(got.value) + " instead of " +
           cel::display(expected);
  }

  const format::Value& json_;
  cel::Environment environment_;
};

int run(const std::string& path) {
  Result<std::string> text = os::read_file(path, 256u << 20);
  if (!text) {
    std::printf("%s: %s\n", path.c_str(), text.error().text().c_str());
    return 2;
  }
  format::JsonOptions options;
  options.max_bytes = 256u << 20;
  Result<format::Document> document = format::parse_json_document(std::move(*text), options);
  if (!document) {
    std::printf("%s: %s\n", path.c_str(), document.error().text().c_str());
    return 2;
  }
  cel_testing::SystemZones zones;
  cel::Environment base(cel::Dialect::kStandard);
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const format::Value& json : document->root.items()) {
    const format::Value* protobuf = json.find("needs_protobuf");
    if (protobuf != nullptr && protobuf->is_bool() && protobuf->as_bool()) continue;
    std::string name = std::string(json.string_at("suite")) + "/" + std::string(json.string_at("name"));
    if (kDisputed.contains(name)) continue;
    std::string problem = Case(json, base, zones).run();
    ++(problem.empty() ? passed : failed);
    if (!problem.empty())
      std::printf("FAILED %s: %s\n    %s\n", name.c_str(), std::string(json.string_at("expr")).c_str(),
                  problem.c_str());
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace pawl

int main(int argc, char** argv) {
  if (argc != 2) {
    std::printf("cel_conformance FILE\n");
    return 2;
  }
  return pawl::run(argv[1]);
}
