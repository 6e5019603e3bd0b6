#include <algorithm>

#include "engine/configure.h"
#include "engine/content.h"
#include "engine/facts.h"
#include "engine/records.h"
#include "engine/request.h"
#include "engine/verbs.h"
#include "engine/views.h"

namespace pawl::engine {

namespace {

// All that a release is made of, before any of it is stored.
struct Cut {
  model::Project project;
  model::Lock lock;
  render::Files files;
  std::vector<bundle::BuiltBundle> bundles;
  std::vector<std::string> chart_departures;
  bundle::BuiltSnapshot snapshot;
  model::Release release;
  std::string release_bytes;
  ports::Revision revision;
  bool dirty = false;
  std::vector<std::string> notes;
  std::string sandbox = {};  // of the charts' renderings; "" without charts

  crypto::Digest digest() const { return crypto::sha256(release_bytes); }
};

// Locks first where something that is needed is not in the lock.
Result<model::Lock> complete_lock(World& world, const Context& context, Cut& cut) {
  PAWL_ASSIGN(model::Lock before, read_lock(world));
  PAWL_ASSIGN(model::Lock after, resolve_lock(world, context, cut.project.content, before, {}));
  if (after == before) return before;
  PAWL_TRY(world.workspace->write(std::string(kLockFile), model::render_lock(after)));
  cut.notes.push_back("pawl.lock was brought up to date: " + std::to_string(model::difference(before, after).size()) +
                      " changes");
  return after;
}

// A release is cut from a clean commit, judged over the files that rendering and checks read.
Status check_clean(World& world, const Context& context, const api::ReleaseRequest& request, Cut& cut) {
  PAWL_ASSIGN(cut.revision, world.workspace->revision(context));
  if (!cut.revision.in_git) return {};
  std::vector<std::string> paths;
  for (const format::TreeFile& file : cut.files.used()) paths.push_back(file.path);
  PAWL_ASSIGN(std::vector<std::string> changed, world.workspace->changed(context, paths));
  bool uncommitted = !changed.empty() || cut.revision.commit.empty();
  if (!uncommitted) return {};
  cut.dirty = true;
  if (request.dirty || request.dry_run) return {};
  std::string first = changed.empty()
                          ? "nothing is committed yet"
                          : changed[0] +
                                (changed.size() > 1 ? " and " + std::to_string(changed.size() - 1) + " more" : "") +
                                " changed since the commit";
  return Error(ErrorCode::kConflict, "a release is cut from a clean commit, and " + first,
               "commit, or say --dirty, which the release's record says too");
}

model::Release describe_release(const Cut& cut) {
  model::Release release{cut.project.content.project, cut.snapshot.manifest().descriptor, {}};
  for (const bundle::BuiltBundle& built : cut.bundles)
    release.bundles.push_back({built.bundle.environment, built.manifest().descriptor});
  std::sort(release.bundles.begin(), release.bundles.end(),
            [](const auto& a, const auto& b) { return a.environment < b.environment; });
  return release;
}

Result<Cut> prepare(World& world, const Context& context, const api::ReleaseRequest& request) {
  PAWL_ASSIGN(model::Project project, read_project(world));
  world.project = project.content.project.str();
  Cut cut{std::move(project),
          {},
          workspace_files(world.workspace),
          {},
          {},
          {},
          {{}, model::describe("", ""), {}},
          {},
          {},
          false,
          {}};
  PAWL_ASSIGN(cut.lock, complete_lock(world, context, cut));
  cut.files = with_sources(cut.files, world, context, cut.project.content, cut.lock);
  PAWL_ASSIGN(BuiltBundles built, build_bundles(world, cut.project.content, cut.lock, cut.files,
                                                chart_renderer(world, context, cut.lock, true)));
  cut.bundles = std::move(built.bundles);
  cut.chart_departures = std::move(built.departures);
  if (cut.lock.helm) cut.sandbox = world.charts->sandbox();
  if (std::string note = sandbox_note(world, cut.project.content); !note.empty()) cut.notes.push_back(note);
  PAWL_TRY(note_check_files(cut.project.configuration, cut.files));
  PAWL_TRY(check_clean(world, context, request, cut));
  cut.snapshot = bundle::build_snapshot(cut.project.content, cut.lock, cut.files.used());
  cut.release = describe_release(cut);
  cut.release_bytes = model::encode_release(cut.release);
  return cut;
}

Status store_blobs(World& world, const Context& context, const std::vector<bundle::Blob>& blobs) {
  for (const bundle::Blob& blob : blobs) PAWL_TRY(world.blobs->put(context, blob.descriptor.media_type, blob.bytes));
  return {};
}

std::vector<std::string> departures_of(const Cut& cut) {
  std::vector<std::string> out = cut.chart_departures;
  for (const bundle::BuiltBundle& built : cut.bundles) {
    for (const model::InventorySecret& secret : built.inventory.secrets) {
      if (!secret.plain_reason.empty())
        out.push_back(built.bundle.environment.str() + ": " + secret.object + ": " + secret.plain_reason);
    }
  }
  return out;
}

// Which program rendered the charts, and whether it was kept apart from the machine.
void describe_helm(format::Arena& arena, format::Value& predicate, const Cut& cut) {
  if (!cut.lock.helm) return;
  format::Value helm = format::Value::map();
  helm.set(arena, "version", cut.lock.helm->version);
  helm.set(arena, "sandbox", cut.sandbox);
  predicate.set(arena, "helm", helm);
}

model::Statement release_statement(const Cut& cut, const api::ReleaseRequest& request, Time now) {
  model::Statement statement{.predicate_type = std::string(model::kReleasePredicate)};
  format::Arena& arena = *statement.predicate.arena;
  statement.subjects.push_back({cut.project.content.project.str() + "/" + request.version, cut.digest()});
  for (const model::ReleaseBundle& bundle : cut.release.bundles)
    statement.subjects.push_back({bundle.environment.str(), bundle.bundle.digest});
  format::Value predicate = format::Value::map();
  predicate.set(arena, "project", cut.project.content.project.str());
  predicate.set(arena, "version", request.version);
  predicate.set(arena, "snapshot", cut.release.snapshot.digest.str());
  predicate.set(arena, "renderer", model::kRendererVersion);
  predicate.set(arena, "commit", cut.revision.commit);
  predicate.set(arena, "origin", cut.revision.origin);
  predicate.set(arena, "dirty", format::Value::boolean(cut.dirty));
  predicate.set(arena, "message", request.message);
  predicate.set(arena, "time", render_time(now));
  describe_helm(arena, predicate, cut);
  statement.predicate.root = predicate;
  return statement;
}

Result<std::vector<api::ReleasedBundleView>> bundle_views(World& world, const Context& context, const Cut& cut) {
  std::vector<api::ReleasedBundleView> out;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    for (const bundle::BuiltBundle& built : cut.bundles) {
      api::ReleasedBundleView view{built.bundle.environment.str(), built.manifest().descriptor.digest.str(),
                                   built.inventory.objects.size(), built.bundle.layers.size(), false};
      PAWL_ASSIGN(plan::EnvironmentState state, moment.records.load<plan::EnvironmentState>(plan::key::environment(
                                                    cut.project.content.project, built.bundle.environment)));
      view.unchanged = state.head && state.head->bundle == built.manifest().descriptor.digest;
      out.push_back(std::move(view));
    }
    return {};
  }));
  return out;
}

// What is there already: the same label or the same bytes.
struct Known {
  std::optional<plan::ReleaseState> by_version;
  std::optional<plan::ReleaseState> by_digest;
};

Result<Known> look_up(World& world, const Context& context, const Cut& cut, const std::string& version) {
  Known known;
  const model::ProjectName& project = cut.project.content.project;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    if (Result<plan::ReleaseState> found = find_release(moment.records, project, version))
      known.by_version = std::move(*found);
    if (Result<plan::ReleaseState> found = find_release(moment.records, project, cut.digest().str()))
      known.by_digest = std::move(*found);
    return {};
  }));
  return known;
}

Status store_release(World& world, const Context& context, const Cut& cut) {
  PAWL_TRY(store_blobs(world, context, cut.snapshot.blobs));
  for (const bundle::BuiltBundle& built : cut.bundles) PAWL_TRY(store_blobs(world, context, built.blobs));
  PAWL_TRY(world.blobs->put(context, model::kIndexType, cut.release_bytes));
  return {};
}

Result<plan::ReleaseState> record_release(World& world, const Context& context, const Cut& cut,
                                          const api::ReleaseRequest& request) {
  const model::ProjectName& project = cut.project.content.project;
  model::Descriptor subject = model::describe(model::kIndexType, cut.release_bytes);
  subject.artifact_type = model::kReleaseArtifact;
  PAWL_ASSIGN(Time now, present(world, context));
  PAWL_ASSIGN(crypto::Digest record,
              attach_record(world, context, ports::KeyRole::kRelease, release_statement(cut, request, now), subject));
  PAWL_ASSIGN(std::optional<crypto::Digest> asked,
              sign_request(world, context, project, {"release", "", cut.digest(), request.message}));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(plan::ProjectState state, writing.records().load<plan::ProjectState>(plan::key::project(project)));
    return writing.append(plan::ReleaseCut{state.releases + 1, request.version, cut.digest(),
                                           cut.release.snapshot.digest, record, cut.revision.commit, cut.dirty,
                                           request.message, departures_of(cut), asked});
  }));
  PAWL_TRY(world.blobs->tag(context, project.str() + "-" + request.version, subject));
  plan::ReleaseState out{.release = cut.digest(), .snapshot = cut.release.snapshot.digest, .record = record};
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    PAWL_ASSIGN(out, find_release(moment.records, project, request.version));
    return {};
  }));
  return out;
}

Result<plan::ReleaseState> label_release(World& world, const Context& context, const plan::ReleaseState& known,
                                         const model::ProjectName& project, const std::string& version) {
  PAWL_ASSIGN(std::optional<crypto::Digest> asked,
              sign_request(world, context, project, {"release", "", known.release, "also " + version}));
  PAWL_TRY(write(world, context, project, [&](Writing& writing) {
    return writing.append(plan::ReleaseLabelled{known.serial, version, asked});
  }));
  plan::ReleaseState out = known;
  out.versions.push_back(version);
  return out;
}

plan::ReleaseState as_if_cut(const Cut& cut, const std::string& version, Time now) {
  return {0,
          {version},
          cut.digest(),
          cut.release.snapshot.digest,
          cut.digest(),
          cut.revision.commit,
          cut.dirty,
          "",
          departures_of(cut),
          now,
          ""};
}

}  // namespace

Result<api::ReleaseResponse> release(World& world, const Context& context, const api::ReleaseRequest& request) {
  if (!model::is_version_label(request.version)) {
    return Error(ErrorCode::kUsage, "\"" + request.version + "\" cannot name a release",
                 "use letters, digits and . _ + -, and not r and digits, which are serials");
  }
  PAWL_ASSIGN(Cut cut, prepare(world, context, request));
  api::ReleaseResponse out;
  PAWL_ASSIGN(out.bundles, bundle_views(world, context, cut));
  PAWL_ASSIGN(Known known, look_up(world, context, cut, request.version));
  bool other_content = known.by_version && known.by_version->release != cut.digest();
  if (other_content) {
    return Error(ErrorCode::kConflict,
                 "version " + request.version + " is r" + std::to_string(known.by_version->serial) +
                     " with other content, " + known.by_version->release.brief() + " and not " + cut.digest().brief(),
                 "a release never changes; take another version");
  }
  if (known.by_version) {
    out.release = view(*known.by_version);
    out.existed = true;
  } else if (request.dry_run) {
    PAWL_ASSIGN(Time now, present(world, context));
    out.release = view(as_if_cut(cut, request.version, now));
  } else {
    PAWL_ASSIGN(std::string said, take_over_configuration(world, context));
    if (!said.empty()) cut.notes.push_back(said);
    PAWL_TRY(store_release(world, context, cut));
    Result<plan::ReleaseState> state =
        known.by_digest ? label_release(world, context, *known.by_digest, cut.project.content.project, request.version)
                        : record_release(world, context, cut, request);
    if (!state) return std::move(state).error();
    out.release = view(*state);
    out.existed = known.by_digest.has_value();
  }
  for (const std::string& departure : departures_of(cut)) {
    bool of_chart = departure.starts_with(kChartDeparture);
    cut.notes.push_back(
        (of_chart ? "a chart is let in with its reason: " : "a readable secret goes in by its annotation: ") +
        departure);
  }
  out.notes = std::move(cut.notes);
  return out;
}

}  // namespace pawl::engine
