#include "adapters/helm/helm.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <optional>
#include <thread>

#include "adapters/helm/chart_folder.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"
#include "os/system.h"

namespace pawl::helm {

using ports::ChartProgram;
using ports::Surroundings;

Config config_from_environment(const std::string& program, Sandbox sandbox) {
  return {.program = program,
          .path = os::environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin"),
          .sandbox = sandbox,
          .temporary = os::environment("TMPDIR").value_or("/tmp")};
}

namespace {

constexpr std::size_t kProgramBytes = 512u << 20;

// As Go and OCI name this machine.
std::string platform() {
#if defined(__x86_64__)
  return "linux/amd64";
#elif defined(__aarch64__)
  return "linux/arm64";
#else
  return "linux/other";
#endif
}

std::optional<std::uint32_t> number(std::string_view& text) {
  std::uint32_t out = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return out;
}

// helm's words on one line, without its advice on debugging.
std::string on_one_line(std::string_view errors) {
  std::string out;
  for (std::string_view line : split(errors.substr(0, 4000), '\n')) {
    if (line.starts_with("Use --debug")) break;
    if (std::string_view words = trim(line); !words.empty()) out += (out.empty() ? "" : " ") + std::string(words);
  }
  return escape_terminal(out.substr(0, 2000));
}

// What stands behind "template: " and the like: "web/templates/a.yaml:3:5: executing ...".
std::string_view behind_introduction(std::string_view message) {
  for (std::string_view introduction : {"template: ", "execution error at (", "Error: "}) {
    std::size_t at = message.find(introduction);
    if (at != std::string_view::npos) return message.substr(at + introduction.size());
  }
  return {};
}

// The place in the chart that helm names; nullopt where it names none.
std::optional<Diagnostic> place_of(std::string_view message, const std::string& chart) {
  std::string_view rest = behind_introduction(message);
  std::size_t slash = rest.find('/');
  std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos || slash == std::string_view::npos || slash > colon) return std::nullopt;
  Diagnostic out{.file = chart + std::string(rest.substr(slash, colon - slash)), .code = "helm"};
  rest.remove_prefix(colon + 1);
  std::optional<std::uint32_t> line = number(rest);
  if (!line) return std::nullopt;
  out.at = {*line, 1};
  if (rest.starts_with(':')) rest.remove_prefix(1);
  if (std::optional<std::uint32_t> column = number(rest)) out.at.column = *column + 1;  // helm counts them from 0
  if (rest.starts_with(')')) rest.remove_prefix(1);
  if (rest.starts_with(':')) rest.remove_prefix(1);
  out.summary = trim(rest.substr(0, 600));
  return out;
}

class HelmProgram final : public ports::Charts {
 public:
  explicit HelmProgram(Config config) : config_(std::move(config)) {}

  std::string sandbox() const override { return config_.sandbox == Sandbox::kNone ? "none" : "namespaces"; }

  Result<ChartProgram> program(const Context&) override {
    std::lock_guard lock(mutex_);
    if (program_) return *program_;
    PAWL_ASSIGN(std::string path, find());
    PAWL_ASSIGN(std::string bytes, os::read_file(path, kProgramBytes));
    program_ = ChartProgram{platform(), crypto::sha256(bytes)};
    return *program_;
  }

  Result<std::string> version(const Context& context) override {
    std::lock_guard lock(mutex_);
    if (version_) return *version_;
    PAWL_ASSIGN(std::string path, find());
    PAWL_ASSIGN(ChartFolder folder, ChartFolder::make(config_.temporary));
    std::vector<std::string> argv = {"helm", "version", "--template={{ .Version }}"};
    PAWL_ASSIGN(os::CommandResult result, run(context, folder, path, std::move(argv), Surroundings::kPlain));
    std::string version(trim(result.output));
    if (result.exit_status != 0 || version.empty() || version.size() > 80)
      return Error(ErrorCode::kUnknown,
                   path + " does not say its version: " + escape_terminal(result.errors.substr(0, 400)),
                   "PAWL_HELM names another helm program");
    version_ = version;
    return version;
  }

  Result<std::string> inflate(const Context& context, const model::ChartRequest& request,
                              Surroundings surroundings) override {
    PAWL_ASSIGN(std::string path, find());
    PAWL_ASSIGN(ChartFolder folder, ChartFolder::make(config_.temporary));
    PAWL_TRY(folder.lay_out(request));
    if (surroundings == Surroundings::kOther) PAWL_TRY(wait_for_another_second(context));
    PAWL_ASSIGN(os::CommandResult result, run(context, folder, path, template_command(request), surroundings));
    PAWL_TRY(judge(result, request));
    return std::move(result.output);
  }

 private:
  Result<std::string> find() const {
    for (std::string_view folder : split(config_.path, ':')) {
      bool named = config_.program.find('/') != std::string::npos;
      std::string path = named ? config_.program : os::join_path(folder, config_.program);
      if (!path.starts_with('/') || !os::is_executable(path).ok() || !*os::is_executable(path)) continue;
      return os::canonical_path(path);
    }
    return Error(ErrorCode::kNotFound, "there is no program " + config_.program,
                 "install Helm 3 or 4 (https://helm.sh), or name it: PAWL_HELM=/path/to/helm");
  }

  Result<os::CommandResult> run(const Context& context, const ChartFolder& folder, const std::string& path,
                                std::vector<std::string> argv, Surroundings surroundings) const {
    bool apart = config_.sandbox == Sandbox::kNamespaces;
    os::Command command{.argv = std::move(argv),
                        .environment = folder.environment(apart ? "" : folder.root(), surroundings),
                        .max_output = config_.max_output};
    command.confinement = os::Confinement{.namespaces = apart,
                                          .root = folder.root(),
                                          .program = path,
                                          .host_name = surroundings == Surroundings::kPlain ? "pawl" : "elsewhere",
                                          .memory_bytes = config_.max_memory};
    Result<os::CommandResult> result = os::run(context.within(config_.timeout), command);
    if (!result && result.error().code == ErrorCode::kDenied)
      result.error().hint =
          "allow user namespaces, or say --sandbox=none: helm could then see this machine, which the release's record "
          "says";
    return result;
  }

  // A template that shows the time shows another one then.
  static Status wait_for_another_second(const Context& context) {
    std::int64_t before = os::wall_clock().time_since_epoch() / std::chrono::seconds(1);
    while (os::wall_clock().time_since_epoch() / std::chrono::seconds(1) == before) {
      PAWL_TRY(context.proceed());
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return {};
  }

  Status judge(const os::CommandResult& result, const model::ChartRequest& request) const {
    if (result.timed_out)
      return Error(ErrorCode::kTimeout,
                   "helm did not render " + request.chart + " in " + std::to_string(config_.timeout.count()) + " s",
                   "look for templates that call themselves");
    if (result.truncated)
      return Error(ErrorCode::kInvalid,
                   "helm rendered " + request.chart + " to more than " + std::to_string(config_.max_output) + " bytes");
    if (result.exit_status == 0) return {};
    std::string said = on_one_line(result.errors);
    if (std::optional<Diagnostic> place = place_of(said, request.chart)) return invalid_files({std::move(*place)});
    return Error(ErrorCode::kInvalid, "helm cannot render " + request.chart + ": " +
                                          (said.empty() ? "exit status " + std::to_string(result.exit_status) : said));
  }

  Config config_;
  std::mutex mutex_;
  std::optional<ChartProgram> program_;
  std::optional<std::string> version_;
};

}  // namespace

std::shared_ptr<ports::Charts> make_charts(Config config) { return std::make_shared<HelmProgram>(std::move(config)); }

}  // namespace pawl::helm
