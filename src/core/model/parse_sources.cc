#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/model/formats.h"
#include "core/model/lock.h"
#include "core/model/parse.h"
#include "format/reference.h"

namespace pawl::model {

using format::Value;

namespace {

// `value` is a repository of a registry, written as `text`.
void check_reference(FieldReader& reader, const Value& value, const std::string& where, std::string_view text) {
  Result<format::ImageReference> reference = format::parse_image_reference(text);
  if (!reference) {
    reader.error(value, "reference", fmt::format("{}: {}", where, reference.error().message));
  } else if (!reference->tag.empty() || reference->digest) {
    reader.error(value, "reference", where + " names a version", "leave the tag to `version`");
  }
}

// Flux and Helm write "oci://" before what is an OCI repository anyway.
std::string_view without_scheme(std::string_view repository) {
  constexpr std::string_view kOci = "oci://";
  return repository.starts_with(kOci) ? repository.substr(kOci.size()) : repository;
}

void check_repository(FieldReader& reader, const Node& node, std::string_view field) {
  const Value* value = node.value->find(field);
  if (value == nullptr || !value->is_string()) return;
  check_reference(reader, *value, fmt::format("{}.{}", node.where, field), without_scheme(value->as_string()));
}

// Fields that say something about another kind of source would be left unread.
void refuse_foreign_fields(FieldReader& reader, const Node& node, std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOwners = {
      {{"branch", "git"}, {"tag", "git"}, {"commit", "git"}, {"path", "git"}, {"repository", "helm"}}};
  for (const auto& [field, owner] : kOwners) {
    const Value* value = node.value->find(field);
    if (value == nullptr || owner == kind) continue;
    reader.error(*value, "source", fmt::format("{}.{} belongs to a {} source", node.where, field, owner),
                 "pawl explain sources");
  }
}

void check_chart_repository(FieldReader& reader, const Node& node, const HelmSource& helm) {
  const Value& repository = *node.value->find("repository");
  bool http = helm.repository.starts_with("https://") || helm.repository.starts_with("http://");
  if (!http && !helm.repository.starts_with("oci://"))
    reader.error(repository, "source", node.where + ".repository is neither an https:// nor an oci:// URL",
                 "write repository: https://charts.example.com");
  if (holds_password(helm.repository))
    reader.error(repository, kSecretCode, node.where + ".repository holds a password",
                 "leave it out: the lock repeats it, and charts are asked for without credentials");
  if (http && helm.chart.find('/') != std::string::npos)
    reader.error(*node.value->find("helm"), "source", node.where + ".helm is no chart's name",
                 "the rest of the path belongs to repository");
}

// A chart is asked for at "oci://REGISTRY/PATH", or by its name in a repository.
void check_chart(FieldReader& reader, const Node& node, const Source& source, const HelmSource& helm) {
  bool whole = helm.chart.starts_with("oci://");
  if (whole && !helm.repository.empty()) {
    reader.error(*node.value->find("repository"), "source", node.where + " names two repositories",
                 "helm says all of it: leave repository out");
  } else if (!whole && helm.repository.empty()) {
    reader.error(*node.value, "source", node.where + " must say which repository the chart is in",
                 "write repository: https://charts.example.com");
  } else if (whole || helm.repository.starts_with("oci://")) {
    check_reference(reader, *node.value->find("helm"), node.where + ".helm", place_of(source));
  } else {
    check_chart_repository(reader, node, helm);
  }
}

decltype(Source::from) parse_from(FieldReader& reader, const Node& node, std::string_view kind) {
  if (kind == "image" || kind == "oci") check_repository(reader, node, kind);
  refuse_foreign_fields(reader, node, kind);
  std::string given = reader.text(node, kind);
  if (kind == "image") return ImageSource{given};
  if (kind == "oci") return OciSource{std::string(without_scheme(given))};
  if (kind == "helm") return HelmSource{given, reader.text(node, "repository")};
  if (kind == "files") return FilesSource{checked_path(reader, *node.value->find(kind), given, node.where + ".files")};
  std::string path = reader.text(node, "path");
  if (!path.empty()) path = checked_path(reader, *node.value->find("path"), path, node.where + ".path");
  return GitSource{given, reader.text(node, "branch"), reader.text(node, "tag"), reader.text(node, "commit"), path};
}

void parse_source(FieldReader& reader, const Node& node, const std::string& name,
                  std::span<const std::string_view> kinds, std::vector<Source>& out) {
  if (!reader.open(node)) return;
  std::vector<std::string_view> given;
  for (std::string_view kind : kinds) {
    if (node.value->find(kind) != nullptr) given.push_back(kind);
  }
  if (given.size() != 1) {
    reader.error(*node.value, "source",
                 fmt::format("{} must have exactly one of {}", node.where, fmt::join(kinds, ", ")),
                 "pawl explain " + node.schema);
    return;
  }
  Source source{.name = name,
                .from = parse_from(reader, node, given[0]),
                .version = reader.text(node, "version"),
                .at = node.value->at()};
  const auto* git = std::get_if<GitSource>(&source.from);
  std::size_t wanted = source.version.empty() ? 0 : 1;
  if (git != nullptr)
    wanted += (git->branch.empty() ? 0u : 1u) + (git->tag.empty() ? 0u : 1u) + (git->commit.empty() ? 0u : 1u);
  bool is_files = given[0] == "files";
  if (is_files ? wanted != 0 : wanted != 1) {
    reader.error(*node.value, "version",
                 is_files ? fmt::format("{} is a local folder and has no version", node.where)
                          : fmt::format("{} must say which version is wanted, once", node.where),
                 git != nullptr ? "one of version, branch, tag, commit" : "write version: \">=1.2 <2\"");
  }
  if (const auto* helm = std::get_if<HelmSource>(&source.from)) check_chart(reader, node, source, *helm);
  out.push_back(std::move(source));
}

}  // namespace

std::vector<Source> parse_sources(FieldReader& reader, const Node& spec, std::string_view field,
                                  std::span<const std::string_view> kinds) {
  std::vector<Source> out;
  Node sources = reader.child(spec, field);
  if (sources.value == nullptr) return out;
  if (!sources.value->is_map()) {
    reader.error(*sources.value, "type", fmt::format("{} is not a map from names", field));
    return out;
  }
  for (const format::Member& member : sources.value->members()) {
    if (!is_dns_label(member.key)) {
      reader.error(member.key_at, member.key.size(), "name",
                   fmt::format("\"{}\" cannot be a source's name", escape_terminal(member.key.substr(0, 80))));
    }
    parse_source(reader, {&member.value, fmt::format("{}.{}", field, member.key), std::string(field)},
                 std::string(member.key), kinds, out);
  }
  // A map has no order, so none may reach a digest.
  std::sort(out.begin(), out.end(), [](const Source& a, const Source& b) { return a.name < b.name; });
  return out;
}

}  // namespace pawl::model
