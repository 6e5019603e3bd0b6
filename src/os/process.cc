#include "os/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "os/file.h"
#include "os/system.h"

extern "C" char** environ;

namespace pawl::os {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kGrace = std::chrono::seconds(2);
constexpr auto kTick = std::chrono::milliseconds(20);

struct Pipe {
  int read = -1;
  int write = -1;

  static Result<Pipe> open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return Error(ErrorCode::kUnavailable,
                   std::string("cannot make a pipe: ") + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    }
    Pipe pipe;
    pipe.read = ends[0];
    pipe.write = ends[1];
    return pipe;
  }
  Pipe() = default;
  Pipe(Pipe&& other) noexcept : read(std::exchange(other.read, -1)), write(std::exchange(other.write, -1)) {}
  Pipe& operator=(Pipe&&) = delete;
  ~Pipe() {
    close_end(read);
    close_end(write);
  }
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

std::optional<std::string> find_program(const std::string& name,
                                        const std::map<std::string, std::string>& environment) {
  if (name.find('/') != std::string::npos) return name;
  auto path = environment.find("PATH");
  std::string folders = path == environment.end() ? "/usr/local/bin:/usr/bin:/bin" : path->second;
  std::size_t start = 0;
  while (start <= folders.size()) {
    std::size_t end = std::min(folders.find(':', start), folders.size());
    std::string candidate = join_path(folders.substr(start, end - start), name);
    if (candidate.starts_with('/') && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    start = end + 1;
  }
  return std::nullopt;
}

// What execve wants: pointers into strings that outlive it.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

class Child {
 public:
  Child(const Context& context, const Command& command) : context_(context), command_(command) {}

  Result<CommandResult> run() {
    PAWL_ASSIGN(Pipe input, Pipe::open());
    PAWL_ASSIGN(Pipe output, Pipe::open());
    PAWL_ASSIGN(Pipe errors, Pipe::open());
    PAWL_TRY(command_.confinement ? start_confined(input, output, errors) : start(input, output, errors));
    Pipe::close_end(input.read);
    Pipe::close_end(output.write);
    Pipe::close_end(errors.write);
    ::fcntl(input.write, F_SETFL, O_NONBLOCK);
    pump(input, output, errors);
    finish();
    if (interrupted_) return Error(ErrorCode::kInterrupted, "stopped " + command_.argv[0] + " on request");
    return std::move(result_);
  }

 private:
  Status start(const Pipe& input, const Pipe& output, const Pipe& errors) {
    std::optional<std::string> program = find_program(command_.argv[0], command_.environment);
    if (!program) return Error(ErrorCode::kNotFound, "there is no program \"" + command_.argv[0] + "\" in PATH");
    std::vector<std::string> argv = command_.argv;
    std::vector<std::string> environment;
    for (const auto& [name, value] : command_.environment) environment.push_back(name + "=" + value);
    std::vector<char*> argv_pointers = pointers(argv);
    std::vector<char*> environment_pointers = pointers(environment);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO);
    if (!command_.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, command_.folder.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = ::posix_spawn(&pid_, program->c_str(), &actions, &attributes, argv_pointers.data(),
                              environment_pointers.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) return {};
    ErrorCode code = error == ENOENT   ? ErrorCode::kNotFound
                     : error == EACCES ? ErrorCode::kDenied
                                       : ErrorCode::kUnavailable;
    return Error(code,
                 "cannot run " + command_.argv[0] + ": " + std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
  }

  // What became of the child between fork and exec: read from a pipe that a successful exec closes.
  struct StartFailure {
    const char* what = nullptr;  // of this program's text, so that it means the same in the parent
    int error = 0;
  };

  Status start_confined(const Pipe& input, const Pipe& output, const Pipe& errors) {
    const Confinement& confinement = *command_.confinement;
    PAWL_ASSIGN(ConfinedStart confined, ConfinedStart::prepare(confinement));
    std::string program = confinement.namespaces ? "/program" : confinement.program;
    std::vector<std::string> argv = command_.argv;
    std::vector<std::string> environment;
    for (const auto& [name, value] : command_.environment) environment.push_back(name + "=" + value);
    std::vector<char*> argv_pointers = pointers(argv);
    std::vector<char*> environment_pointers = pointers(environment);
    PAWL_ASSIGN(Pipe report, Pipe::open());
    pid_ = ::fork();
    if (pid_ == 0) {
      // Only system calls from here on: other threads' locks were copied as they stood.
      StartFailure failure{prepare_child(input, output, errors), 0};
      if (failure.what == nullptr) failure.what = confined.enter();
      if (failure.what == nullptr) {
        ::execve(program.c_str(), argv_pointers.data(), environment_pointers.data());
        failure.what = "execve";
      }
      failure.error = errno;
      (void)!::write(report.write, &failure, sizeof failure);
      ::_exit(127);
    }
    if (pid_ < 0) return Error(ErrorCode::kUnavailable, "cannot run " + command_.argv[0] + ": fork failed");
    Pipe::close_end(report.write);
    return read_report(report);
  }

  static const char* prepare_child(const Pipe& input, const Pipe& output, const Pipe& errors) {
    ::setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    bool connected = ::dup2(input.read, STDIN_FILENO) >= 0 && ::dup2(output.write, STDOUT_FILENO) >= 0 &&
                     ::dup2(errors.write, STDERR_FILENO) >= 0;
    return connected ? nullptr : "dup2";
  }

  Status read_report(const Pipe& report) {
    StartFailure failure;
    ssize_t got = 0;
    do {
      got = ::read(report.read, &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof failure)) return {};
    ::waitpid(pid_, nullptr, 0);
    bool missing = std::strcmp(failure.what, "execve") == 0;
    return Error(missing ? ErrorCode::kUnavailable : ErrorCode::kDenied,
                 "cannot run " + command_.argv[0] + (missing ? ": " : " apart from this machine: ") + failure.what +
                     ": " + std::strerror(failure.error));  // NOLINT(concurrency-mt-unsafe)
  }

  void pump(Pipe& input, Pipe& output, Pipe& errors) {
    std::array<char, 65536> buffer;
    while (output.read >= 0 || errors.read >= 0) {
      if (written_ == command_.input.size()) Pipe::close_end(input.write);
      std::array<pollfd, 3> polls = {{{output.read, POLLIN, 0}, {errors.read, POLLIN, 0}, {input.write, POLLOUT, 0}}};
      ::poll(polls.data(), polls.size(), static_cast<int>(kTick.count()));
      if (polls[0].revents != 0) take(output.read, result_.output, buffer);
      if (polls[1].revents != 0) take(errors.read, result_.errors, buffer);
      if (polls[2].revents != 0) feed(input);
      signal_when_due();
      // A program that left a child behind with its output open must not hold us: once it has ended and was signalled,
      // go.
      if (killed_ && has_ended()) break;
    }
  }

  void take(int& descriptor, std::string& into, std::array<char, 65536>& buffer) {
    ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
      Pipe::close_end(descriptor);
      return;
    }
    std::size_t room = command_.max_output - std::min(command_.max_output, into.size());
    std::size_t kept = std::min(room, static_cast<std::size_t>(got));
    into.append(buffer.data(), kept);
    if (kept < static_cast<std::size_t>(got)) result_.truncated = true;
  }

  void feed(Pipe& input) {
    std::string_view rest = std::string_view(command_.input).substr(written_);
    // SIGPIPE is blocked for this write only: a program need not read what it is given.
    sigset_t pipe_signal;
    sigset_t before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t put = ::write(input.write, rest.data(), rest.size());
    int error = errno;
    timespec no_time{};
    if (put < 0 && error == EPIPE) sigtimedwait(&pipe_signal, nullptr, &no_time);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (put > 0) written_ += static_cast<std::size_t>(put);
    if (put < 0 && error != EAGAIN && error != EINTR) Pipe::close_end(input.write);
  }

  void signal_when_due() {
    Clock::time_point now = Clock::now();
    if (!terminated_ && (now > context_.deadline || context_.stop.stop_requested())) {
      interrupted_ = context_.stop.stop_requested();
      result_.timed_out = !interrupted_;
      terminated_ = now;
      ::kill(-pid_, SIGTERM);
    }
    if (terminated_ && !killed_ && now > *terminated_ + kGrace) {
      killed_ = true;
      ::kill(-pid_, SIGKILL);
    }
  }

  bool has_ended() {
    if (ended_) return true;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    note_status(status);
    return true;
  }

  void note_status(int status) {
    ended_ = true;
    result_.exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  void finish() {
    while (!has_ended()) {
      signal_when_due();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (terminated_) ::kill(-pid_, SIGKILL);  // whoever of the group is left
  }

  const Context& context_;
  const Command& command_;
  CommandResult result_;
  pid_t pid_ = -1;
  std::size_t written_ = 0;
  std::optional<Clock::time_point> terminated_;
  bool killed_ = false;
  bool ended_ = false;
  bool interrupted_ = false;
};

}  // namespace

Result<CommandResult> run(const Context& context, const Command& command) {
  check(!command.argv.empty(), "a command has a name");
  PAWL_TRY(context.proceed());
  return Child(context, command).run();
}

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view name = text.substr(0, equals);
    bool secret = name.starts_with("PAWL_KEY_PASSPHRASE");
    if (!secret) out.emplace(name, text.substr(equals + 1));
  }
  return out;
}

}  // namespace pawl::os
