#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::cli {

// How to talk: results to standard output, messages to standard error; colour, symbols and progress on a terminal only,
// each stream judged apart.
struct Terminal {
  bool out_colour = false;
  bool err_colour = false;
  bool progress = false;
};
// Judges by NO_COLOR, CLICOLOR_FORCE, TERM=dumb, --no-color and what the streams are.
Terminal detect_terminal(bool no_color);

enum class Paint : std::uint8_t { kGreen, kRed, kYellow, kBold, kDim };
std::string paint(bool colour, Paint paint, std::string_view text);

// Columns padded to their widest cell; no trailing spaces. Cells are escaped.
std::string table(const std::vector<std::vector<std::string>>& rows);

void out(std::string_view text);
void err(std::string_view text);

}  // namespace pawl::cli
