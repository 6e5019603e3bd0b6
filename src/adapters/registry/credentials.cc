#include "adapters/registry/credentials.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/encoding.h"
#include "base/text.h"
#include "format/json.h"
#include "os/file.h"
#include "os/process.h"

namespace pawl::registry {

namespace {

constexpr std::string_view kHubKey = "https://index.docker.io/v1/";
constexpr std::chrono::seconds kHelperTime{30};

// The names under which a registry stands in the file.
std::vector<std::string> keys_of(const std::string& registry) {
  if (registry == "docker.io")
    return {std::string(kHubKey), "docker.io", "index.docker.io", "https://index.docker.io", "registry-1.docker.io"};
  return {registry,
          "https://" + registry,
          "https://" + registry + "/",
          "https://" + registry + "/v1/",
          "https://" + registry + "/v2/",
          "http://" + registry};
}

bool is_helper_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

// Asks docker-credential-NAME, whose answer is {"ServerURL", "Username", "Secret"}. What it prints may hold the secret,
// so nothing of it is shown.
Result<Credentials> ask_helper(const Context& context, const std::string& name, const std::string& key) {
  if (!is_helper_name(name))
    return Error(ErrorCode::kInvalid,
                 "config.json names a credential helper \"" + escape_terminal(name.substr(0, 80)) + "\"");
  std::string program = "docker-credential-" + name;
  os::Command command;
  command.argv = {program, "get"};
  command.environment = os::inherited_environment();
  command.input = key;
  Result<os::CommandResult> ran = os::run(context.within(kHelperTime), command);
  if (!ran) return std::move(ran).error().within("asking the credential helper " + program);
  if (ran->timed_out) return Error(ErrorCode::kDenied, program + " did not answer within 30 s");
  bool unknown = ran->exit_status != 0 && ran->output.find("not found in native keychain") != std::string::npos;
  if (unknown) return Credentials();
  if (ran->exit_status != 0)
    return Error(ErrorCode::kDenied, program + " failed with exit status " + std::to_string(ran->exit_status),
                 "run it by hand, or docker login again");
  format::Arena arena;
  Result<format::Value> answer = format::parse_json(arena, std::move(ran->output));
  if (!answer) return Error(ErrorCode::kDenied, program + " answers with what is no JSON");
  Credentials out{std::string(answer->string_at("Username")), std::string(answer->string_at("Secret")), ""};
  if (out.user == "<token>") out = {"", "", std::move(out.password)};
  return out;
}

Credentials read_entry(const format::Value& entry) {
  Credentials out;
  out.identity_token = entry.string_at("identitytoken");
  if (!out.identity_token.empty()) return out;
  out.user = entry.string_at("username");
  out.password = entry.string_at("password");
  Result<std::string> pair = from_base64_lenient(entry.string_at("auth"));
  std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon != std::string::npos) {
    out.user = pair->substr(0, colon);
    out.password = pair->substr(colon + 1);
  }
  return out;
}

std::optional<std::string> helper_for(const format::Value& root, const std::vector<std::string>& keys) {
  if (const format::Value* helpers = root.find("credHelpers")) {
    for (const std::string& key : keys) {
      if (std::string_view name = helpers->string_at(key); !name.empty()) return std::string(name);
    }
  }
  std::string store(root.string_at("credsStore"));
  return store.empty() ? std::nullopt : std::optional<std::string>(store);
}

}  // namespace

std::string Credentials::basic() const { return password.empty() ? "" : "Basic " + to_base64(user + ":" + password); }

Result<Credentials> find_credentials(const Context& context, const std::string& docker_config,
                                     const std::string& registry) {
  if (docker_config.empty()) return Credentials();
  std::string path = os::join_path(docker_config, "config.json");
  PAWL_ASSIGN(std::optional<std::string> bytes, os::read_file_if_present(path, 1u << 20));
  if (!bytes) return Credentials();
  format::Arena arena;
  Result<format::Value> root = format::parse_json(arena, std::move(*bytes));
  // The parser's error quotes the line, and the line may be the password's.
  if (!root) return Error(ErrorCode::kInvalid, path + " is not JSON");
  std::vector<std::string> keys = keys_of(registry);
  if (std::optional<std::string> helper = helper_for(*root, keys)) {
    PAWL_ASSIGN(Credentials found, ask_helper(context, *helper, keys.front()));
    if (!found.empty()) return found;
  }
  const format::Value* auths = root->find("auths");
  for (const std::string& key : keys) {
    const format::Value* entry = auths == nullptr ? nullptr : auths->find(key);
    if (entry == nullptr) continue;
    if (Credentials found = read_entry(*entry); !found.empty()) return found;
  }
  return Credentials();
}

}  // namespace pawl::registry
