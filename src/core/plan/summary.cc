#include "core/plan/summary.h"

#include <algorithm>
#include <charconv>

#include "base/shorten.h"

namespace pawl::plan {

std::string resource_uri(const std::string& project, const model::EnvironmentName& environment,
                         const crypto::Digest& bundle) {
  return "pawl:" + project + "/" + environment.str() + "@" + bundle.str();
}

namespace {

// Whether `uri` is `prefix` or below it: "pkg:oci/shop" has "pkg:oci/shop@sha256:..." below it, not "pkg:oci/shopping".
bool is_below(std::string_view uri, std::string_view prefix) {
  constexpr std::string_view kEnds = "/@?#:";
  if (!uri.starts_with(prefix)) return false;
  return uri.size() == prefix.size() || kEnds.find(prefix.back()) != std::string_view::npos ||
         kEnds.find(uri[prefix.size()]) != std::string_view::npos;
}

// The track and the number of "SLSA_BUILD_LEVEL_3".
struct Level {
  std::string_view track;
  unsigned number = 0;
};
std::optional<Level> level_of(std::string_view text) {
  constexpr std::string_view kWord = "_LEVEL_";
  std::size_t at = text.rfind(kWord);
  if (at == std::string_view::npos) return std::nullopt;
  Level out{text.substr(0, at), 0};
  std::string_view digits = text.substr(at + kWord.size());
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

// A summary names the highest level of each track.
bool reaches(std::string_view verified, std::string_view wanted) {
  if (verified == wanted) return true;
  std::optional<Level> has = level_of(verified);
  std::optional<Level> wants = level_of(wanted);
  return has && wants && has->track == wants->track && has->number >= wants->number;
}

std::string missing_level(const model::EvidenceGate& gate, const format::Value& predicate) {
  const format::Value* verified = predicate.find("verifiedLevels");
  for (const std::string& wanted : gate.levels) {
    std::span<const format::Value> all = verified == nullptr ? std::span<const format::Value>() : verified->items();
    bool there = std::any_of(all.begin(), all.end(),
                             [&](const format::Value& one) { return reaches(one.string_or_empty(), wanted); });
    if (!there) return wanted;
  }
  return "";
}

}  // namespace

std::optional<std::string> summary_refusal(const model::EvidenceGate& gate, const format::Value& predicate,
                                           const std::string& bundle_uri) {
  std::string about(predicate.string_at("resourceUri"));
  bool right = gate.resource_uri.empty() ? about == bundle_uri : is_below(about, gate.resource_uri);
  if (!right) return "it is about " + (about.empty() ? "nothing" : shortened(about, 200));
  const format::Value* id = predicate.at_path({"verifier", "id"});
  std::string verifier(id == nullptr ? std::string_view() : id->string_or_empty());
  if (verifier != gate.verifier)
    return "its verifier is " + (verifier.empty() ? "nobody" : shortened(verifier, 200)) + ", not " + gate.verifier;
  std::string result(predicate.string_at("verificationResult"));
  if (result != "PASSED") return "its result is " + (result.empty() ? "missing" : shortened(result, 80));
  std::string level = missing_level(gate, predicate);
  if (!level.empty()) return "it does not reach " + level;
  return std::nullopt;
}

}  // namespace pawl::plan
