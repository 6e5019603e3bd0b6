#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "os/system.h"

namespace pawl::cli {

namespace {

bool is_set(const char* name) { return !os::environment(name).value_or("").empty(); }

bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = to_lower(os::environment(name).value_or(""));
    if (!locale.empty()) return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

// CI=false, as some set it, means no.
bool is_automated() {
  std::string ci = to_lower(os::environment("CI").value_or(""));
  return !ci.empty() && ci != "false" && ci != "0";
}

}  // namespace

Terminal detect_terminal(std::string_view colour) {
  bool dumb = os::environment("TERM").value_or("") == "dumb";
  bool refused = colour == "never" || (colour == "auto" && (dumb || is_set("NO_COLOR")));
  bool forced = colour == "always" || os::environment("CLICOLOR_FORCE").value_or("0") != "0";
  bool out_is_terminal = os::is_terminal(STDOUT_FILENO);
  bool err_is_terminal = os::is_terminal(STDERR_FILENO);
  Terminal terminal;
  terminal.out_colour = !refused && (forced || out_is_terminal);
  terminal.err_colour = !refused && (forced || err_is_terminal);
  terminal.symbols = out_is_terminal && !dumb && speaks_utf8();
  terminal.progress = err_is_terminal && !dumb && !is_automated();
  terminal.pages = out_is_terminal && !dumb && !is_automated();
  terminal.asks = os::is_terminal(STDIN_FILENO) && err_is_terminal && !is_automated();
  return terminal;
}

std::string paint(bool colour, Paint paint, std::string_view text) {
  std::string_view code;
  switch (paint) {
    case Paint::kNone:
      break;
    case Paint::kGreen:
      code = "32";
      break;
    case Paint::kRed:
      code = "31";
      break;
    case Paint::kYellow:
      code = "33";
      break;
    case Paint::kBold:
      code = "1";
      break;
    case Paint::kDim:
      code = "2";
      break;
  }
  if (!colour || code.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string table(const std::vector<Row>& rows, bool colour, std::size_t gap) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width_of(escape_terminal(row[i].text)));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    std::size_t owed = 0;  // spaces before the next cell that is not empty
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string cell = escape_terminal(row[i].text);
      if (!cell.empty()) line += std::string(std::exchange(owed, 0), ' ') + paint(colour, row[i].colour, cell);
      owed += widths[i] - width_of(cell) + gap;
    }
    text += line + "\n";
  }
  return text;
}

Status out(const Pieces& text) {
  bool written = true;
  for (const SharedBytes& piece : text.all())
    written = written && std::fwrite(piece.view().data(), 1, piece.view().size(), stdout) == piece.view().size();
  written = written && std::fflush(stdout) == 0;
  if (written) return {};
  return Error(ErrorCode::kUnavailable, "standard output took only a part of the result",
               "what was done is done; pawl status shows it");
}
void err(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

namespace {

bool is_longer_than_terminal(const std::string& text) {
  winsize size{};
  bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return known && lines >= size.ws_row;
}

std::string pager(const std::string& command) {
  if (!command.empty()) return command;
  return os::environment("PAGER").value_or("less");
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    ssize_t wrote = ::write(descriptor, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;  // the reader has seen enough
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

}  // namespace

bool page(const std::string& text, const std::string& command) {
  std::string program = pager(command);
  if (program.empty() || program == "cat" || !is_longer_than_terminal(text)) return false;
  int ends[2];
  if (::pipe(ends) != 0) return false;
  pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::setenv("LESS", "FRX", 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // The user's own words for the user's own shell, as everybody reads PAGER.
    ::execl("/bin/sh", "sh", "-c", program.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[0]);
  if (child < 0) {
    ::close(ends[1]);
    return false;
  }
  std::signal(SIGPIPE, SIG_IGN);
  write_all(ends[1], text);
  ::close(ends[1]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  constexpr int kNoSuchProgram = 127;
  return !(WIFEXITED(status) && WEXITSTATUS(status) == kNoSuchProgram);
}

}  // namespace pawl::cli
