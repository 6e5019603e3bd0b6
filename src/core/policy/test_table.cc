#include "core/policy/test_table.h"

#include <set>

#include "core/model/names.h"
#include "core/policy/fields.h"
#include "core/policy/resource.h"

namespace pawl::policy {

namespace {

using Answer = Expectation::Answer;

class TableReader {
 public:
  explicit TableReader(Fields& fields) : fields_(fields) {}

  TestTable read(const At& document) {
    TestTable made;
    if (!fields_.open(document, {"apiVersion", "kind", "policies", "facts", "params", "userInfo", "cases"}))
      return made;
    if (fields_.text(document, "apiVersion") != std::string(model::kApiGroup) + "/v1alpha1")
      fields_.unsupported(fields_.child(document, "apiVersion"), document.value->string_at("apiVersion"),
                          {"pawl.dev/v1alpha1"});
    made.policies = read_policies(document);
    for (const At& at : fields_.items(fields_.child(document, "facts"))) made.facts.push_back(read_fact(at));
    made.params = map_of(document, "params");
    made.user_info = read_user_info(document);
    for (const At& at : fields_.items(fields_.child(document, "cases"))) made.cases.push_back(read_case(at));
    return made;
  }

 private:
  std::vector<TestSource> read_policies(const At& document) {
    std::vector<TestSource> made;
    for (const At& at : fields_.items(fields_.child(document, "policies"))) {
      if (!at.value->is_string()) fields_.note(at, "wrong-type", at.path + " must be a file, a folder or library/NAME");
      made.push_back({{}, std::string(at.value->string_or_empty()), at.position});
    }
    if (made.empty()) fields_.required(document, "policies", "name the files that the policies are in");
    return made;
  }

  TestSource read_fact(const At& at) {
    if (!at.value->is_string() && !at.value->is_map())
      fields_.note(at, "wrong-type", at.path + " must be an object, or a file that holds some");
    return {at.value->is_map() ? *at.value : format::Value(), std::string(at.value->string_or_empty()), at.position};
  }

  format::Value map_of(const At& parent, std::string_view name) {
    At at = fields_.child(parent, name);
    if (at && !at.value->is_map()) fields_.note(at, "wrong-type", at.path + " must be a map");
    return at && at.value->is_map() ? *at.value : format::Value();
  }

  format::Value read_user_info(const At& parent) {
    At at = fields_.child(parent, "userInfo");
    if (!at || !fields_.open(at, {"username", "uid", "groups", "extra"})) return {};
    fields_.text(at, "username");
    fields_.text(at, "uid");
    fields_.texts(at, "groups");
    map_of(at, "extra");
    return *at.value;
  }

  format::Value read_namespace(const At& parent) {
    format::Value made = map_of(parent, "namespace");
    At at = fields_.child(parent, "namespace");
    if (made.is_map() && made.find("kind") == nullptr) fields_.open(at, {"name", "labels", "annotations"});
    return made;
  }

  // `object` or `objectFrom`.
  TestSource read_object(const At& parent, std::string_view name) {
    std::string from = std::string(name) + "From";
    At at = fields_.child(parent, name), file = fields_.child(parent, from);
    if (at && file) fields_.forbidden(file, std::string(name) + " and " + from + " are mutually exclusive");
    format::Value value = map_of(parent, name);
    if (value.is_map() && (value.string_at("kind").empty() || value.string_at("apiVersion").empty()))
      fields_.required(at, value.string_at("kind").empty() ? "kind" : "apiVersion");
    return {value, fields_.text(parent, from), file ? file.position : at.position};
  }

  TestCase read_case(const At& at) {
    TestCase made;
    made.at = at.position;
    if (!fields_.open(at, {"name", "object", "objectFrom", "oldObject", "oldObjectFrom", "params", "namespace",
                           "userInfo", "expect"}))
      return made;
    made.name = fields_.text(at, "name");
    if (made.name.empty())
      fields_.required(at, "name");
    else if (!names_.insert(made.name).second)
      fields_.duplicate(fields_.child(at, "name"), made.name);
    made.object = read_object(at, "object");
    made.old_object = read_object(at, "oldObject");
    bool none = !fields_.child(at, "object") && !fields_.child(at, "objectFrom") && !fields_.child(at, "oldObject") &&
                !fields_.child(at, "oldObjectFrom");
    if (none) fields_.required(at, "object");
    made.params = map_of(at, "params");
    made.space = read_namespace(at);
    made.user_info = read_user_info(at);
    made.expect = read_expectation(at);
    return made;
  }

  Expectation read_expectation(const At& parent) {
    Expectation made;
    At at = fields_.child(parent, "expect");
    if (!at) {
      fields_.required(parent, "expect");
    } else if (at.value->is_string()) {
      made.answer = read_answer(at);
    } else if (fields_.open(at, {"denied", "warnings"})) {
      for (const At& denial : fields_.items(fields_.child(at, "denied"))) made.denials.push_back(read_denial(denial));
      if (!made.denials.empty()) made.answer = Answer::kDenied;
      if (At warnings = fields_.child(at, "warnings")) made.warnings = fields_.texts(at, "warnings");
    }
    return made;
  }

  Answer read_answer(const At& at) {
    std::string_view word = at.value->as_string();
    if (word == "denied") return Answer::kDenied;
    if (word == "unmatched") return Answer::kUnmatched;
    if (word != "allowed") fields_.unsupported(at, word, {"allowed", "denied", "unmatched"});
    return Answer::kAllowed;
  }

  ExpectedDenial read_denial(const At& at) {
    if (at.value->is_string()) return {{}, {}, std::string(at.value->as_string())};
    ExpectedDenial made;
    if (!fields_.open(at, {"policy", "validation", "message"})) return made;
    made.policy = fields_.text(at, "policy");
    made.message = fields_.text(at, "message");
    At index = fields_.child(at, "validation");
    if (index && !(index.value->is_int() && index.value->as_int() >= 0))
      fields_.note(index, "wrong-type", index.path + " must be the number of a validation, from 0");
    else if (index)
      made.validation = index.value->as_uint();
    return made;
  }

  Fields& fields_;
  std::set<std::string> names_;
};

}  // namespace

bool is_test_table(const format::Value& document) {
  return document.string_at("kind") == "PolicyTest" && kind_of(document).group == model::kApiGroup;
}

Result<TestTable> read_test_table(const format::Value& document, const ReadOptions& options) {
  Fields fields(options.file, options.text);
  TestTable made = TableReader(fields).read({&document, "", document.at()});
  if (fields.failed()) return invalid_files(fields.take());
  return made;
}

}  // namespace pawl::policy
