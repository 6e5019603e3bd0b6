#include "engine/ledger.h"

namespace pawl::engine {

Result<model::Actor> current_actor(World& world) {
  PAWL_ASSIGN(std::optional<crypto::PublicKey> key, world.signer->public_key(ports::KeyRole::kPersonal));
  if (key) return model::Actor{"key", key->id(), "signature"};
  return model::Actor{"local", "local:" + world.user, "unauthenticated"};
}

Result<Time> time_of(World& world, const plan::StoreState& store) {
  constexpr auto kTolerance = std::chrono::minutes(5);
  Time clock = world.clock->now();
  if (store.last_time - clock > kTolerance) {
    return Error(
        ErrorCode::kUnknown,
        "the clock says " + render_time(clock) + ", but the ledger's last entry is of " + render_time(store.last_time),
        "set the clock right and try again");
  }
  return std::max(clock, store.last_time);
}

namespace {

plan::Records::Fetch fetch_from(ports::Reader& reader) {
  return [&reader](std::string_view key) { return reader.get(key); };
}

}  // namespace

Status look(World& world, const Context& context, const std::function<Status(Moment&)>& body) {
  return world.store->read(context, [&](ports::Reader& reader) -> Status {
    plan::Records records(fetch_from(reader));
    PAWL_ASSIGN(plan::StoreState store, records.load<plan::StoreState>(plan::key::store()));
    PAWL_ASSIGN(Time now, time_of(world, store));
    Moment moment{std::move(records), now};
    return body(moment);
  });
}

Result<Time> present(World& world, const Context& context) {
  Time now;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    now = moment.now;
    return {};
  }));
  return now;
}

Writing::Writing(World& world, ports::Transaction& transaction, model::ProjectName project, Act act)
    : world_(world),
      transaction_(transaction),
      project_(std::move(project)),
      act_(std::move(act)),
      records_(fetch_from(transaction)) {}

Status Writing::append(plan::Event event) {
  plan::Entry entry{project_, act_.now, act_.actor, std::move(event)};
  PAWL_TRY(plan::fold(records_, entry));
  PAWL_ASSIGN(last_index_, transaction_.append(plan::encode_entry(entry)));
  return {};
}

Status Writing::flush() {
  for (const auto& [key, text] : records_.written()) PAWL_TRY(transaction_.put(key, text));
  return {};
}

Status write(World& world, const Context& context, const model::ProjectName& project,
             const std::function<Status(Writing&)>& body) {
  PAWL_ASSIGN(model::Actor actor, current_actor(world));
  return world.store->transact(context, [&](ports::Transaction& transaction) -> Status {
    plan::Records before(fetch_from(transaction));
    PAWL_ASSIGN(plan::StoreState store, before.load<plan::StoreState>(plan::key::store()));
    PAWL_ASSIGN(Time now, time_of(world, store));
    Writing writing(world, transaction, project, Act{actor, now});
    PAWL_TRY(body(writing));
    return writing.flush();
  });
}

}  // namespace pawl::engine
