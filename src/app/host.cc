#include "app/host.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "adapters/callout/callout.h"
#include "adapters/directory/directory.h"
#include "adapters/git/git.h"
#include "adapters/helm/helm.h"
#include "adapters/keys/key_file.h"
#include "adapters/keys/passphrase.h"
#include "adapters/keys/signer.h"
#include "adapters/keys/store_keys.h"
#include "adapters/local/cache.h"
#include "adapters/local/checks.h"
#include "adapters/local/process.h"
#include "adapters/local/stamp_service.h"
#include "adapters/local/workspace.h"
#include "adapters/oci/layout.h"
#include "adapters/registry/sources.h"
#include "adapters/sqlite/store.h"
#include "app/kustomize.h"
#include "app/policy_files.h"
#include "base/encoding.h"
#include "crypto/digest.h"
#include "engine/engine.h"
#include "engine/policy_check.h"
#include "engine/policy_explain.h"
#include "engine/policy_test_run.h"
#include "engine/trial.h"
#include "engine/zones.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::app {

namespace {

// Opens targets; relative ones lie in the project's folder.
class LocalTargets final : public ports::Targets {
 public:
  LocalTargets(std::string root, std::string cache) : root_(std::move(root)), cache_(std::move(cache)) {}

  Result<std::shared_ptr<ports::Target>> open(const Context&, const model::Target& target) override {
    if (const auto* directory = std::get_if<model::DirectoryTarget>(&target)) {
      bool absolute = directory->path.starts_with('/');
      return directory::open_directory(absolute ? directory->path : os::join_path(root_, directory->path));
    }
    const auto& git = std::get<model::GitTarget>(target);
    return git::open_git({git.url, git.branch, git.path, cache_});
  }

 private:
  std::string root_;
  std::string cache_;
};

class ProgressNotifier final : public ports::Notifier {
 public:
  explicit ProgressNotifier(cli::OnProgress progress) : progress_(std::move(progress)) {}
  void notify(const ports::Progress& p) override { progress_(p.step, p.thing, p.state, p.detail); }

 private:
  cli::OnProgress progress_;
};

Result<std::string> start_folder(const std::string& folder) {
  return os::canonical_path(folder.empty() ? "." : folder);
}

struct Places {
  std::string root;  // of the project; "" where there is none
  std::string store;
};

Result<Places> find_places(const cli::Place& place) {
  PAWL_ASSIGN(std::string start, start_folder(place.folder));
  Places places{local::find_root(start), place.store};
  if (places.root.empty() && place.needs == cli::Needs::kNewStore) places.root = start;
  if (places.root.empty() && places.store.empty()) {
    return Error(ErrorCode::kNotFound, "there is no pawl.yaml here or in a folder above",
                 "pawl init, or --store FOLDER");
  }
  if (places.store.empty()) places.store = os::join_path(places.root, ".pawl");
  return places;
}

// The memory outside of the store: the largest checkpoint of this log that this user has seen.
class SeenCheckpoint {
 public:
  explicit SeenCheckpoint(const merkle::NoteVerifier& verifier)
      : verifier_(verifier),
        path_(os::join_path(os::user_folder("state"), "checkpoints/" + crypto::sha256(verifier.vkey()).hex())) {}

  // "" where none was seen, or what was kept does not open any more.
  std::string read() const {
    std::string note = kept();
    return merkle::open_checkpoint(note, verifier_).ok() ? note : "";
  }

  void keep(ports::Store& store) const {
    Result<std::optional<std::string>> note = store.checkpoint();
    if (!note || !*note || **note == kept()) return;
    Result<merkle::Checkpoint> fresh = merkle::open_checkpoint(**note, verifier_);
    std::string before = read();
    bool larger = fresh.ok() && (before.empty() || merkle::open_checkpoint(before, verifier_)->size < fresh->size);
    if (!larger) return;
    // A memory that cannot be kept makes later checks weaker, not this verb wrong.
    if (os::make_folders(path_.substr(0, path_.rfind('/')), 0700))
      (void)os::write_file(path_, **note, {.mode = 0600, .durable = false}).ok();
  }

 private:
  std::string kept() const {
    Result<std::optional<std::string>> note = os::read_file_if_present(path_, 64 << 10);
    return note ? note->value_or("") : "";
  }

  merkle::NoteVerifier verifier_;
  std::string path_;
};

std::string process_name() {
  return os::host_name() + "/" + std::to_string(::getpid()) + "/" + to_hex(os::random_bytes(4));
}

// A process of this machine that is not running any more. Of other machines nothing is known.
bool is_gone(const std::string& process) {
  std::size_t slash = process.find('/');
  if (slash == std::string::npos || process.substr(0, slash) != os::host_name()) return false;
  int pid = 0;
  const char* begin = process.data() + slash + 1;
  auto [end, error] = std::from_chars(begin, process.data() + process.size(), pid);
  if (error != std::errc() || pid <= 0) return false;
  return ::kill(pid, 0) != 0 && errno == ESRCH;
}

std::shared_ptr<ports::Cache> open_render_cache() {
  return local::open_cache(os::join_path(os::user_folder("cache"), "render"));
}

// Where processes of this user that watch files answer the others.
std::string watch_folder() { return os::join_path(os::user_folder("cache"), "watch"); }

// A world of a key and a clock.
engine::World key_world() {
  engine::World world;
  world.signer = keys::make_key_signer("");
  world.clock = local::system_clock();
  world.user = os::user_name();
  return world;
}

std::shared_ptr<ports::TimeZones> machine_zones() {
  return local::time_zones(os::environment("TZDIR").value_or("/usr/share/zoneinfo"));
}

// All of a world but its store and who signs.
Result<engine::World> project_world(const cli::Place& place, const Places& places, cli::OnProgress progress) {
  engine::World world;
  PAWL_ASSIGN(world.blobs, oci::open_oci_layout(os::join_path(places.store, "oci")));
  world.targets = std::make_shared<LocalTargets>(places.root, os::join_path(places.store, "cache/git"));
  if (!places.root.empty()) world.workspace = local::open_workspace(places.root, watch_folder());
  registry::Config registries = registry::config_from_environment(place.registry_mirrors);
  world.sources = registry::make_source_reader(std::move(registries), world.workspace);
  world.checks = local::make_checks();
  world.callout = callout::make_callout(places.root);
  helm::Sandbox sandbox = place.sandboxed ? helm::Sandbox::kNamespaces : helm::Sandbox::kNone;
  world.cache = open_render_cache();
  world.charts = helm::make_charts(helm::config_from_environment(place.helm, sandbox));
  world.clock = local::system_clock();
  world.zones = machine_zones();
  world.entropy = local::system_entropy();
  world.executor = local::thread_pool(os::processor_count());
  world.notifier = std::make_shared<ProgressNotifier>(std::move(progress));
  world.user = os::user_name();
  world.process = process_name();
  world.is_gone = is_gone;
  return world;
}

cli::Connection connect_without_memory(engine::World world) {
  return cli::Connection{engine::make_service(std::move(world)), "", [] {}};
}

Result<cli::Connection> connect(const cli::Place& place, cli::OnProgress progress) {
  if (place.needs == cli::Needs::kKey) return connect_without_memory(key_world());
  PAWL_ASSIGN(Places places, find_places(place));
  bool creates = place.needs == cli::Needs::kNewStore;
  std::string keys_folder = os::join_path(places.store, "keys");
  bool there = os::exists(os::join_path(keys_folder, "ledger.vkey"));
  if (!there && !creates) return Error(ErrorCode::kNotFound, "there is no store in " + places.store, "pawl init");
  if (creates) {
    PAWL_TRY(os::make_folders(places.store, 0700));
    PAWL_TRY(keys::init_keys(keys_folder));
  }
  PAWL_ASSIGN(engine::World world, project_world(place, places, std::move(progress)));
  if (place.needs == cli::Needs::kProject) return connect_without_memory(std::move(world));
  PAWL_ASSIGN(merkle::NoteSigner ledger, keys::load_ledger_signer(keys_folder));
  PAWL_ASSIGN(world.store, sqlite::open_sqlite_store(places.store, ledger));
  world.signer = keys::make_key_signer(keys_folder);
  world.ledger_vkey = ledger.verifier().vkey();
  SeenCheckpoint seen(ledger.verifier());
  std::shared_ptr<ports::Store> store = world.store;
  return cli::Connection{engine::make_service(std::move(world)), seen.read(), [seen, store] { seen.keep(*store); }};
}

Result<cli::NewKey> new_key(const std::string& path, const std::string& type) {
  crypto::KeyType wanted = type == "ed25519" ? crypto::KeyType::kEd25519 : crypto::KeyType::kEcdsaP256;
  PAWL_ASSIGN(std::optional<std::string> passphrase, keys::read_passphrase());
  PAWL_ASSIGN(crypto::PublicKey key, keys::create_key(path, wanted, passphrase.value_or("")));
  return cli::NewKey{key.id(), keys::public_path(path)};
}

std::string find_project(const std::string& folder) {
  Result<std::string> start = start_folder(folder);
  return start ? local::find_root(*start) : "";
}

Result<Pieces> kustomize_from(const std::string& from, const std::string& folder) {
  PAWL_ASSIGN(std::string start, start_folder(from));
  return kustomize(start, folder, open_render_cache(), watch_folder());
}

Result<api::PolicyTestResponse> test_policies(const std::string& folder, const api::PolicyTestRequest& request) {
  PAWL_ASSIGN(std::unique_ptr<engine::PolicyFiles> files, local_policy_files(folder));
  engine::ExpressionZones zones(machine_zones());
  return engine::test_policies(request, *files, &zones, PAWL_VERSION);
}

Result<api::PolicyCheckResponse> check_policies(const std::string& folder, const api::PolicyCheckRequest& request) {
  PAWL_ASSIGN(std::unique_ptr<engine::PolicyFiles> files, local_policy_files(folder));
  std::shared_ptr<ports::Executor> executor = local::thread_pool(os::processor_count());
  engine::ExpressionZones zones(machine_zones());
  return engine::check_policies(request, *files, *executor, &zones, PAWL_VERSION);
}

Result<api::PolicyExplainResponse> explain_policies(const std::string& folder,
                                                    const api::PolicyExplainRequest& request) {
  PAWL_ASSIGN(std::unique_ptr<engine::PolicyFiles> files, local_policy_files(folder));
  return engine::explain_policies(request, *files);
}

}  // namespace

cli::Host make_host() {
  cli::Host host;
  host.connect = connect;
  host.find_project = find_project;
  host.new_key = new_key;
  host.public_half = keys::public_path;
  host.kustomize = kustomize_from;
  host.answer_others = [] { return std::make_shared<local::StampService>(watch_folder()); };
  host.try_expression = engine::try_expression;
  host.test_policies = test_policies;
  host.check_policies = check_policies;
  host.explain_policies = explain_policies;
  host.version = PAWL_VERSION;
  return host;
}

}  // namespace pawl::app
