#include "core/cel/source.h"

#include <algorithm>

#include "base/utf8.h"

namespace pawl::cel {

namespace {

constexpr std::size_t kMostFaults = 100;
constexpr std::size_t kLongestSnippet = 16'384;

}  // namespace

Source::Source(std::string_view text) : text_(text) {
  line_starts_.push_back(0);
  line_start_bytes_.push_back(0);
  for (std::size_t byte = 0; byte < text_.size(); ++code_points_) {
    bool ends_line = text_[byte] == '\n';
    byte += decode_utf8(std::string_view(text_).substr(byte)).size;
    if (!ends_line) continue;
    line_starts_.push_back(static_cast<Offset>(code_points_ + 1));
    line_start_bytes_.push_back(byte);
  }
}

Source::Place Source::place_of(Offset at) const {
  if (at == kNowhere) return {};
  auto line = std::upper_bound(line_starts_.begin(), line_starts_.end(), at) - 1;
  return {line - line_starts_.begin() + 1, static_cast<long>(at - *line)};
}

std::string Source::render(const Fault& fault) const {
  Place place = place_of(fault.at);
  std::string out =
      "ERROR: <input>:" + std::to_string(place.line) + ":" + std::to_string(place.column + 1) + ": " + fault.message;
  if (place.line < 1) return out;
  std::size_t begin = line_start_bytes_[static_cast<std::size_t>(place.line) - 1];
  std::string line = text_.substr(begin, text_.find('\n', begin) - begin);
  if (line.size() > kLongestSnippet) return out;
  std::replace(line.begin(), line.end(), '\t', ' ');
  out += "\n | " + line + "\n | ";
  // Wide dots below characters of several bytes keep the caret in its column, roughly, as cel-go has it.
  std::string_view rest = line;
  for (long i = 0; i < place.column && !rest.empty(); ++i) {
    std::size_t size = decode_utf8(rest).size;
    out += size > 1 ? "\xEF\xBC\x8E" : ".";
    rest.remove_prefix(size);
  }
  return out + (!rest.empty() && decode_utf8(rest).size > 1 ? "\xEF\xBC\xBE" : "^");
}

std::string Source::render(std::vector<Fault> faults) const {
  std::size_t more = faults.size() > kMostFaults ? faults.size() - kMostFaults : 0;
  faults.resize(faults.size() - more);
  std::stable_sort(faults.begin(), faults.end(), [this](const Fault& a, const Fault& b) {
    Place left = place_of(a.at);
    Place right = place_of(b.at);
    return left.line != right.line ? left.line < right.line : left.column < right.column;
  });
  std::string out;
  for (const Fault& fault : faults) out += (out.empty() ? "" : "\n") + render(fault);
  if (more > 0) out += "\n" + std::to_string(more) + " more errors were truncated";
  return out;
}

}  // namespace pawl::cel
