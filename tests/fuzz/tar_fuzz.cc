#include "format/tar.h"
#include "tests/fuzz/fuzz.h"

namespace pawl {
namespace {

constexpr std::size_t kBlock = 512;

std::size_t octal(std::string_view field) {
  std::size_t value = 0;
  for (char c : field) {
    if (c < '0' || c > '7') break;
    value = value * 8 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

// With every header's checksum made right: a mutation would else never come further than that.
std::string with_checksums(std::string bytes) {
  std::size_t at = 0;
  while (at + kBlock <= bytes.size() && bytes[at] != '\0') {
    bytes.replace(at + 148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) sum += static_cast<unsigned char>(bytes[at + i]);
    for (std::size_t digit = 6; digit > 0; --digit, sum /= 8)
      bytes[at + 147 + digit] = static_cast<char>('0' + sum % 8);
    bytes[at + 154] = '\0';
    std::size_t size = octal(std::string_view(bytes).substr(at + 124, 12));
    if (size > bytes.size()) break;
    at += kBlock + (size + kBlock - 1) / kBlock * kBlock;
  }
  return bytes;
}

void run(const std::string& bytes) {
  Result<format::FileTree> tree = format::read_tar(bytes);
  if (!tree) return;
  for (const format::TreeFile& file : *tree) check(format::is_tree_path(file.path), "a path stays inside");
  Result<format::FileTree> again = format::read_tar(format::write_tar(*tree));
  check(again.ok() && *again == *tree, "a tree reads back as it was written");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = pawl::fuzz::text_of(data, size);
  pawl::run(bytes);
  pawl::run(pawl::with_checksums(bytes));
  return 0;
}
