#include "format/tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "base/limits.h"
#include "base/text.h"

namespace pawl::format {

namespace {

constexpr std::size_t kBlock = 512;

// POSIX.1-1988 ustar header; offsets are fixed by the format.
struct Header {
  std::array<char, 100> name;
  std::array<char, 8> mode;
  std::array<char, 8> uid;
  std::array<char, 8> gid;
  std::array<char, 12> size;
  std::array<char, 12> mtime;
  std::array<char, 8> checksum;
  char type;
  std::array<char, 100> link;
  std::array<char, 6> magic;
  std::array<char, 2> version;
  std::array<char, 32> user;
  std::array<char, 32> group;
  std::array<char, 8> major;
  std::array<char, 8> minor;
  std::array<char, 155> prefix;
  std::array<char, 12> padding;
};
static_assert(sizeof(Header) == kBlock);

template <std::size_t N>
void put_text(std::array<char, N>& field, std::string_view text) {
  std::memcpy(field.data(), text.data(), std::min(N, text.size()));
}

template <std::size_t N>
void put_octal(std::array<char, N>& field, std::uint64_t number) {
  put_text(field, fmt::format("{:0{}o}", number, N - 1));
}

unsigned checksum_of(const Header& header) {
  Header copy = header;
  copy.checksum.fill(' ');
  const auto* bytes = reinterpret_cast<const unsigned char*>(&copy);
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += bytes[i];
  return sum;
}

void append_entry(std::string& out, std::string_view name, char type, unsigned mode, std::string_view bytes) {
  Header header{};
  put_text(header.name, name);
  put_octal(header.mode, mode);
  put_octal(header.uid, 0);
  put_octal(header.gid, 0);
  put_octal(header.size, bytes.size());
  put_octal(header.mtime, 0);
  header.type = type;
  put_text(header.magic, std::string_view("ustar\0", 6));
  put_text(header.version, "00");
  put_text(header.checksum, fmt::format("{:06o}", checksum_of(header)));
  header.checksum[6] = '\0';
  header.checksum[7] = ' ';
  out.append(reinterpret_cast<const char*>(&header), kBlock);
  out.append(bytes);
  out.append((kBlock - bytes.size() % kBlock) % kBlock, '\0');
}

// "LENGTH path=NAME\n", where LENGTH counts itself.
std::string pax_record(std::string_view name) {
  std::string body = fmt::format(" path={}\n", name);
  std::size_t length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length) length = std::to_string(length).size() + body.size();
  return std::to_string(length) + body;
}

}  // namespace

std::string write_tar(const FileTree& tree) {
  std::string out;
  for (const TreeFile& file : tree) {
    bool is_long = file.path.size() > 100;
    if (is_long) append_entry(out, "pax", 'x', 0644, pax_record(file.path));
    append_entry(out, is_long ? std::string_view("long") : std::string_view(file.path), '0',
                 file.executable ? 0755 : 0644, file.bytes);
  }
  out.append(2 * kBlock, '\0');
  return out;
}

namespace {

Error bad(std::string what) { return Error(ErrorCode::kInvalid, "the archive is refused: " + std::move(what)); }

template <std::size_t N>
std::string text_of(const std::array<char, N>& field) {
  return {field.data(), strnlen(field.data(), N)};
}

// Octal digits, padded with spaces or NUL. Base-256 and negative numbers are not read.
template <std::size_t N>
Result<std::uint64_t> octal_of(const std::array<char, N>& field) {
  std::string_view text = trim(std::string_view(field.data(), strnlen(field.data(), N)));
  std::uint64_t number = 0;
  for (char c : text) {
    if (c < '0' || c > '7') return bad("a number that is not octal");
    number = number * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

// The path of a pax header that says nothing else.
Result<std::string> pax_path(std::string_view records) {
  std::string path;
  while (!records.empty()) {
    std::size_t space = records.find(' ');
    std::size_t length = 0;
    for (char c : records.substr(0, std::min<std::size_t>(space, 8))) {
      if (c < '0' || c > '9') return bad("a malformed pax header");
      length = length * 10 + static_cast<std::size_t>(c - '0');
    }
    bool whole = space != std::string_view::npos && length > space + 1 && length <= records.size() &&
                 records[length - 1] == '\n';
    if (!whole) return bad("a malformed pax header");
    std::string_view record = records.substr(space + 1, length - space - 2);
    if (!record.starts_with("path=") || !path.empty()) return bad("a pax header that overrides more than one path");
    path = record.substr(5);
    if (path.empty()) return bad("a pax header with an empty path");
    records.remove_prefix(length);
  }
  return path;
}

class TarReader {
 public:
  TarReader(std::string_view bytes, LeadingDot dot) : rest_(bytes), dot_(dot) {}

  Result<FileTree> read() {
    for (;;) {
      if (rest_.size() < kBlock) return bad("it ends too early");
      if (is_end()) break;
      PAWL_TRY(read_entry());
    }
    if (rest_.find_first_not_of('\0') != std::string_view::npos) return bad("something stands behind its end");
    if (!next_path_.empty()) return bad("a pax header that belongs to nothing");
    PAWL_TRY(check_parents());
    std::sort(tree_.begin(), tree_.end(), [](const TreeFile& a, const TreeFile& b) { return a.path < b.path; });
    return std::move(tree_);
  }

 private:
  bool is_end() const { return rest_.substr(0, kBlock).find_first_not_of('\0') == std::string_view::npos; }

  Status read_entry() {
    Header header;
    std::memcpy(&header, rest_.data(), kBlock);
    rest_.remove_prefix(kBlock);
    PAWL_ASSIGN(std::uint64_t sum, octal_of(header.checksum));
    if (sum != checksum_of(header)) return bad("a header whose checksum is wrong");
    PAWL_ASSIGN(std::uint64_t size, octal_of(header.size));
    std::uint64_t padded = (size + kBlock - 1) / kBlock * kBlock;
    if (size > limits::kTreeBytes || padded > rest_.size()) return bad("an entry larger than the archive");
    std::string_view body = rest_.substr(0, size);
    rest_.remove_prefix(padded);
    if (header.type == 'x') {
      if (!next_path_.empty()) return bad("two pax headers in a row");
      PAWL_ASSIGN(next_path_, pax_path(body));
      return {};
    }
    return take(header, body);
  }

  Status take(const Header& header, std::string_view body) {
    std::string path = text_of(header.name);
    if (std::string prefix = text_of(header.prefix); !prefix.empty()) path = prefix + "/" + path;
    if (!next_path_.empty()) path = std::exchange(next_path_, {});
    PAWL_ASSIGN(std::uint64_t mode, octal_of(header.mode));
    if ((mode & 07000) != 0) return bad("\"" + escape_terminal(path) + "\" has a setuid, setgid or sticky bit");
    bool is_folder = header.type == '5';
    bool is_file = header.type == '0' || header.type == '\0';
    if (!is_folder && !is_file)
      return bad("\"" + escape_terminal(path) + "\" is a link, a device or something else that is no file");
    if (is_folder && path.ends_with('/')) path.pop_back();
    if (dot_ == LeadingDot::kDropped) {
      if (is_folder && path == ".") return {};
      if (path.starts_with("./")) path.erase(0, 2);
    }
    if (!is_tree_path(path)) return bad("\"" + escape_terminal(path.substr(0, 200)) + "\" is not a path inside it");
    if (!seen_.insert(to_lower(path)).second)
      return bad("\"" + escape_terminal(path) + "\" stands twice, or but for case");
    if (is_folder) return {};
    total_ += body.size();
    if (total_ > limits::kTreeBytes || tree_.size() >= limits::kTreeFiles)
      return bad("more files or bytes than are read");
    tree_.push_back({std::move(path), std::string(body), (mode & 0100) != 0});
    return {};
  }

  // No file may stand where another entry needs a folder.
  Status check_parents() const {
    std::set<std::string> files;
    for (const TreeFile& file : tree_) files.insert(to_lower(file.path));
    for (const std::string& path : seen_) {
      for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (files.contains(path.substr(0, slash)))
          return bad("\"" + escape_terminal(path.substr(0, slash)) + "\" is a file and a folder");
      }
    }
    return {};
  }

  std::string_view rest_;
  LeadingDot dot_;
  std::string next_path_;
  std::set<std::string> seen_;
  FileTree tree_;
  std::size_t total_ = 0;
};

}  // namespace

Result<FileTree> read_tar(std::string_view bytes, LeadingDot dot) { return TarReader(bytes, dot).read(); }

}  // namespace pawl::format
