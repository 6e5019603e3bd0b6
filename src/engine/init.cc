#include "core/model/init.h"

#include "engine/facts.h"
#include "engine/verbs.h"

namespace pawl::engine {

namespace {

constexpr std::string_view kIgnore = ".gitignore";

// Adds lines that are not there yet.
Status ignore(World& world, const std::vector<std::string>& lines, api::InitResponse& out) {
  PAWL_ASSIGN(std::optional<std::string> before, world.workspace->read_if_present(std::string(kIgnore)));
  std::string text = before.value_or("");
  bool changed = false;
  for (const std::string& line : lines) {
    bool there = ("\n" + text).find("\n" + line + "\n") != std::string::npos;
    if (there) continue;
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += line + "\n";
    changed = true;
  }
  if (!changed) return {};
  PAWL_TRY(world.workspace->write(std::string(kIgnore), text));
  out.written.emplace_back(kIgnore);
  return {};
}

std::string folder_name(const std::string& root) { return root.substr(root.rfind('/') + 1); }

}  // namespace

Result<api::InitResponse> init(World& world, const Context&, const api::InitRequest& request) {
  api::InitResponse out;
  PAWL_ASSIGN(std::optional<std::string> existing, world.workspace->read_if_present("pawl.yaml"));
  if (existing) {
    out.existed = true;
    out.project_file = *existing;
  } else {
    PAWL_ASSIGN(std::optional<std::vector<std::string>> paths, world.workspace->list("."));
    std::string name = request.name.empty() ? folder_name(world.workspace->root()) : request.name;
    auto read = [&](const std::string& path) { return world.workspace->read(path); };
    PAWL_ASSIGN(model::Guess guess, model::guess_project(paths.value_or(std::vector<std::string>()), read, name));
    out.project_file = guess.text;
    out.guesses = guess.reasons;
  }
  if (request.dry_run) return out;
  if (!existing) {
    PAWL_TRY(world.workspace->write("pawl.yaml", out.project_file));
    out.written.emplace_back("pawl.yaml");
  }
  std::vector<std::string> lines = {"/.pawl/"};
  if (out.project_file.find("directory: live/") != std::string::npos) lines.emplace_back("/live/");
  PAWL_TRY(ignore(world, lines, out));
  return out;
}

namespace {

void add(api::DoctorResponse& out, const Status& status, std::string subject, std::string fine) {
  api::FindingView finding{"ok", std::move(subject), std::move(fine), ""};
  if (!status) {
    finding.state = "problem";
    finding.found = status.error().text();
    finding.help = status.error().hint;
    out.healthy = false;
  }
  out.findings.push_back(std::move(finding));
}

template <class T>
Status status_of(const Result<T>& result) {
  if (result.ok()) return {};
  return result.error();
}

}  // namespace

Result<api::DoctorResponse> doctor(World& world, const Context& context, const api::DoctorRequest&) {
  api::DoctorResponse out;
  Result<model::Project> project = read_project(world);
  add(out, status_of(project), "pawl.yaml", "reads, and is sound");
  if (!project && !project.error().diagnostics.empty())
    out.findings.back().found = project.error().diagnostics[0].summary;
  add(out, status_of(world.signer->public_key(ports::KeyRole::kRelease)), "release key", "is there");
  api::AuditVerifyRequest verify;
  add(out, status_of(audit_verify(world, context, verify)), "ledger and blobs", "verify");
  Status time = look(world, context, [](Moment&) -> Status { return {}; });
  add(out, time, "clock", "is not behind the ledger");
  if (project) {
    world.project = project->content.project.str();
    for (const model::Environment& environment : project->configuration.environments) {
      Result<std::shared_ptr<ports::Target>> target = world.targets->open(context, environment.target);
      Status reached = target ? status_of((*target)->inspect(context)) : status_of(target);
      add(out, reached, "target of " + environment.name.str(), model::identity(environment.target) + " can be reached");
    }
  }
  return out;
}

}  // namespace pawl::engine
