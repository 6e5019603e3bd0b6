#include "engine/policy_objects.h"

#include <map>

#include "core/model/names.h"
#include "engine/evidence.h"
#include "engine/facts.h"

namespace pawl::engine {

namespace {

using format::Value;

// One set of objects being made.
class Maker {
 public:
  Maker(World& world, const Context& context, const Moment& moment, const model::Configuration& configuration,
        const model::Environment& environment, const plan::PromotionOpened& opened,
        std::span<const drift::ObjectChange> changes, format::Arena& arena)
      : world_(world),
        context_(context),
        moment_(moment),
        configuration_(configuration),
        project_(configuration.project),
        environment_(environment),
        opened_(opened),
        changes_(changes),
        arena_(arena) {}

  Result<PolicyObjects> make() {
    PolicyObjects out;
    PAWL_ASSIGN(std::optional<plan::ReleaseState> release,
                release_by_serial(moment_.records, project_, opened_.release));
    Value lock = Value::map();
    if (release) {
      PAWL_ASSIGN(model::Snapshot snapshot, read_snapshot(world_, context_, release->snapshot));
      lock = lock_value(snapshot.lock);
      out.release = kind("Release", release->versions.back());
      for (const format::Member& member : release_value(*release).members())
        out.release.set(arena_, member.key, member.value);
      out.release.set(arena_, "lock", lock);
    }
    PAWL_ASSIGN(out.bundle, bundle_value(opened_.bundle));
    out.bundle.set(arena_, "lock", lock);
    if (opened_.from) {
      PAWL_ASSIGN(out.old_bundle, bundle_value(*opened_.from));
    }
    out.environment = environment_value();
    PAWL_ASSIGN(out.promotion, promotion_value(release, lock, *out.bundle.find("inventory")));
    return out;
  }

 private:
  Value kind(std::string_view kind, const std::string& name) {
    Value metadata = Value::map();
    metadata.set(arena_, "name", name);
    Value out = Value::map();
    out.set(arena_, "apiVersion", model::kApiVersion);
    out.set(arena_, "kind", kind);
    out.set(arena_, "metadata", metadata);
    return out;
  }

  template <class T>
  Value texts(const T& words) {
    Value out = Value::list();
    for (const auto& word : words) out.push_back(arena_, Value::string(arena_, text_of(word)));
    return out;
  }
  static std::string text_of(const std::string& text) { return text; }
  template <class Tag>
  static std::string text_of(const Strong<Tag>& name) {
    return name.str();
  }

  // A map of strings; what is empty is left out, so that rules ask has().
  using Text = std::pair<std::string_view, std::string>;
  Value map_of(std::initializer_list<Text> texts) {
    Value out = Value::map();
    for (const auto& [key, text] : texts) {
      if (!text.empty()) out.set(arena_, key, text);
    }
    return out;
  }

  Value release_value(const plan::ReleaseState& release) {
    Value out = map_of({{"version", release.versions.back()},
                        {"digest", release.release.str()},
                        {"commit", release.commit},
                        {"message", release.message},
                        {"cutAt", render_time(release.cut_at)},
                        {"cutBy", release.cut_by}});
    out.set(arena_, "serial", Value::integer(release.serial));
    out.set(arena_, "dirty", Value::boolean(release.dirty));
    out.set(arena_, "departures", texts(release.departures));
    return out;
  }

  Value lock_value(const model::Lock& lock) {
    Value images = Value::list();
    for (const model::LockedImage& image : lock.images)
      images.push_back(arena_, map_of({{"reference", image.reference}, {"digest", image.digest.str()}}));
    Value sources = Value::list();
    for (const model::LockedSource& source : lock.sources) {
      sources.push_back(arena_, map_of({{"name", source.name},
                                        {"kind", source.kind},
                                        {"from", source.from},
                                        {"version", source.version},
                                        {"digest", source.digest ? source.digest->str() : ""}}));
    }
    Value out = Value::map();
    out.set(arena_, "images", images);
    out.set(arena_, "sources", sources);
    return out;
  }

  Value keys_value(const std::vector<model::InventoryKey>& keys) {
    Value out = Value::list();
    for (const model::InventoryKey& key : keys)
      out.push_back(
          arena_,
          map_of({{"object", key.object}, {"container", key.container}, {"name", key.name}, {"source", key.source}}));
    return out;
  }

  // What an object of a cluster is called by.
  Value object_value(const model::ObjectId& id, const std::string& layer) {
    return map_of({{"layer", layer},
                   {"apiVersion", id.api_version},
                   {"kind", id.kind},
                   {"namespace", id.space},
                   {"name", id.name}});
  }

  Value inventory_value(const model::Inventory& inventory) {
    Value objects = Value::list();
    for (const model::InventoryObject& object : inventory.objects) {
      Value one = object_value(object.id, object.layer.str());
      one.set(arena_, "digest", object.digest.str());
      objects.push_back(arena_, one);
    }
    Value images = Value::list();
    for (const model::InventoryImage& image : inventory.images) {
      Value one = map_of({{"reference", image.reference}});
      one.set(arena_, "usedBy", texts(image.used_by));
      images.push_back(arena_, one);
    }
    Value secrets = Value::list();
    for (const model::InventorySecret& secret : inventory.secrets)
      secrets.push_back(
          arena_,
          map_of({{"object", secret.object}, {"reference", secret.reference}, {"plainReason", secret.plain_reason}}));
    Value out = Value::map();
    out.set(arena_, "objects", objects);
    out.set(arena_, "images", images);
    out.set(arena_, "config", keys_value(inventory.config));
    out.set(arena_, "environment", keys_value(inventory.environment));
    out.set(arena_, "secrets", secrets);
    return out;
  }

  Result<Value> bundle_value(const crypto::Digest& digest) {
    PAWL_ASSIGN(model::Bundle bundle, read_bundle(world_, context_, digest));
    PAWL_ASSIGN(model::Inventory inventory, read_inventory(world_, context_, bundle));
    Value out = kind("Bundle", digest.brief());
    out.set(arena_, "environment", environment_.name.str());
    out.set(arena_, "digest", digest.str());
    out.set(arena_, "inventory", inventory_value(inventory));
    return out;
  }

  Value labels_value() {
    Value out = Value::map();
    for (const auto& [key, label] : environment_.labels) out.set(arena_, key, label);
    return out;
  }

  Value environment_value() {
    Value out = kind("Environment", environment_.name.str());
    out.find("metadata")->set(arena_, "labels", labels_value());
    Value spec = map_of({{"purpose", environment_.purpose}, {"target", model::identity(environment_.target)}});
    spec.set(arena_, "promotesFrom", texts(environment_.promotes_from));
    Value gates = Value::list();
    for (const model::Gate& gate : environment_.gates)
      gates.push_back(arena_, Value::string(arena_, model::name_of(gate)));
    spec.set(arena_, "gates", gates);
    out.set(arena_, "spec", spec);
    return out;
  }

  Value change_value(const drift::ObjectChange& change) {
    Value out = object_value(change.id, change.layer);
    out.set(arena_, "change", name_of(change.change));
    Value fields = Value::list();
    for (const drift::FieldChange& field : change.fields)
      fields.push_back(arena_, map_of({{"path", field.path},
                                       {"change", std::string(name_of(field.change))},
                                       {"before", field.before},
                                       {"after", field.after}}));
    out.set(arena_, "fields", fields);
    return out;
  }

  // What is known of the release and of all that it is made of.
  Result<Value> evidence_value(const std::optional<plan::ReleaseState>& release) {
    std::vector<crypto::Digest> subjects = {opened_.bundle};
    if (release) subjects.insert(subjects.end(), {release->release, release->snapshot});
    PAWL_ASSIGN(std::vector<EvidenceFound> found, evidence_about(world_, context_, moment_, configuration_, subjects));
    Value out = Value::list();
    for (const EvidenceFound& one : found) {
      Value item = map_of({{"predicateType", one.predicate_type},
                           {"subject", one.subject.str()},
                           {"time", render_time(one.time)},
                           {"record", one.record.str()}});
      item.set(arena_, "signers", texts(one.signers));
      item.set(arena_, "predicate", one.statement->predicate.root.clone(arena_));
      out.push_back(arena_, item);
    }
    return out;
  }

  Value plan_value() {
    Value list = Value::list();
    std::map<drift::Change, std::uint64_t> counts;
    for (const drift::ObjectChange& change : changes_) {
      list.push_back(arena_, change_value(change));
      ++counts[change.change];
    }
    Value out = map_of({{"digest", opened_.plan.str()}});
    out.set(arena_, "changes", list);
    for (drift::Change change : {drift::Change::kAdded, drift::Change::kChanged, drift::Change::kRemoved})
      out.set(arena_, name_of(change), Value::integer(counts[change]));
    return out;
  }

  Result<Value> promotion_value(const std::optional<plan::ReleaseState>& release, const Value& lock,
                                const Value& inventory) {
    Value out = kind("Promotion", std::to_string(opened_.number));
    for (const auto& [key, text] : {Text{"project", project_.str()}, Text{"type", std::string(name_of(opened_.kind))},
                                    Text{"bundle", opened_.bundle.str()}, Text{"requester", opened_.requester},
                                    Text{"reason", opened_.reason}, Text{"time", render_time(moment_.now)}})
      out.set(arena_, key, text);
    Value environment = map_of({{"name", environment_.name.str()}});
    environment.set(arena_, "labels", labels_value());
    environment.set(arena_, "promotesFrom", texts(environment_.promotes_from));
    out.set(arena_, "environment", environment);
    if (release) out.set(arena_, "release", release_value(*release));
    if (opened_.from) out.set(arena_, "from", map_of({{"bundle", opened_.from->str()}}));
    out.set(arena_, "layers", texts(opened_.layers));
    out.set(arena_, "plan", plan_value());
    out.set(arena_, "lock", lock);
    out.set(arena_, "inventory", inventory);
    PAWL_ASSIGN(Value evidence, evidence_value(release));
    out.set(arena_, "evidence", evidence);
    return out;
  }

  World& world_;
  const Context& context_;
  const Moment& moment_;
  const model::Configuration& configuration_;
  const model::ProjectName& project_;
  const model::Environment& environment_;
  const plan::PromotionOpened& opened_;
  std::span<const drift::ObjectChange> changes_;
  format::Arena& arena_;
};

}  // namespace

Result<PolicyObjects> policy_objects(World& world, const Context& context, const Moment& moment,
                                     const model::Configuration& configuration, const model::Environment& environment,
                                     const plan::PromotionOpened& opened, std::span<const drift::ObjectChange> changes,
                                     format::Arena& arena) {
  return Maker(world, context, moment, configuration, environment, opened, changes, arena).make();
}

}  // namespace pawl::engine
