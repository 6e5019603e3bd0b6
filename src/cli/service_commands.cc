#include "cli/service_commands.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "api/json.h"
#include "api/status.h"
#include "api/verb_table.h"
#include "cli/print.h"
#include "cli/session.h"
#include "os/file.h"
#include "os/system.h"
#include "os/watch.h"

namespace pawl::cli {

namespace {

template <class Request>
bool only_says(const Request& request) {
  if constexpr (requires { request.dry_run; }) return request.dry_run;
  return false;
}

// Asks before what no other verb takes back; "" where nothing is to be asked. What only ends a wait, or goes back to
// bytes that ran before, does not ask: the way back is open at three in the morning.
template <class Request>
std::string question(const Request& request) {
  if (only_says(request)) return {};
  if constexpr (std::is_same_v<Request, api::AbortRequest>)
    return fmt::format("end the open promotion of {}? What is half applied stays so.", request.environment);
  if constexpr (std::is_same_v<Request, api::PromoteRequest>) {
    if (request.adopt)
      return fmt::format("take over what others put at the target of {}? Objects of the same name are overwritten.",
                         request.environment);
  }
  return {};
}

// Promotions and holds say of themselves that nothing was done.
template <class Request, class Response>
std::string dry_note(const Request& request, const Response&) {
  constexpr bool kSaysSo =
      std::is_same_v<Response, api::PromoteResponse> || std::is_same_v<Response, api::HoldResponse> ||
      std::is_same_v<Response, api::ApproveResponse> || std::is_same_v<Response, api::AttestResponse> ||
      std::is_same_v<Response, api::ExceptionResponse> || std::is_same_v<Response, api::FreezeResponse>;
  return only_says(request) && !kSaysSo ? "Nothing was done (--dry-run); it would be:\n" : "";
}

template <class Response>
std::vector<std::string> warnings(const Response& response) {
  if constexpr (requires { response.warnings; }) return response.warnings;
  return {};
}

template <class Request>
Needs needs_of(const Request& request) {
  if constexpr (std::is_same_v<Request, api::InitRequest>) return Needs::kNewStore;
  if constexpr (std::is_same_v<Request, api::RenderRequest>) return Needs::kProject;
  // What is only signed needs no store, so that a machine with nothing but a key will do.
  if constexpr (requires { request.request; }) return request.request.empty() ? Needs::kStore : Needs::kKey;
  return Needs::kStore;
}

// A store that is gone with the verb: `init --dry-run` has none yet and may leave none.
class ScratchStore {
 public:
  static Result<ScratchStore> make() {
    PAWL_ASSIGN(std::string path,
                os::make_temporary_folder(os::environment("TMPDIR").value_or("/tmp"), "pawl-dry-run-"));
    return ScratchStore(std::move(path));
  }
  ScratchStore(ScratchStore&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchStore& operator=(ScratchStore&&) = delete;
  ~ScratchStore() {
    if (!path_.empty()) (void)os::remove_tree(path_).ok();  // what is left in a temporary folder harms nobody
  }
  const std::string& path() const { return path_; }

 private:
  explicit ScratchStore(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// What an interrupted verb leaves, asked of the service once more.
template <class Request>
void explain_interruption(Error& error, Connection& connection, const Request& request) {
  error.hint = "nothing was recorded; type it again";
  if constexpr (requires { request.environment; }) {
    if (needs_of(request) != Needs::kStore) return;
    Context fresh;
    Result<api::StatusResponse> status = connection.service->status(fresh, {.drift = false});
    if (status) error.hint = state_after_interruption(*status, request.environment);
  }
}

template <class Request, class Response>
int ask(Session& session, Result<Response> (api::Service::*call)(const Context&, const Request&), Request request) {
  if (std::string text = question(request); !text.empty()) {
    if (Status confirmed = session.confirm(text); !confirmed) return session.fail(confirmed.error());
  }
  std::optional<ScratchStore> scratch;
  Needs needs = needs_of(request);
  if (needs == Needs::kNewStore && only_says(request)) {
    Result<ScratchStore> made = ScratchStore::make();
    if (!made) return session.fail(made.error());
    session.use_store(scratch.emplace(std::move(*made)).path());
  }
  Result<Connection> connection = session.connect(needs);
  if (!connection) return session.fail(connection.error());
  if constexpr (std::is_same_v<Request, api::AuditVerifyRequest>) {
    if (request.against.empty()) request.against = connection->remembered;
  }
  std::string break_line = session.terminal().progress ? "\n" : "";
  std::stop_callback told(session.context().stop, [&] { err(break_line + "stopping cleanly; once more to force\n"); });
  Result<Response> response = (connection->service.get()->*call)(session.context(), request);
  if (!response) {
    Error error = std::move(response).error();
    if (error.code == ErrorCode::kInterrupted) explain_interruption(error, *connection, request);
    return session.fail(error);
  }
  connection->remember();
  Pieces text;
  if (std::string note = dry_note(request, *response); !note.empty()) text = std::move(note);
  text.append(print(*response, session.terminal()));
  return session.show({.text = std::move(text),
                       .names = LateText([&] { return names(*response); }),
                       .warnings = warnings(*response),
                       .value = [&](format::Arena& arena) { return format::to_value(arena, *response); }},
                      api::exit_of(*response));
}

// Does it again whenever something below the project's folder changes, until somebody stops it. An error does not end
// it: the next change may be what mends it.
int again_on_change(Session& session, const std::function<int()>& once) {
  Result<os::FolderWatch> watch = os::FolderWatch::open(session.project(), {".git", ".pawl"});
  if (!watch) return session.fail(watch.error());
  session.never_page();
  std::shared_ptr<void> answering = session.host().answer_others();
  for (;;) {
    once();
    err("waiting for a change; Ctrl-C ends it\n");
    if (Status changed = watch->wait(session.context()); !changed) return exit_status(changed.error().code);
  }
}

template <class Request, class Response>
Command command_of(const api::Verb& verb, Result<Response> (api::Service::*call)(const Context&, const Request&)) {
  auto request = std::make_shared<Request>();
  Command command{verb, {}, {}};
  Binder binder(command.slots);
  arguments(binder, *request);
  command.run = [request, call](Session& session) {
    if constexpr (requires { request->watch; }) {
      if (request->watch) return again_on_change(session, [&] { return ask(session, call, *request); });
    }
    return ask(session, call, *request);
  };
  return command;
}

}  // namespace

std::vector<Command> service_commands() {
  std::vector<Command> commands;
  api::visit_verbs([&](const api::Verb& verb, auto call) { commands.push_back(command_of(verb, call)); });
  return commands;
}

}  // namespace pawl::cli
