#include "adapters/local/checks.h"

#include <utility>

#include "os/file.h"
#include "os/process.h"
#include "os/system.h"

namespace pawl::local {

namespace {

// A folder that is there as long as this.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make() {
    std::string parent = os::environment("TMPDIR").value_or("/tmp");
    PAWL_ASSIGN(std::string path, os::make_temporary_folder(parent, "pawl-check-"));
    return TemporaryFolder(std::move(path));
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    if (path_.empty()) return;
    Status ignored = os::remove_tree(path_);  // what is left in a temporary folder harms nobody
  }
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

Status lay_out(const format::FileTree& files, const std::string& root) {
  for (const format::TreeFile& file : files) {
    PAWL_ASSIGN(std::string path, os::join_checked(root, file.path));
    PAWL_TRY(os::make_folders(path.substr(0, path.rfind('/'))));
    PAWL_TRY(os::write_file(path, file.bytes, {.mode = file.executable ? 0755u : 0644u, .durable = false}));
  }
  return {};
}

std::map<std::string, std::string> environment_of(const ports::CheckRequest& request, const std::string& folder) {
  std::map<std::string, std::string> out = request.environment;
  out["PATH"] = os::environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  out["LANG"] = "C.UTF-8";
  out["TZ"] = "UTC";
  out["HOME"] = folder;
  return out;
}

ports::CheckResult judge(const ports::CheckRequest& request, os::CommandResult result) {
  ports::CheckResult out;
  out.output = std::move(result.output);
  if (!result.errors.empty())
    out.output += (out.output.empty() || out.output.ends_with('\n') ? "" : "\n") + result.errors;
  // The shell's way of saying that it could not run what it was told to.
  bool not_run = result.exit_status == 126 || result.exit_status == 127;
  out.passed = !result.timed_out && result.exit_status == 0;
  out.errored = result.timed_out || not_run;
  if (result.timed_out)
    out.reason = "timed out after " + render_duration(request.timeout);
  else if (!out.passed)
    out.reason = "exit status " + std::to_string(result.exit_status);
  return out;
}

class LocalChecks final : public ports::Checks {
 public:
  Result<ports::CheckResult> run(const Context& context, const ports::CheckRequest& request) override {
    PAWL_ASSIGN(TemporaryFolder folder, TemporaryFolder::make());
    PAWL_TRY_WITHIN(lay_out(request.files, folder.path()), "laying out the files of check " + request.name);
    os::Command command;
    command.argv = request.command;
    bool own_file = command.argv[0].find('/') != std::string::npos && !command.argv[0].starts_with('/');
    if (own_file) command.argv[0] = os::join_path(folder.path(), command.argv[0]);
    command.folder = folder.path();
    command.environment = environment_of(request, folder.path());
    command.max_output = limits::kCheckOutputBytes / 2;
    auto start = std::chrono::steady_clock::now();
    Result<os::CommandResult> result = os::run(context.within(request.timeout), command);
    if (!result && result.error().code == ErrorCode::kInterrupted) return std::move(result).error();
    ports::CheckResult out;
    if (result) {
      out = judge(request, std::move(*result));
    } else {
      out.errored = true;
      out.reason = result.error().message;
    }
    out.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
    return out;
  }
};

}  // namespace

std::shared_ptr<ports::Checks> make_checks() { return std::make_shared<LocalChecks>(); }

}  // namespace pawl::local
