#include "cli/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "api/json.h"
#include "api/status.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/print.h"
#include "core/model/project.h"
#include "format/yaml.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::cli {

namespace {

constexpr int kUsage = 2;

// Verbs, as they are registered with the parser. Parsing only notes what is to be done; run() does it.
class Program {
 public:
  Program(const Host& host, std::stop_token stop) : host_(host), app_("pawl") { context_.stop = std::move(stop); }

  int run(int argc, const char* const* argv) {
    configure();
    add_building_verbs();
    add_changing_verbs();
    add_looking_verbs();
    add_local_verbs();
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
      return say_parse_error(problem);
    }
    if (!todo_) {
      out(front_page());
      return 0;
    }
    terminal_ = detect_terminal(options_.no_color);
    return todo_();
  }

 private:
  using Todo = std::function<int()>;

  void configure() {
    app_.set_help_flag("-h,--help", "show help");
    app_.set_version_flag("--version", "pawl " + host_.version);
    app_.add_option("--store", options_.store, "the store: a folder")->envname("PAWL_STORE");
    app_.add_option("-C", options_.folder, "start in this folder");
    app_.add_option("-o,--output", options_.output, "table, json, yaml or name")
        ->check(CLI::IsMember({"table", "json", "yaml", "name"}));
    app_.add_flag("--no-color", options_.no_color, "no colour");
    app_.add_flag("--no-input", ignored_, "never ask (pawl never does)");
    app_.add_flag("-y,--yes", ignored_, "yes to what would be asked");
    app_.fallthrough();
    app_.require_subcommand(0, 1);
  }

  int say_parse_error(const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) {
      bool verb = !app_.get_subcommands().empty();
      if (dynamic_cast<const CLI::CallForHelp*>(&problem) != nullptr && !verb)
        out(front_page());
      else
        app_.exit(problem);
      return 0;
    }
    err("error: " + escape_terminal(problem.what()) + "\n");
    std::string near = nearest_verb();
    err(near.empty() ? "help: pawl help\n" : "help: did you mean \"pawl " + near + "\"?\n");
    return kUsage;
  }

  std::string nearest_verb() {
    std::vector<std::string> rest = app_.remaining();
    if (rest.empty()) return {};
    std::vector<std::string> names = verb_names();
    std::vector<std::string_view> views(names.begin(), names.end());
    return nearest(rest[0], views);
  }

  std::vector<std::string> verb_names() const {
    std::vector<std::string> names;
    for (const CLI::App* verb : app_.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(verb->get_name());
    return names;
  }

  CLI::App* add(const std::string& name, const std::string& summary, const std::string& group) {
    CLI::App* verb = app_.add_subcommand(name, summary);
    verb->group(group);
    verb->fallthrough();
    if (std::string_view text = examples(name); !text.empty()) verb->footer("Examples:\n" + std::string(text));
    return verb;
  }

  // A verb that asks the service: its options fill `request`, its response is printed.
  template <class Request, class Response>
  Request& serve(CLI::App* verb, Result<Response> (api::Service::*call)(const Context&, const Request&)) {
    auto request = std::make_shared<Request>();
    verb->callback([this, request, call] { todo_ = [this, request, call] { return ask(call, *request); }; });
    requests_.push_back(request);
    return *request;
  }

  template <class Request, class Response>
  int ask(Result<Response> (api::Service::*call)(const Context&, const Request&), Request& request) {
    options_.creates = std::is_same_v<Request, api::InitRequest>;
    Result<Connection> connection = host_.connect(options_, progress());
    if (!connection) return fail(connection.error());
    if constexpr (std::is_same_v<Request, api::AuditVerifyRequest>) {
      if (Status status = choose_against(request, connection->remembered); !status) return fail(status.error());
    }
    Result<Response> response = (connection->service.get()->*call)(context_, request);
    if (!response) return fail(response.error());
    connection->remember();
    show(*response);
    return api::exit_of(*response);
  }

  Status choose_against(api::AuditVerifyRequest& request, const std::string& remembered) {
    if (against_file_.empty()) {
      request.against = remembered;
      return {};
    }
    PAWL_ASSIGN(request.against, os::read_file(against_file_));
    return {};
  }

  OnProgress progress() {
    if (!terminal_.progress) return [](const std::string&, const std::string&, const std::string&) {};
    return [](const std::string& step, const std::string& thing, const std::string& state) {
      err("\r\x1b[K" + escape_terminal(step + " " + thing + " " + state) + (state == "running" ? "" : "\r\x1b[K"));
    };
  }

  template <class Response>
  void show(const Response& response) {
    if (terminal_.progress) err("\r\x1b[K");
    if (options_.output == "table") return out(print(response, terminal_));
    if (options_.output == "name") {
      if constexpr (std::is_same_v<Response, api::GetResponse>) return out(names(response));
      return out(print(response, terminal_));
    }
    format::Arena arena;
    format::Value value = format::to_value(arena, response);
    out(options_.output == "json" ? format::render_json_pretty(value)
                                  : format::render_yaml(value, format::KeyOrder::kAsWritten));
  }

  int fail(const Error& error) {
    if (terminal_.progress) err("\r\x1b[K");
    if (options_.output == "json")
      out(error_json(error));
    else
      err(print_error(error, terminal_));
    return exit_status(error.code);
  }

  void add_building_verbs() {
    CLI::App* verb = add("init", "write a first pawl.yaml, keys and store", "Start");
    api::InitRequest& init = serve(verb, &api::Service::init);
    verb->add_option("--name", init.name, "the project's name (the folder's)");
    verb->add_flag("--dry-run", init.dry_run, "only print what would be written");

    verb = add("lock", "resolve every source and image to a digest", "Build");
    api::LockRequest& lock = serve(verb, &api::Service::lock);
    verb->add_flag("--check", lock.check, "only say whether pawl.lock is stale (exit 1)");
    verb->add_option("--update", lock.update, "names to resolve anew; '*' for all");
    verb->add_flag("--vendor", lock.vendor, "put what a release needs into the store");
    verb->add_flag("--dry-run", lock.dry_run, "write nothing");

    verb = add("render", "print what one environment would get", "Build");
    api::RenderRequest& render = serve(verb, &api::Service::render);
    verb->add_option("environment", render.environment)->required();
    verb->add_flag("--explain", render.explain, "say where every object and parameter came from");
    verb->add_flag("--no-pin{false}", render.locked, "leave images as the manifests write them");

    verb = add("release", "cut an immutable release", "Build");
    api::ReleaseRequest& release = serve(verb, &api::Service::release);
    verb->add_option("version", release.version)->required();
    verb->add_option("-m,--message", release.message, "why this release");
    verb->add_flag("--dirty", release.dirty, "from changed files; the record says so");
    verb->add_flag("--dry-run", release.dry_run, "store nothing");

    verb = add("reproduce", "render a release again from its snapshot and compare", "Build");
    verb->add_option("release", serve(verb, &api::Service::reproduce).release)->required();

    verb = add("apply", "bring a changed configuration into force", "Change");
    api::ApplyRequest& apply = serve(verb, &api::Service::apply);
    verb->add_flag("--dry-run", apply.dry_run, "only say what differs");
    verb->add_option("--reason", apply.reason);
  }

  void add_changing_verbs() {
    CLI::App* verb = add("plan", "what a promotion would change", "Change");
    api::PlanRequest& plan = serve(verb, &api::Service::plan);
    verb->add_option("release", plan.release, "default: what upstream verified");
    verb->add_option("--to", plan.environment, "the environment")->required();
    verb->add_option("--layer", plan.layers, "only these layers");

    verb = add("promote", "move a release into an environment", "Change");
    api::PromoteRequest& promote = serve(verb, &api::Service::promote);
    verb->add_option("release", promote.release, "default: what upstream verified");
    verb->add_option("--to", promote.environment, "the environment")->required();
    verb->add_option("--plan", promote.plan, "refuse unless this plan still holds");
    verb->add_option("--layer", promote.layers, "only these layers");
    verb->add_option("--reason", promote.reason);
    verb->add_flag("--wait", promote.wait, "until there is an outcome");
    verb->add_flag("--supersede", promote.supersede, "end a waiting promotion that is in the way");
    verb->add_flag("--adopt", promote.adopt, "take over what is foreign at the target");
    verb->add_flag("--dry-run", promote.dry_run, "do nothing");

    verb = add("retry", "another attempt of the latest promotion", "Change");
    verb->add_option("environment", serve(verb, &api::Service::retry).environment)->required();

    verb = add("abort", "end the open promotion", "Change");
    api::AbortRequest& abort = serve(verb, &api::Service::abort);
    verb->add_option("environment", abort.environment)->required();
    verb->add_option("--reason", abort.reason);

    verb = add("rollback", "go back to an earlier bundle, byte for byte", "Change");
    api::RollbackRequest& rollback = serve(verb, &api::Service::rollback);
    verb->add_option("environment", rollback.environment)->required();
    verb->add_option("--to", rollback.to, "release or bundle digest (the last that is verified here)");
    verb->add_option("--reason", rollback.reason, "why; it is recorded")->required();
    verb->add_option("--layer", rollback.layers, "only these layers");
    verb->add_flag("--dry-run", rollback.dry_run, "do nothing");

    verb = add("reconcile", "restore what was changed by hand", "Change");
    api::ReconcileRequest& reconcile = serve(verb, &api::Service::reconcile);
    verb->add_option("environment", reconcile.environment)->required();
    verb->add_option("--reason", reconcile.reason);

    verb = add("hold", "stop automatic promotion", "Change");
    api::HoldRequest& hold = serve(verb, &api::Service::hold);
    verb->add_option("environment", hold.environment)->required();
    verb->add_option("--reason", hold.reason);
    verb->add_flag("--off", hold.off, "let it go on");
  }

  void add_looking_verbs() {
    CLI::App* verb = add("status", "what is where, and what to do next", "Start");
    verb->add_flag("--drift", serve(verb, &api::Service::status).drift, "look at the targets too");

    verb = add("why", "every gate for a release and an environment", "Understand");
    api::WhyRequest& why = serve(verb, &api::Service::why);
    verb->add_option("release", why.release)->required();
    verb->add_option("environment", why.environment)->required();

    verb = add("history", "what was in an environment", "Understand");
    api::HistoryRequest& history = serve(verb, &api::Service::history);
    verb->add_option("environment", history.environment)->required();
    verb->add_option("--limit", history.limit);

    verb = add("get", "list releases, environments or promotions", "Understand");
    api::GetRequest& get = serve(verb, &api::Service::get);
    verb->add_option("kind", get.kind)->required();
    verb->add_option("--limit", get.limit);

    verb = add("describe", "all about one promotion, release or environment", "Understand");
    api::DescribeRequest& describe = serve(verb, &api::Service::describe);
    verb->add_option("kind", describe.kind)->required();
    verb->add_option("name", describe.name)->required();

    verb = add("diff", "compare environments, releases, bundles, live", "Understand");
    api::DiffRequest& diff = serve(verb, &api::Service::diff);
    verb->add_option("from", diff.from)->required();
    verb->add_option("to", diff.to)->required();

    verb = add("drift", "what differs from the head at the target", "Understand");
    verb->add_option("environment", serve(verb, &api::Service::drift).environment);

    verb = add("verify", "check a release: signatures and every byte", "Understand");
    verb->add_option("release", serve(verb, &api::Service::verify).release)->required();

    CLI::App* audit = add("audit", "the ledger: log, verify", "Understand");
    audit->require_subcommand(1);
    verb = audit->add_subcommand("log", "what happened");
    api::AuditLogRequest& log = serve(verb, &api::Service::audit_log);
    verb->add_option("environment", log.environment);
    verb->add_option("--limit", log.limit);
    verb->fallthrough();
    verb = audit->add_subcommand("verify", "check every entry, tile, blob");
    api::AuditVerifyRequest& verify = serve(verb, &api::Service::audit_verify);
    verb->add_flag("--replay", verify.replay, "fold the ledger again and compare the state");
    verb->add_option("--against", against_file_, "a checkpoint that the log must extend (default: the last seen)");
    verb->fallthrough();

    serve(add("doctor", "look for what is wrong here", "Start"), &api::Service::doctor);
  }

  void local(CLI::App* verb, Todo todo) {
    verb->callback([this, todo] { todo_ = todo; });
  }

  void add_local_verbs() {
    local(add("schema", "the JSON Schema of pawl.yaml", "Configure"), [] {
      out(model::project_schema());
      return 0;
    });
    CLI::App* verb = add("explain", "a field of pawl.yaml", "Configure");
    verb->add_option("field", word_);
    local(verb, [this] { return explain(); });
    verb = add("completion", "a completion script", "Configure");
    verb->add_option("shell", word_)->required();
    local(verb, [this] { return complete(); });
    verb = add("version", "the version", "Configure");
    local(verb, [this] {
      out("pawl " + host_.version + "\n");
      return 0;
    });
    verb = add("help", "help on a verb or topic", "Configure");
    verb->add_option("topic", word_);
    local(verb, [this] { return help(); });
    CLI::App* key = add("key", "key pairs", "Configure");
    key->require_subcommand(1);
    verb = key->add_subcommand("new", "make a key pair: FILE and FILE.pub");
    verb->add_option("file", word_)->required();
    verb->add_option("--type", key_type_, "ed25519 or ecdsa-p256")->check(CLI::IsMember({"ed25519", "ecdsa-p256"}));
    local(verb, [this] { return new_key(); });
  }

  int explain() {
    Result<model::FieldHelp> help = model::explain_field(word_);
    if (!help) return fail(help.error());
    std::string text =
        fmt::format("{}  ({}{})\n{}\n", help->path, help->type, help->required ? ", required" : "", help->summary);
    if (!help->example.empty()) text += "example: " + help->example + "\n";
    std::vector<std::vector<std::string>> rows;
    for (const model::FieldHelp& field : help->fields)
      rows.push_back({"  " + field.path.substr(field.path.rfind('.') + 1), field.type, field.summary});
    out(text + (rows.empty() ? "" : "\n" + table(rows)));
    return 0;
  }

  int complete() {
    std::optional<std::string> script = completion(word_, join(verb_names(), " "));
    if (!script)
      return fail(Error(ErrorCode::kUsage, "there is no completion for \"" + word_ + "\"", "bash, zsh, fish"));
    out(*script);
    return 0;
  }

  int help() {
    if (word_.empty()) {
      out(front_page());
      return 0;
    }
    if (std::optional<std::string> text = topic(word_)) {
      out(*text);
      return 0;
    }
    const CLI::App* verb = nullptr;
    for (const CLI::App* candidate : app_.get_subcommands([](const CLI::App*) { return true; })) {
      if (candidate->get_name() == word_) verb = candidate;
    }
    if (verb == nullptr) return fail(Error(ErrorCode::kNotFound, "there is no help on \"" + word_ + "\"", "pawl help"));
    out(verb->help());
    return 0;
  }

  int new_key() {
    Result<std::string> id = host_.new_key(word_, key_type_);
    if (!id) return fail(id.error());
    out(fmt::format("wrote {} and {}.pub\n{}\nNext: put {}.pub under people: in pawl.yaml\n", word_, word_, *id,
                    word_));
    return 0;
  }

  const Host& host_;
  Context context_;
  CLI::App app_;
  Options options_;
  Terminal terminal_;
  Todo todo_;
  std::vector<std::shared_ptr<void>> requests_;
  std::string word_;
  std::string key_type_ = "ed25519";
  std::string against_file_;
  bool ignored_ = false;
};

}  // namespace

int run(int argc, const char* const* argv, const Host& host, std::stop_token stop) {
  return Program(host, std::move(stop)).run(argc, argv);
}

}  // namespace pawl::cli
