#include "cli/terminal.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "os/system.h"

namespace pawl::cli {

Terminal detect_terminal(bool no_color) {
  bool dumb = os::environment("TERM").value_or("") == "dumb";
  bool refused = no_color || dumb || !os::environment("NO_COLOR").value_or("").empty();
  bool forced = os::environment("CLICOLOR_FORCE").value_or("0") != "0";
  Terminal terminal;
  terminal.out_colour = !refused && (forced || os::is_terminal(STDOUT_FILENO));
  terminal.err_colour = !refused && (forced || os::is_terminal(STDERR_FILENO));
  terminal.progress = !dumb && os::is_terminal(STDERR_FILENO);
  return terminal;
}

std::string paint(bool colour, Paint paint, std::string_view text) {
  if (!colour) return std::string(text);
  std::string_view code;
  switch (paint) {
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
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(escape_terminal(row[i])));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string cell = escape_terminal(row[i]);
      line += cell;
      if (i + 1 < row.size()) line.append(widths[i] - width_of(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

void out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }
void err(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace pawl::cli
