#include "engine/policy_digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/policy/read.h"
#include "engine/intact.h"
#include "engine/policy_sources.h"
#include "engine/policy_texts.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

using format::Kind;
using format::Value;

void append_text(std::string& out, std::string_view text) { out += fmt::format("{}:{}", text.size(), text); }

// A value exactly: 1 and 1.0 are two things to an expression, and one in canonical JSON.
void append(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      out += 'n';
      break;
    case Kind::kBool:
      out += value.as_bool() ? 't' : 'f';
      break;
    case Kind::kInt:
      out += fmt::format("i{};", value.as_int());
      break;
    case Kind::kUint:
      out += fmt::format("u{};", value.as_uint());
      break;
    case Kind::kFloat:
      out += fmt::format("d{:a};", value.as_double());
      break;
    case Kind::kString:
      append_text(out += 's', value.as_string());
      break;
    case Kind::kList:
      out += fmt::format("l{};", value.size());
      for (const Value& item : value.items()) append(out, item);
      break;
    case Kind::kMap:
      out += fmt::format("m{};", value.size());
      for (const format::Member& member : value.members()) {
        append_text(out, member.key);
        append(out, member.value);
      }
      break;
  }
}

std::string_view text_at(const Value& document, std::string_view map, std::string_view field) {
  const Value* at = document.at_path({map, field});
  return at == nullptr ? "" : at->string_or_empty();
}

// Gathers what is for one environment.
class InForce {
 public:
  InForce(const model::Configuration& configuration, const model::Environment& environment)
      : environment_(environment) {
    for (const model::PolicyBinding& binding : configuration.policy_bindings) {
      if (model::selects(binding.environments, environment)) bound_.insert(binding.policy);
    }
  }

  Status add(const format::FileTree& files) {
    for (const format::TreeFile& file : files) {
      if (!is_text_of_objects(file.path)) continue;
      PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(arena_, file.bytes, {.file = file.path}));
      for (const Value& document : documents) {
        if (!document.is_null() && !is_aside(document)) add(document);
      }
    }
    return {};
  }

  // Once everything was added: which policies are bound may stand behind them. Their order and that of bindings says
  // nothing; of two other objects that say they are the same, the first counts.
  crypto::Digest digest() && {
    for (const Value& policy : policies_) {
      if (bound_.contains(text_at(policy, "metadata", "name"))) append(rules_.emplace_back(), policy);
    }
    std::sort(rules_.begin(), rules_.end());
    std::string text = "pawl policies in force v1\n";
    for (const auto* part : {&rules_, &others_}) {
      text += fmt::format("{}\n", part->size());
      for (const std::string& one : *part) append_text(text, one);
    }
    return crypto::sha256(text);
  }

 private:
  void add(const Value& document) {
    const Value* items = document.find("items");
    if (document.string_at("kind").ends_with("List") && items != nullptr && items->is_list()) {
      for (const Value& item : items->items()) add(item);
    } else if (policy::is_binding(document)) {
      add_binding(document);
    } else if (policy::is_policy(document)) {
      policies_.push_back(document);
    } else {
      append(others_.emplace_back(), document);
    }
  }

  // One that cannot be understood is taken to hold here.
  void add_binding(const Value& document) {
    Result<policy::Binding> read = policy::read_binding(document);
    if (read && !model::selects(read->environments, environment_)) return;
    bound_.emplace(text_at(document, "spec", "policyName"));
    append(rules_.emplace_back(), document);
  }

  const model::Environment& environment_;
  format::Arena arena_;
  std::set<std::string, std::less<>> bound_;  // names of policies
  std::vector<Value> policies_;
  std::vector<std::string> rules_;   // bindings, and the policies that are bound
  std::vector<std::string> others_;  // in the order in which they are read
};

Result<crypto::Digest> read(World& world, const Context& context, const model::Configuration& configuration,
                            const model::Environment& environment) {
  PolicyFilesOf files_of = stored_policy_files(world, context);
  InForce out(configuration, environment);
  for (const model::PolicySource& source : configuration.policies) {
    PAWL_ASSIGN(format::FileTree files, files_of(source));
    PAWL_TRY(out.add(files));
  }
  return std::move(out).digest();
}

}  // namespace

std::optional<crypto::Digest> PolicyDigests::recall(const crypto::Digest& of) const {
  std::lock_guard lock(mutex_);
  auto found = known_.find(of);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void PolicyDigests::keep(const crypto::Digest& of, const crypto::Digest& found) {
  constexpr std::size_t kMostKept = 1000;
  std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKept) known_.clear();
  known_.insert_or_assign(of, found);
}

Result<crypto::Digest> digest_of_policies_in_force(World& world, const Context& context,
                                                   const model::Configuration& configuration,
                                                   const model::Environment& environment) {
  crypto::Digest all = model::digest_of_policies(configuration, environment);
  if (world.policy_digests) {
    if (std::optional<crypto::Digest> known = world.policy_digests->recall(all)) return *known;
  }
  Result<crypto::Digest> found = read(world, context, configuration, environment);
  if (!found && says_broken(found.error())) return all;
  if (found && world.policy_digests) world.policy_digests->keep(all, *found);
  return found;
}

}  // namespace pawl::engine
