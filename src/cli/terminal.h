#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pieces.h"
#include "base/result.h"

namespace pawl::cli {

// How to talk: results to standard output, messages to standard error; colour, symbols, progress, a pager and questions
// on a terminal only, each stream judged apart.
struct Terminal {
  bool out_colour = false;
  bool err_colour = false;
  bool symbols = false;   // on standard output: a terminal that speaks UTF-8
  bool progress = false;  // standard error is a terminal that can redraw a line
  bool pages = false;     // standard output is a terminal, and nobody automates it
  bool asks = false;      // standard input and error are a terminal, and nobody automates it
};
// Judges by `colour` ("auto", "always", "never"), NO_COLOR, CLICOLOR_FORCE, TERM=dumb, CI and what the streams are.
Terminal detect_terminal(std::string_view colour);

enum class Paint : std::uint8_t { kNone, kGreen, kRed, kYellow, kBold, kDim };
std::string paint(bool colour, Paint paint, std::string_view text);

// One cell of a table: text of anybody's, which is escaped, then painted.
struct Cell {
  std::string text;
  Paint colour = Paint::kNone;

  Cell(std::string t, Paint p = Paint::kNone) : text(std::move(t)), colour(p) {}  // NOLINT(google-explicit-constructor)
  Cell(const char* t) : text(t) {}                                                // NOLINT(google-explicit-constructor)
};
using Row = std::vector<Cell>;
// Columns padded to their widest cell, `gap` apart; no trailing spaces.
std::string table(const std::vector<Row>& rows, bool colour = false, std::size_t gap = 2);

// Writes to a stream. Errors: kUnavailable when standard output does not take it (a full disk, a closed reader).
Status out(const Pieces& text);
void err(std::string_view text);

// Shows `text` by the pager `command` ("" for PAGER, else less -FRX) where it is longer than the terminal; false where
// it was not shown, so that the caller prints it.
bool page(const std::string& text, const std::string& command);

}  // namespace pawl::cli
