#include "core/render/name_reference.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "core/render/scalar.h"
#include "core/render/trace.h"

namespace pawl::render {

using format::Value;

namespace {

using Candidates = std::vector<const Item*>;

// Whether the shorter of two lists is the end of the longer; an empty one only of an empty one.
bool same_ending(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty();
  std::size_t n = std::min(a.size(), b.size());
  return std::equal(a.end() - static_cast<std::ptrdiff_t>(n), a.end(), b.end() - static_cast<std::ptrdiff_t>(n));
}

bool same_affixes(const Item& a, const Item& b, bool empty_fits) {
  auto fits = [&](const auto& x, const auto& y) {
    return (empty_fits && (x.empty() || y.empty())) || same_ending(x, y);
  };
  return fits(a.prefixes, b.prefixes) && fits(a.suffixes, b.suffixes);
}

bool all_agree(const Candidates& candidates, bool with_space) {
  return std::all_of(candidates.begin(), candidates.end(), [&](const Item* item) {
    return item->name() == candidates[0]->name() && (!with_space || item->space() == candidates[0]->space());
  });
}

// The references of one object.
class Referrer {
 public:
  Referrer(World& world, ResMap& map, Item& item) : world_(world), map_(map), item_(item), id_(item.id(world.schema)) {}

  Status fix(const FieldPath& path, const Gvk& target) {
    target_ = &target;
    binds_role_ = path.spec().path.ends_with("roleRef/name");
    return path.apply(world_.arena, item_.object, Create::kNothing, [this](Value& at) { return fix_value(at); });
  }

 private:
  Status fix_value(Value& at) {
    if (is_null(at)) return {};
    if (at.is_map()) return fix_map(at);
    if (at.is_scalar()) return fix_scalar(at);
    for (Value& element : at.items()) {
      if (is_null(element)) continue;
      if (element.is_list()) return Error(ErrorCode::kInvalid, "a reference must be a name, or a map with one");
      PAWL_TRY(element.is_map() ? fix_map(element) : fix_scalar(element));
    }
    return {};
  }

  Status fix_scalar(Value& at) {
    std::string_view old = at.string_or_empty();
    PAWL_ASSIGN(const Item* found, choose(old, {}, false));
    if (found != nullptr && found->name() != old) set_text(world_.arena, at, found->name());
    return {};
  }

  // A map with name and, maybe, namespace: both are written.
  Status fix_map(Value& at) {
    Value* name = at.find("name");
    if (name == nullptr) return Error(ErrorCode::kInvalid, "a reference that is a map has a name");
    const Value* space = at.find("namespace");
    std::optional<std::string_view> given;
    if (space != nullptr) given = space->string_or_empty();
    std::string_view old = name->string_or_empty();
    PAWL_ASSIGN(const Item* found, choose(old, given, true));
    if (found == nullptr || (found->name() == old && found->space().empty())) return {};
    set_text(world_.arena, *name, found->name());
    if (found->space().empty()) return {};
    Value* written = at.find("namespace");
    if (written != nullptr && written->is_string())
      set_text(world_.arena, *written, found->space());
    else
      at.set(world_.arena, "namespace", string_value(world_.arena, found->space()));
    return {};
  }

  // The object that was called `name`, if it is one alone.
  Result<const Item*> choose(std::string_view name, std::optional<std::string_view> space, bool with_space) {
    Candidates candidates;
    if (space) {
      candidates = in_space(named(name), *space);
      std::erase_if(candidates, [&](const Item* item) { return !fits(*item); });
    } else {
      candidates = named(name, [&](const Item& item) { return fits(item); });
    }
    if (candidates.size() == 1) return candidates[0];
    std::erase_if(candidates, [&](const Item* item) { return !same_affixes(*item, item_, true); });
    if (candidates.size() > 1)
      std::erase_if(candidates, [&](const Item* item) { return !same_affixes(*item, item_, false); });
    if (candidates.empty()) return nullptr;
    if (candidates.size() == 1 || all_agree(candidates, with_space)) return candidates[0];
    return ambiguous(name, candidates);
  }

  Error ambiguous(std::string_view name, const Candidates& candidates) {
    std::string all;
    for (const Item* item : candidates) all += (all.empty() ? "" : ", ") + item->id(world_.schema).str();
    return Error(ErrorCode::kInvalid, "\"" + escape_terminal(name.substr(0, 100)) + "\" could mean " +
                                          std::to_string(candidates.size()) + " objects: " + escape_terminal(all));
  }

  // Objects that had the name, that the reference may mean, and that this one can see.
  template <class May>
  Candidates named(std::string_view name, const May& may) {
    if (world_.trace != nullptr) world_.trace->looked_for(item_, name);
    Candidates out;
    for (std::size_t i : map_.named(name)) {
      const Item& item = map_.items()[i];
      bool had_it = std::any_of(item.before.begin(), item.before.end(), [&](auto& old) { return old.name == name; });
      if (had_it && may(item) && is_visible(item)) out.push_back(&item);
    }
    return out;
  }
  Candidates named(std::string_view name) {
    return named(name, [](const Item&) { return true; });
  }

  bool is_visible(const Item& item) {
    if (id_.cluster_scoped) return true;
    ResId other = item.id(world_.schema);
    if (other.cluster_scoped || other.effective_space() == id_.effective_space()) return true;
    return subject_spaces().contains(item.space());
  }

  // The namespaces of the service accounts that a RoleBinding names, as it names them at first.
  const std::set<std::string_view>& subject_spaces() {
    if (subject_spaces_) return *subject_spaces_;
    subject_spaces_.emplace();
    const Value* subjects = id_.gvk.kind == "RoleBinding" ? item_.object.find("subjects") : nullptr;
    if (subjects == nullptr) return *subject_spaces_;
    for (const Value& subject : subjects->items()) {
      if (text_at(subject, "kind") == "ServiceAccount" && subject.find("namespace") != nullptr)
        subject_spaces_->insert(text_at(subject, "namespace"));
    }
    return *subject_spaces_;
  }

  // By the namespace they had at first, or else by the one they have.
  Candidates in_space(Candidates all, std::string_view space) {
    if (all.empty()) return all;
    Candidates original;
    Candidates current;
    for (const Item* item : all) {
      ResId first = item->original(world_.schema);
      ResId now = item->id(world_.schema);
      if (!first.cluster_scoped && first.effective_space() == space) original.push_back(item);
      if (!now.cluster_scoped && now.effective_space() == space) current.push_back(item);
    }
    return original.empty() && !space_is_known(space) ? current : original;
  }

  // Whether any object that this one can see had this namespace at first.
  bool space_is_known(std::string_view space) {
    if (is_excerpt(world_)) world_.trace->entangle();
    return std::any_of(map_.items().begin(), map_.items().end(), [&](const Item& item) {
      ResId first = item.original(world_.schema);
      return !first.cluster_scoped && first.effective_space() == space && is_visible(item);
    });
  }

  bool was(const Item& item, const Gvk& gvk) const {
    return std::any_of(item.before.begin(), item.before.end(),
                       [&](const PreviousId& old) { return item.gvk_of(old).selected_by(gvk); });
  }

  bool fits(const Item& item) {
    if (!was(item, *target_)) return false;
    if (binds_role_ && !fits_role(item)) return false;
    if (id_.cluster_scoped || item.kind() == "ServiceAccount") return true;
    ResId other = item.id(world_.schema);
    return other.cluster_scoped || other.effective_space() == id_.effective_space();
  }

  bool fits_role(const Item& item) const {
    const Value* role = item_.object.find("roleRef");
    if (role == nullptr || role->find("apiGroup") == nullptr || role->find("kind") == nullptr) return true;
    return was(item, {.group = text_at(*role, "apiGroup"), .kind = text_at(*role, "kind")});
  }

  World& world_;
  ResMap& map_;
  Item& item_;
  ResId id_;
  const Gvk* target_ = nullptr;
  bool binds_role_ = false;
  std::optional<std::set<std::string_view>> subject_spaces_;
};

struct Rule {
  FieldPath path;
  Gvk target;
};

// The rules that are for objects of one kind.
class Rules {
 public:
  explicit Rules(const FieldConfig& config) {
    for (const BackReference& reference : config.name_references) {
      for (const FieldSpec& spec : reference.referrers) all_.push_back({FieldPath(spec), reference.target});
    }
  }

  const std::vector<const Rule*>& of(const Gvk& gvk) {
    auto [found, is_new] = by_kind_.try_emplace({gvk.kind, gvk.group, gvk.version});
    if (is_new) {
      for (const Rule& rule : all_) {
        if (rule.path.is_for(gvk)) found->second.push_back(&rule);
      }
    }
    return found->second;
  }

 private:
  std::vector<Rule> all_;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::vector<const Rule*>> by_kind_;
};

// kustomize reads these namespaces before it looks at any reference.
Status check_subjects(const Item& item) {
  const Value* subjects = item.kind() == "RoleBinding" ? item.object.find("subjects") : nullptr;
  if (subjects == nullptr) return {};
  for (const Value& subject : subjects->items()) {
    const Value* space = subject.find("namespace");
    if (text_at(subject, "kind") == "ServiceAccount" && space != nullptr && !is_string(*space))
      return about(item, "the namespace of a subject is no text");
  }
  return {};
}

}  // namespace

Status fix_references(World& world, ResMap& map, const FieldConfig& config) {
  Rules rules(config);
  // Only what had another name, kind or namespace can be referred to by it.
  bool any = std::any_of(map.items().begin(), map.items().end(), [](const Item& item) { return !item.before.empty(); });
  for (Item& item : map.items()) {
    PAWL_TRY(check_subjects(item));
    if (!any && !is_excerpt(world)) continue;
    Referrer referrer(world, map, item);
    for (const Rule* rule : rules.of(item.original_gvk())) {
      if (Status status = referrer.fix(rule->path, rule->target); !status)
        return about(item, "the reference " + std::string(rule->path.spec().path) + ": " + status.error().message);
    }
  }
  map.changed();
  return {};
}

}  // namespace pawl::render
