#include "adapters/registry/chart_index.h"

#include "base/text.h"
#include "format/yaml.h"

namespace pawl::registry {

using format::Value;

namespace {

constexpr std::string_view kSha256 = "sha256:";

Result<IndexedChart> read_entry(const Value& entry, const std::string& file, const std::string& name) {
  IndexedChart out{std::string(entry.string_at("version")), {}, std::string(entry.string_at("digest"))};
  if (out.digest.starts_with(kSha256)) out.digest.erase(0, kSha256.size());
  const Value* urls = entry.find("urls");
  for (const Value& url : urls == nullptr ? std::span<const Value>() : urls->items()) {
    if (!url.string_or_empty().empty()) out.urls.emplace_back(url.string_or_empty());
  }
  if (out.version.empty() || out.urls.empty())
    return Error(ErrorCode::kInvalid, file + " lists " + name + " without " + (out.urls.empty() ? "urls" : "version"));
  if (out.digest.empty() || crypto::Digest::parse(std::string(kSha256) + out.digest)) return out;
  return Error(ErrorCode::kInvalid, file + " gives " + name + " " + escape_terminal(out.version.substr(0, 80)) +
                                        " the digest \"" + escape_terminal(out.digest.substr(0, 80)) +
                                        "\", which is none");
}

}  // namespace

Result<std::vector<IndexedChart>> parse_chart_index(std::string text, const std::string& file,
                                                    const std::string& name) {
  PAWL_ASSIGN(format::Document document, format::parse_yaml_document(std::move(text), {.file = file}));
  const Value* entries = document.root.find("entries");
  if (entries == nullptr || !entries->is_map())
    return Error(ErrorCode::kInvalid, file + " is no index of charts: it has no entries");
  const Value* versions = entries->find(name);
  if (versions == nullptr)
    return Error(ErrorCode::kNotFound, file + " lists no chart " + escape_terminal(name.substr(0, 200)));
  std::vector<IndexedChart> out;
  for (const Value& entry : versions->items()) {
    const Value* removed = entry.find("removed");
    if (removed != nullptr && removed->is_bool() && removed->as_bool()) continue;
    PAWL_ASSIGN(IndexedChart chart, read_entry(entry, file, escape_terminal(name)));
    out.push_back(std::move(chart));
  }
  return out;
}

Result<IndexedChart> find_version(const std::vector<IndexedChart>& charts, const std::string& version,
                                  const std::string& where) {
  const IndexedChart* found = nullptr;
  for (const IndexedChart& chart : charts) {
    if (chart.version != version) continue;
    bool same = found == nullptr || (!chart.digest.empty() && chart.digest == found->digest);
    if (!same)
      return Error(ErrorCode::kInvalid, where + " lists version " + escape_terminal(version) + " twice",
                   "which one is meant cannot be told: have the repository's index.yaml mended");
    if (found == nullptr) found = &chart;
  }
  if (found != nullptr) return *found;
  return Error(ErrorCode::kNotFound, where + " has no version " + escape_terminal(version.substr(0, 200)));
}

}  // namespace pawl::registry
