#include "format/yaml_readers.h"

#include <map>
#include <random>

#include "tests/fuzz/same_tree.h"
#include "tests/support/shared.h"

// The two readers of YAML, on real files and on generated ones: what the fast one reads, both read the same.

namespace pawl {
namespace {

using format::Arena;
using format::Value;
using testing_support::shared;

enum class Read : std::uint8_t { kFast, kSlowly, kNeither };

// Who reads it. What the fast reader reads, the other must agree with.
Read agrees(const std::string& text, const std::string& name) {
  format::YamlOptions options{.file = name};
  Arena arena;
  std::vector<Value> fast;
  bool read = format::read_yaml_fast(arena, text, options, fast);
  Result<std::vector<Value>> events = format::read_yaml_events(arena, text, options);
  if (!read) return events ? Read::kSlowly : Read::kNeither;
  EXPECT_TRUE(events.ok()) << name << " is refused by the other reader: " << text;
  if (!events) return Read::kNeither;
  EXPECT_EQ(fast.size(), events->size()) << name;
  for (std::size_t i = 0; i < std::min(fast.size(), events->size()); ++i) {
    EXPECT_EQ(fuzz::difference_of(fast[i], (*events)[i]), "") << name << "\n" << text.substr(0, 4096);
  }
  return Read::kFast;
}

using Counts = std::map<Read, std::size_t>;

void read_below(const std::string& folder, Counts& counts) {
  for (const os::FolderEntry& entry : os::list_folder(folder).value()) {
    std::string path = os::join_path(folder, entry.name);
    if (entry.kind == os::EntryKind::kFolder) read_below(path, counts);
    bool yaml = entry.name.ends_with(".yaml") || entry.name.ends_with(".yml") || entry.name.ends_with(".json");
    if (entry.kind != os::EntryKind::kFile || !yaml) continue;
    ++counts[agrees(os::read_file(path).value(), path)];
  }
}

TEST(YamlReadersSlow, AgreeOnRealManifests) {
  PAWL_NEEDS_SHARED("inputs");
  Counts counts;
  read_below(shared("inputs"), counts);
  read_below(shared("kustomize-cases"), counts);
  EXPECT_GT(counts[Read::kFast], 500u);
  EXPECT_LT(counts[Read::kSlowly] * 50, counts[Read::kFast]) << "too much is left to the slow reader";
}

// Random documents in the styles that people and printers use.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string stream() {
    out_.clear();
    for (std::size_t documents = 1 + pick(3); documents > 0; --documents) {
      if (!out_.empty() || pick(3) == 0) out_ += pick(4) == 0 ? "--- # next\n" : "---\n";
      if (pick(8) != 0) map(pick(5) == 0 ? 2 : 0, 4);
    }
    return out_;
  }

 private:
  std::size_t pick(std::size_t limit) { return random_() % limit; }
  template <std::size_t N>
  std::string_view one_of(const std::string_view (&words)[N]) {
    return words[pick(N)];
  }
  void pad(std::size_t columns) { out_.append(columns, ' '); }

  void end_line() {
    static constexpr std::string_view kEnds[] = {
        "\n", "\n", "\n", "\n", " \n", "  # note: x\n", "\n\n", "\n# at the margin\n", "\n   \n"};
    out_ += one_of(kEnds);
  }

  void key() {
    static constexpr std::string_view kKeys[] = {"name", "a.b/c", "\"quoted\"", "'single'", "with space", "x:y",
                                                 "é",    "1",     "true",       "-dash",    "key  ",      "\"a\\tb\""};
    out_ += one_of(kKeys);
    out_ += std::to_string(serial_++);
    if (out_[out_.size() - 2] == '"' || out_[out_.size() - 2] == '\'') out_.pop_back();
  }

  std::string_view word() {
    static constexpr std::string_view kWords[] = {
        "text", "1",    "0x1f",   "true", "~",    "10.0.0.1",   "a#b",   "x:y", "http://h:80/p?q=r#s",
        "it's", "-1",   "--flag", "ü",    "日本", "2020-01-01", "1_000", ".5",  "null",
        "$(x)", "a\"b", "1e3",    "b]c",  "{",    ",",          "*"};
    return one_of(kWords);
  }

  void plain(std::size_t indent) {
    static constexpr std::string_view kFirst[] = {"text", "1", "true", "~", "word", "http://h:80/p", "-x", "é", "08"};
    out_ += one_of(kFirst);
    for (std::size_t words = pick(3); words > 0; --words) {
      if (pick(6) == 0) {
        out_ += pick(4) == 0 ? "  \n\n" : "\n";
        pad(indent + 1 + pick(3));
        out_ += "more";
      } else {
        out_ += ' ';
        out_ += word();
      }
    }
    end_line();
  }

  void quoted(std::size_t indent, char quote) {
    static constexpr std::string_view kDouble[] = {"\\n", "\\t", "\\\"", "\\x41", "\\u00e9", "\\\\", "\\/", "\\ ", "'"};
    static constexpr std::string_view kSingle[] = {"''", "\\", "\"", ": ", "# "};
    out_ += quote;
    for (std::size_t words = pick(5); words > 0; --words) {
      out_ += pick(3) == 0 ? (quote == '"' ? one_of(kDouble) : one_of(kSingle)) : std::string_view("some ");
      if (pick(8) == 0) {
        out_ += pick(3) == 0 ? " \n \n" : "\n";
        pad(indent + pick(3));
      }
    }
    out_ += quote;
  }

  void block(std::size_t indent) {
    static constexpr std::string_view kHeaders[] = {"|", ">", "|-", ">-", "|+", ">+", "|2", ">1-", "|- # note", "|-2"};
    static constexpr std::string_view kLines[] = {"text",  "  more", "",    "a: b", "# no comment",
                                                  "\ttab", "é",      "- x", "   "};
    out_ += one_of(kHeaders);
    out_ += '\n';
    for (std::size_t lines = pick(6); lines > 0; --lines) {
      std::string_view line = one_of(kLines);
      if (!line.empty()) pad(indent + 2);
      out_ += line;
      out_ += '\n';
    }
  }

  void flow(std::size_t depth) {
    static constexpr std::string_view kScalars[] = {"a",   "1",         "\"q\"", "'s'", "a b",
                                                    "x:y", "\"a\\nb\"", "-1",    "é",   "~"};
    static constexpr std::string_view kGaps[] = {"", "", " ", "\n      ", " # note\n    ", "\n"};
    bool is_map = pick(2) == 0;
    out_ += is_map ? '{' : '[';
    for (std::size_t elements = pick(4); elements > 0; --elements) {
      out_ += one_of(kGaps);
      if (is_map) out_ += (pick(2) == 0 ? "\"k" : "'k") + std::to_string(serial_++);
      if (is_map) out_ += out_[out_.rfind('k') - 1];
      if (is_map) out_ += pick(4) == 0 ? ":" : ": ";
      if (depth > 0 && pick(3) == 0)
        flow(depth - 1);
      else
        out_ += one_of(kScalars);
      out_ += one_of(kGaps);
      if (elements > 1 || pick(4) == 0) out_ += ',';
    }
    out_ += one_of(kGaps);
    out_ += is_map ? '}' : ']';
  }

  // What stands behind "key:" or "-" of a collection at `indent`.
  void value(std::size_t indent, std::size_t depth, bool member) {
    std::size_t kind = pick(depth == 0 ? 7 : 10);
    if (kind == 0) return end_line();
    if (kind >= 7) return nested(indent, depth, member);
    out_ += pick(5) == 0 ? "  " : " ";
    if (kind <= 2) return plain(indent);
    if (kind == 3) return block(indent);
    if (kind == 4)
      flow(2);
    else
      quoted(indent, kind == 5 ? '"' : '\'');
    end_line();
  }

  void nested(std::size_t indent, std::size_t depth, bool member) {
    bool is_map = pick(2) == 0;
    bool compact = !member && pick(3) != 0;
    std::size_t inner = indent + (member && !is_map && pick(2) == 0 ? 0 : 2 + pick(2));
    if (compact) {
      out_ += ' ';
      inner = indent + 2;
    } else {
      end_line();
    }
    compact_ = compact;
    if (is_map)
      map(inner, depth - 1);
    else
      list(inner, depth - 1);
  }

  void map(std::size_t indent, std::size_t depth) {
    for (std::size_t members = 1 + pick(4); members > 0; --members) {
      if (!std::exchange(compact_, false)) pad(indent);
      key();
      out_ += ':';
      value(indent, depth, true);
    }
  }

  void list(std::size_t indent, std::size_t depth) {
    for (std::size_t items = 1 + pick(3); items > 0; --items) {
      if (!std::exchange(compact_, false)) pad(indent);
      out_ += '-';
      value(indent, depth, false);
    }
  }

  std::mt19937_64 random_;
  std::string out_;
  std::size_t serial_ = 0;
  bool compact_ = false;
};

std::string with_a_change(std::string text, std::mt19937_64& random) {
  constexpr std::string_view kTelling = " \n:-#'\"[]{},|>\\?&*!\t";
  std::size_t at = random() % (text.size() + 1);
  switch (random() % 3) {
    case 0:
      text.insert(at, 1, kTelling[random() % kTelling.size()]);
      break;
    case 1:
      text.erase(at, 1 + random() % 3);
      break;
    default:
      if (at < text.size()) text[at] = kTelling[random() % kTelling.size()];
      break;
  }
  return text;
}

TEST(YamlReadersSlow, AgreeOnGeneratedDocuments) {
  constexpr std::uint64_t kDocuments = 20'000;
  std::mt19937_64 random(1);
  Counts whole;
  Counts changed;
  for (std::uint64_t seed = 0; seed < kDocuments && !testing::Test::HasFailure(); ++seed) {
    std::string text = Generator(seed).stream();
    ++whole[agrees(text, "seed " + std::to_string(seed))];
    for (int i = 0; i < 4; ++i)
      ++changed[agrees(with_a_change(text, random), "seed " + std::to_string(seed) + ", changed")];
  }
  EXPECT_GT(whole[Read::kFast], kDocuments / 4) << "too few are read fast for the comparison to say much";
  EXPECT_GT(changed[Read::kFast], kDocuments / 2);
}

}  // namespace
}  // namespace pawl
