#include "core/render/remote.h"

#include <algorithm>

#include "base/text.h"
#include "core/render/files.h"

namespace pawl::render {

namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string ref_of(std::string_view query) {
  for (std::string_view pair : split(query, '&')) {
    if (take_prefix(pair, "ref=") || take_prefix(pair, "version=")) return std::string(pair);
  }
  return {};
}

// "host:org/repo", as scp writes it, or "host/org/repo".
std::string with_slash_behind_host(std::string_view text) {
  std::size_t end = text.find_first_of(":/");
  std::string host(text.substr(0, end));
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (end == std::string_view::npos) return host;
  std::string_view rest = text.substr(end + 1);
  std::size_t digits = rest.find_first_not_of("0123456789");
  bool port = text[end] == ':' && digits != 0 && (digits == std::string_view::npos || rest[digits] == '/');
  return host + (port ? ":" : "/") + std::string(rest);
}

// One way to write a path: no empty parts, no ".", and no ".git" at the end of a part.
std::string plain(std::string_view path) {
  std::string out;
  for (std::string_view part : split(path, '/')) {
    if (part.ends_with(".git")) part.remove_suffix(4);
    if (part.empty() || part == ".") continue;
    out += (out.empty() ? "" : "/") + std::string(part);
  }
  return out;
}

// What follows `above` in `path`; nullopt when it does not lie there.
std::optional<std::string> below(std::string_view path, std::string_view above) {
  if (above.empty()) return std::string(path);
  if (!take_prefix(path, above)) return std::nullopt;
  if (path.empty()) return std::string();
  if (!take_prefix(path, "/")) return std::nullopt;
  return std::string(path);
}

// The version that a source is of, where it asks for one and no other.
std::string fixed_version(const model::GitSource& git) {
  if (!git.tag.empty()) return git.tag;
  return git.branch.empty() ? git.commit : git.branch;
}

Error other_version(const model::Source& source, const std::string& version, const RemoteBase& remote) {
  return Error(ErrorCode::kInvalid,
               "it asks for " + escape_terminal(remote.ref) + ", and source " + source.name + " is " + version,
               "bring both to one version, or give the source a version range: then it chooses");
}

}  // namespace

std::optional<RemoteBase> parse_remote(std::string_view entry) {
  take_prefix(entry, "git::");
  bool url = false;
  for (std::string_view scheme : {"https://", "http://", "ssh://", "git://", "file://"})
    url |= take_prefix(entry, scheme);
  std::size_t question = entry.find('?');
  std::string ref = question == std::string_view::npos ? "" : ref_of(entry.substr(question + 1));
  std::string_view place = entry.substr(0, question);
  std::size_t at = place.substr(0, place.find_first_of("/:")).find('@');
  bool user = at != std::string_view::npos;
  if (user) place.remove_prefix(at + 1);
  bool known_host = false;
  for (std::string_view host : {"github.com/", "github.com:", "gitlab.com/", "bitbucket.org/"})
    known_host |= place.starts_with(host);
  if (!url && !user && !known_host && ref.empty()) return std::nullopt;
  return RemoteBase{plain(with_slash_behind_host(place)), std::move(ref)};
}

Result<std::string> resolve_in_source(std::string_view folder, std::string_view relative) {
  PAWL_ASSIGN(std::string path, resolve_path(folder, relative));
  std::string_view inside = folder;
  if (!take_prefix(inside, model::kSourcesFolder) || !take_prefix(inside, "/")) return path;
  std::string_view name = inside.substr(0, inside.find('/'));
  std::string_view source = folder.substr(0, folder.size() - inside.size() + name.size());
  if (below(path, source)) return path;
  return Error(ErrorCode::kInvalid,
               "\"" + escape_terminal(relative.substr(0, 200)) + "\" leaves the source " + std::string(name));
}

Result<std::optional<std::string>> folder_of_remote(std::span<const model::Source> sources, const RemoteBase& remote) {
  for (const model::Source& source : sources) {
    const auto* git = std::get_if<model::GitSource>(&source.from);
    std::optional<RemoteBase> repository = git == nullptr ? std::nullopt : parse_remote(git->url);
    if (!repository) continue;
    std::optional<std::string> path = below(remote.place, repository->place);
    if (!path) continue;
    std::string version = fixed_version(*git);
    bool other = !version.empty() && !remote.ref.empty() && version != remote.ref;
    if (other) return other_version(source, version, remote);
    std::optional<std::string> inside = below(*path, git->path);
    if (!inside)
      return Error(ErrorCode::kInvalid,
                   "it names \"" + escape_terminal(*path) + "\", and source " + source.name + " holds " + git->path +
                       " of that repository",
                   "widen sources." + source.name + ".path");
    std::string folder = std::string(model::kSourcesFolder) + "/" + source.name;
    return std::optional<std::string>(inside->empty() ? folder : folder + "/" + *inside);
  }
  return std::optional<std::string>();
}

}  // namespace pawl::render
