#include "base/encoding.h"
#include "base/time.h"
#include "format/glob.h"
#include "format/reference.h"
#include "format/semver.h"
#include "tests/fuzz/fuzz.h"

// Image references, versions and their ranges, patterns, digests, times: the first line is one, the rest another.

namespace pawl {
namespace {

void read_reference(std::string_view text) {
  Result<format::ImageReference> reference = format::parse_image_reference(text);
  if (!reference) return;
  crypto::Digest digest = crypto::sha256(text);
  Result<format::ImageReference> pinned = format::parse_image_reference(format::render_pinned(*reference, digest));
  check(pinned.ok() && pinned->digest == digest, "a pinned reference is a reference");
  check(pinned->name() == reference->name() && pinned->tag == reference->tag, "a pin keeps name and tag");
}

void read_range(std::string_view first, std::string_view second) {
  Result<format::VersionRange> range = format::VersionRange::parse(first);
  auto version = format::parse_version(second);
  if (version) check(*version == *version, "a version is equal to itself");
  if (range && version) check(range->contains(*version) == range->contains(*version), "a range has one answer");
}

void run(std::string_view text) {
  std::size_t end = text.find('\n');
  std::string_view first = text.substr(0, end);
  std::string_view second = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  read_reference(first);
  read_range(first, second);
  bool literal = first.find_first_of("*?") == std::string_view::npos;
  if (literal) check(format::glob_match(first, second) == (first == second), "a literal pattern matches itself alone");
  check(format::glob_match("*", second), "a star matches everything");
  check(format::glob_match(std::string(first) + "*", std::string(first)), "a star may match nothing");
  Result<crypto::Digest> digest = crypto::Digest::parse(first);
  if (digest) check(digest->str() == first, "a digest has one spelling");
  Result<Time> time = parse_time(first);
  if (time) check(parse_time(render_time(*time)).value() == *time, "a time reads back as it was written");
}

}  // namespace
}  // namespace pawl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pawl::run(pawl::fuzz::text_of(data, size));
  return 0;
}
