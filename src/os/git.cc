#include "os/git.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

namespace pawl::os {

namespace {

constexpr std::chrono::minutes kLongestCall{5};

// What of GIT_* is about credentials and transport, not about which repository is meant.
bool may_pass(std::string_view name) {
  if (!name.starts_with("GIT_")) return true;
  constexpr std::array<std::string_view, 6> kKept = {"GIT_SSH",     "GIT_ASKPASS", "GIT_SSL_",
                                                     "GIT_CONFIG_", "GIT_PROXY_",  "GIT_HTTP_"};
  return std::any_of(kKept.begin(), kKept.end(), [&](std::string_view kept) { return name.starts_with(kept); });
}

std::map<std::string, std::string> git_environment() {
  std::map<std::string, std::string> out = inherited_environment();
  std::erase_if(out, [](const auto& entry) { return !may_pass(entry.first); });
  out["GIT_TERMINAL_PROMPT"] = "0";
  out["GIT_OPTIONAL_LOCKS"] = "0";
  out["GCM_INTERACTIVE"] = "never";
  out["LC_ALL"] = "C";
  return out;
}

// Removes user and password from every URL in `text`.
std::string without_credentials(std::string text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    std::size_t end = text.find_first_of("/ '\"\n", at + 3);
    std::size_t user = text.substr(0, end).rfind('@');
    if (user != std::string::npos && user > at) text.erase(at + 3, user - at - 2);
  }
  return text;
}

bool says(const std::string& errors, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return errors.find(phrase) != std::string::npos; });
}

ErrorCode code_of(const std::string& errors) {
  if (says(errors, {"could not read Username", "could not read Password", "Authentication failed", "Permission denied",
                    "returned error: 403", "returned error: 401", "Host key verification failed"}))
    return ErrorCode::kDenied;
  if (says(errors, {"does not appear to be a git repository", "' does not exist", "not found",
                    "Not a valid object name", "couldn't find remote ref", "not our ref"}))
    return ErrorCode::kNotFound;
  return ErrorCode::kUnavailable;
}

// The last lines say why; what stands above them is progress and advice.
std::string reason_in(const std::string& errors) {
  std::string out;
  for (std::string_view line : split(errors, '\n')) {
    bool telling = line.starts_with("fatal:") || line.starts_with("error:") || line.starts_with("remote:");
    if (telling && out.size() < 400) out += (out.empty() ? "" : "; ") + escape_terminal(line.substr(0, 300));
  }
  return out.empty() ? escape_terminal(trim(errors).substr(0, 300)) : out;
}

Error invalid_url(std::string_view url, const std::string& why) {
  return Error(ErrorCode::kInvalid,
               "\"" + escape_terminal(without_credentials(std::string(url.substr(0, 200)))) + "\" " + why,
               "https://, ssh://, file://, an absolute path, or user@host:path");
}

bool is_host(std::string_view host) {
  return !host.empty() && host[0] != '-' && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':' || c == '[' || c == ']' || c == '_';
  });
}

Status check_authority(std::string_view url, std::string_view authority) {
  std::size_t at = authority.rfind('@');
  std::string_view user = at == std::string_view::npos ? "" : authority.substr(0, at);
  std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (user.find(':') != std::string_view::npos) {
    Error error = invalid_url(url, "holds a password, which every process on this machine could read");
    error.hint = "keep it in a git credential helper";
    return error;
  }
  if (user.starts_with('-') || !is_host(host)) return invalid_url(url, "names no host");
  return {};
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host.starts_with("localhost:") || host == "127.0.0.1" ||
         host.starts_with("127.0.0.1:") || host == "[::1]" || host.starts_with("[::1]:");
}

Status check_scp_form(std::string_view url) {
  std::size_t colon = url.find(':');
  bool scp = colon != std::string_view::npos && url.find('/') > colon && url.substr(colon, 2) != "::";
  if (!scp) return invalid_url(url, "is not a repository that git may be asked for");
  return check_authority(url, url.substr(0, colon));
}

}  // namespace

Status check_git_url(std::string_view url) {
  bool control = std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
  if (url.empty() || url.starts_with('-') || control || url.size() > limits::kPathBytes)
    return invalid_url(url, "is not a repository that git may be asked for");
  if (url.starts_with('/')) return {};
  std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return check_scp_form(url);
  std::string_view scheme = url.substr(0, scheme_end);
  std::string_view rest = url.substr(scheme_end + 3);
  std::string_view authority = rest.substr(0, rest.find('/'));
  if (scheme == "file") return rest.starts_with('/') ? Status() : invalid_url(url, "names a file of another machine");
  if (scheme == "http" && !is_loopback_host(authority)) return invalid_url(url, "would be fetched without TLS");
  if (scheme != "https" && scheme != "ssh" && scheme != "http")
    return invalid_url(url, "is of a scheme that is not fetched");
  return check_authority(url, authority);
}

Status check_git_name(std::string_view name) {
  constexpr std::string_view kForbidden = " ~^:?*[\\\x7f";
  bool bad_byte = std::any_of(name.begin(), name.end(), [&](char c) {
    return static_cast<unsigned char>(c) < 0x20 || kForbidden.find(c) != std::string_view::npos;
  });
  bool bad = name.empty() || name.size() > 200 || name.starts_with('-') || bad_byte || name == "@" ||
             name.ends_with('.') || name.find("..") != std::string_view::npos ||
             name.find("@{") != std::string_view::npos;
  for (std::string_view part : split(name, '/')) bad = bad || part.empty() || part[0] == '.' || part.ends_with(".lock");
  if (!bad) return {};
  return Error(ErrorCode::kInvalid,
               "\"" + escape_terminal(name.substr(0, 200)) + "\" is not the name of a branch or a tag");
}

bool is_git_object_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<GitResult> try_git(const Context& context, const GitCall& call) {
  Command command;
  command.argv = {"git", "--literal-pathspecs",
                  "-c",  "core.hooksPath=/dev/null",
                  "-c",  "protocol.ext.allow=never",
                  "-c",  "core.fsmonitor=false",
                  "-c",  "gc.auto=0",
                  "-c",  "maintenance.auto=false"};
  if (!call.repository.empty()) command.argv.push_back("--git-dir=" + call.repository);
  command.argv.insert(command.argv.end(), call.arguments.begin(), call.arguments.end());
  command.environment = git_environment();
  command.input = call.input;
  command.folder = call.folder;
  command.max_output = call.max_output;
  PAWL_ASSIGN(CommandResult result, run(context.within(kLongestCall), command));
  std::string verb = call.arguments.empty() ? "" : call.arguments.front();
  if (result.timed_out) return Error(ErrorCode::kTimeout, "git " + verb + " took too long");
  if (result.truncated)
    return Error(ErrorCode::kInvalid,
                 "git " + verb + " answers with more than " + std::to_string(call.max_output) + " bytes");
  return GitResult{result.exit_status, std::move(result.output), without_credentials(std::move(result.errors))};
}

Result<std::string> git(const Context& context, const GitCall& call) {
  PAWL_ASSIGN(GitResult result, try_git(context, call));
  if (result.exit_status == 0) return std::move(result.output);
  return git_error(call, result);
}

Error git_error(const GitCall& call, const GitResult& result) {
  std::string verb = call.arguments.empty() ? "" : call.arguments.front();
  return Error(code_of(result.errors), "git " + verb + ": " + reason_in(result.errors));
}

Status make_bare_repository(const Context& context, const std::string& folder) {
  if (exists(join_path(folder, "HEAD")) && exists(join_path(folder, "objects"))) return {};
  PAWL_TRY(make_folders(folder, 0700));
  PAWL_TRY(git(context, {"", {"init", "--quiet", "--bare", "--template=", "--", folder}, "", 1u << 20}));
  return {};
}

Result<std::vector<GitEntry>> list_git_tree(const Context& context, const std::string& repository,
                                            const std::string& commit, const std::string& folder) {
  std::vector<std::string> arguments = {"ls-tree", "-r", "-z", "--full-tree", commit};
  if (!folder.empty()) arguments.insert(arguments.end(), {"--", folder + "/"});
  PAWL_ASSIGN(std::string listing, git(context, {repository, arguments, ""}));
  std::vector<GitEntry> out;
  for (std::string_view entry : split(listing, '\0')) {
    std::size_t tab = entry.find('\t');
    if (tab == std::string_view::npos) continue;
    std::vector<std::string_view> words = split(entry.substr(0, tab), ' ');
    if (words.size() != 3) return Error(ErrorCode::kUnknown, "git ls-tree answers with what is no tree");
    std::string_view path = entry.substr(tab + 1);
    if (!folder.empty()) path.remove_prefix(std::min(path.size(), folder.size() + 1));
    out.push_back({std::string(words[0]), std::string(words[2]), std::string(path)});
    if (out.size() > limits::kTreeFiles)
      return Error(ErrorCode::kInvalid, "the tree holds more than " + std::to_string(limits::kTreeFiles) + " files");
  }
  return out;
}

Result<std::map<std::string, std::string>> read_git_blobs(const Context& context, const std::string& repository,
                                                          const std::vector<std::string>& ids) {
  std::map<std::string, std::string> out;
  std::string input;
  for (const std::string& id : std::set<std::string>(ids.begin(), ids.end())) input += id + "\n";
  if (input.empty()) return out;
  PAWL_ASSIGN(std::string stream, git(context, {repository, {"cat-file", "--batch"}, input, limits::kTreeBytes}));
  std::string_view rest = stream;
  while (!rest.empty()) {
    std::size_t line_end = rest.find('\n');
    std::vector<std::string_view> words = split(rest.substr(0, line_end), ' ');
    std::size_t size = 0;
    bool blob = words.size() == 3 && words[1] == "blob";
    if (blob) std::from_chars(words[2].data(), words[2].data() + words[2].size(), size);
    if (!blob || rest.size() < line_end + size + 2)
      return Error(ErrorCode::kIntegrity, "git holds no blob that its tree names");
    out[std::string(words[0])] = rest.substr(line_end + 1, size);
    rest.remove_prefix(line_end + size + 2);
  }
  return out;
}

}  // namespace pawl::os
