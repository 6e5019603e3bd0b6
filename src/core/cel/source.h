#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::cel {

// Where something stands: code points from the start of the expression. kNowhere for the expression as a whole.
using Offset = std::uint32_t;
inline constexpr Offset kNowhere = ~Offset{0};

// One fault of an expression, in cel-go's words.
struct Fault {
  Offset at = kNowhere;
  std::string message;
};

// The text of an expression and where its lines begin.
class Source {
 public:
  explicit Source(std::string_view text);

  std::string_view text() const { return text_; }
  std::size_t code_points() const { return code_points_; }

  // Every fault as cel-go prints it: "ERROR: <input>:1:5: message", the line, a caret; sorted by place, at most 100,
  // joined by newlines.
  std::string render(std::vector<Fault> faults) const;

 private:
  struct Place {
    long line = -1;
    long column = -1;
  };
  Place place_of(Offset at) const;
  std::string render(const Fault& fault) const;

  std::string text_;
  std::size_t code_points_ = 0;
  std::vector<Offset> line_starts_;            // in code points
  std::vector<std::size_t> line_start_bytes_;  // in bytes
};

}  // namespace pawl::cel
