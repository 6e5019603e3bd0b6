#include <algorithm>

#include "core/model/predicate_type.h"
#include "engine/attestable.h"
#include "engine/evidence.h"
#include "engine/evidence_views.h"
#include "engine/facts.h"
#include "engine/records.h"
#include "engine/verbs.h"
#include "format/json.h"

namespace pawl::engine {

namespace {

Status check_words(const api::AttestRequest& request) {
  int narrowed = (request.environment.empty() ? 0 : 1) + (request.image.empty() ? 0 : 1) + (request.snapshot ? 1 : 0);
  if (narrowed > 1) return Error(ErrorCode::kUsage, "--in, --image or --snapshot: one", "pawl help attest");
  bool makes = !request.type.empty() || !request.predicate.empty();
  int ways = (makes ? 1 : 0) + (request.imported.empty() ? 0 : 1) + (request.list ? 1 : 0);
  if (ways != 1)
    return Error(ErrorCode::kUsage,
                 ways == 0 ? "what is to be said of it?" : "--type with --predicate, --import or --list: one",
                 "pawl attest RELEASE --type URI --predicate FILE");
  if (makes && (request.type.empty() || request.predicate.empty()))
    return Error(ErrorCode::kUsage, "--type and --predicate belong together", "pawl help attest");
  if (request.exports && !makes) return Error(ErrorCode::kUsage, "--export is of what you sign", "pawl help attest");
  return {};
}

Status check_type(const std::string& type) {
  if (model::is_own_predicate(type))
    return Error(ErrorCode::kUsage, "statements of type " + type + " are made by verbs of their own",
                 "pawl approve, pawl release");
  if (model::is_predicate_type(type)) return {};
  return Error(ErrorCode::kUsage, "\"" + type.substr(0, 80) + "\" cannot be a predicate type",
               "it is a URI: https://in-toto.io/attestation/test-result/v0.1");
}

bool is_chosen(const Attestable& subject, const api::AttestRequest& request, const std::string& version) {
  if (!request.environment.empty())
    return subject.kind == plan::GateSubject::kBundle && subject.name == request.environment + "/" + version;
  if (!request.image.empty()) return subject.kind == plan::GateSubject::kImage && subject.name == request.image;
  if (request.snapshot) return subject.kind == plan::GateSubject::kSnapshot;
  return subject.kind == plan::GateSubject::kRelease;
}

bool is_narrowed(const api::AttestRequest& request) {
  return !request.environment.empty() || !request.image.empty() || request.snapshot;
}

// What the request is about: one digest; for a list without any choice, all of the release.
Result<std::vector<Attestable>> find_subjects(World& world, const Context& context, const Moment& moment,
                                              const model::ProjectName& project, const api::AttestRequest& request) {
  PAWL_ASSIGN(plan::ReleaseState release, find_release(moment.records, project, request.release));
  PAWL_ASSIGN(std::vector<Attestable> all, attestables(world, context, release));
  if (request.list && !is_narrowed(request)) return all;
  const std::string& version = release.versions.back();
  std::erase_if(all, [&](const Attestable& one) { return !is_chosen(one, request, version); });
  if (!all.empty()) return all;
  return Error(ErrorCode::kNotFound,
               "release " + version + " has no " +
                   (request.image.empty() ? "bundle for " + request.environment : "image " + request.image),
               "pawl describe release " + version);
}

std::vector<EvidenceSubject> shown(const std::vector<Attestable>& subjects) {
  std::vector<EvidenceSubject> out;
  for (const Attestable& one : subjects)
    out.push_back({std::string(name_of(one.kind)), one.name, one.described.digest});
  return out;
}

Result<std::string> sign(World& world, const Context& context, const Attestable& subject,
                         const api::AttestRequest& request, Time now) {
  PAWL_TRY(check_type(request.type));
  model::Statement statement{.predicate_type = request.type};
  PAWL_ASSIGN_WITHIN(statement.predicate, format::parse_json_document(request.predicate, {.file = "predicate"}),
                     "reading the predicate");
  if (!statement.predicate.root.is_map())
    return Error(ErrorCode::kInvalid, "the predicate is no map", "{ \"result\": \"PASSED\" }");
  // What others could read as another number is not signed.
  PAWL_TRY_WITHIN(format::canonical_json(statement.predicate.root), "reading the predicate");
  // The same said again is another statement: signatures may be a function of what is signed.
  statement.subjects.push_back({subject.name + " at " + render_time(now), subject.described.digest});
  return sign_as_person(world, context, statement);
}

// One statement on its way into the ledger.
struct Brought {
  Attestable subject;
  ReadStatement read;
};

Status check_role(const ReadStatement& read, const std::string& role) {
  auto may = [&](const plan::EvidenceSigner& signer) { return signer.roles.contains(role); };
  if (role.empty() || std::any_of(read.signers.begin(), read.signers.end(), may)) return {};
  return Error(ErrorCode::kDenied, "its key may not sign in the role " + role,
               "its public half goes under trust: { " + role + ": [...] } in pawl.yaml");
}

// That it is a statement about this very digest by somebody who is known: what could count for nobody is not kept.
Result<Brought> check_record(World& world, const model::Configuration& configuration, const Attestable& subject,
                             const std::string& record, const std::string& role) {
  PAWL_ASSIGN(KeyRing ring, KeyRing::of(world, configuration));
  Result<ReadStatement> read = read_statement(ring, record);
  if (!read && read.error().code == ErrorCode::kIntegrity)
    return Error(ErrorCode::kDenied, "it is signed by nobody whom the configuration knows",
                 "the public key goes under people: or trust: in pawl.yaml");
  if (!read) return std::move(read).error();
  PAWL_TRY(check_type(read->statement.predicate_type));
  PAWL_TRY(check_role(*read, role));
  if (!model::is_about(read->statement, subject.described.digest))
    return Error(ErrorCode::kConflict,
                 "it is about " + read->statement.subjects[0].digest.brief() + ", and the " +
                     std::string(name_of(subject.kind)) + " " + subject.name + " is " +
                     subject.described.digest.brief(),
                 "--in ENVIRONMENT, --image REFERENCE or --snapshot chooses what it is about");
  return Brought{subject, std::move(*read)};
}

api::EvidenceView view(const Brought& brought, Time now) {
  std::vector<std::string> names = names_of(brought.read.signers);
  return {.subject = std::string(name_of(brought.subject.kind)),
          .name = brought.subject.name,
          .digest = brought.subject.described.digest.str(),
          .predicate_type = brought.read.statement.predicate_type,
          .signers = names,
          .signed_by = names,
          .recorded = now,
          .counts = true};
}

// When the very same was recorded before; nullopt where it is new.
Result<std::optional<Time>> recorded_before(const plan::Records& records, const model::ProjectName& project,
                                            const Brought& brought, const crypto::Digest& kept) {
  PAWL_ASSIGN(plan::EvidenceState state,
              records.load<plan::EvidenceState>(plan::key::evidence(project, brought.subject.described.digest)));
  for (const plan::EvidenceNote& note : state.notes) {
    if (note.record == kept) return std::optional<Time>(note.recorded);
  }
  return std::optional<Time>();
}

Status append(World& world, const Context& context, const model::ProjectName& project, const Attestable& subject,
              const std::string& record, const crypto::Digest& kept, api::AttestResponse& out) {
  return write(world, context, project, [&](Writing& writing) -> Status {
    PAWL_ASSIGN(model::Configuration configuration, configuration_in_force(world, context, writing.records(), project));
    PAWL_ASSIGN(Brought brought, check_record(world, configuration, subject, record, ""));
    PAWL_ASSIGN(std::optional<Time> before, recorded_before(writing.records(), project, brought, kept));
    out.evidence = {view(brought, before.value_or(writing.now()))};
    out.evidence[0].record = kept.str();
    out.existed = before.has_value();
    if (out.existed) return {};
    return writing.append(plan::EvidenceRecorded{subject.described.digest, brought.read.statement.predicate_type, kept,
                                                 names_of(brought.read.signers)});
  });
}

}  // namespace

Result<api::AttestResponse> attest(World& world, const Context& context, const api::AttestRequest& request) {
  PAWL_TRY(check_words(request));
  PAWL_ASSIGN(model::ProjectName project, project_name(world));
  std::optional<model::Configuration> configuration;
  std::vector<Attestable> subjects;
  api::AttestResponse out{.listed = request.list, .dry_run = request.dry_run};
  Time now;
  PAWL_TRY(look(world, context, [&](Moment& moment) -> Status {
    now = moment.now;
    PAWL_ASSIGN(configuration, configuration_in_force(world, context, moment.records, project));
    PAWL_ASSIGN(subjects, find_subjects(world, context, moment, project, request));
    if (!request.list) return {};
    PAWL_ASSIGN(out.evidence, evidence_views(world, context, moment, *configuration, shown(subjects)));
    return {};
  }));
  if (request.list) return out;
  const Attestable& subject = subjects[0];
  PAWL_ASSIGN(std::string record, request.imported.empty() ? sign(world, context, subject, request, now)
                                                           : model::as_sigstore_bundle(request.imported));
  if (request.exports) {
    out.statement = std::move(record);
    return out;
  }
  PAWL_ASSIGN(Brought brought, check_record(world, *configuration, subject, record, request.role));
  out.evidence = {view(brought, now)};
  if (request.dry_run) return out;
  PAWL_ASSIGN(model::Descriptor kept,
              world.blobs->attach(context, subject.described, model::kSigstoreBundleType, record));
  PAWL_TRY(append(world, context, project, subject, record, kept.digest, out));
  return out;
}

}  // namespace pawl::engine
