#include <fmt/format.h>

#include <array>
#include <memory>

#include "base/text.h"
#include "cli/local_commands.h"
#include "cli/print_parts.h"
#include "cli/session.h"
#include "os/file.h"
#include "os/system.h"

// `key new`.

namespace pawl::cli {

namespace {

constexpr auto kTypes = std::to_array<std::string_view>({"ed25519", "ecdsa-p256"});

struct KeyRequest {
  std::string file;
  std::string type = "ed25519";
  bool dry_run = false;
};

std::string folder_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

int say_only(Session& session, const std::string& file) {
  std::string half = session.host().public_half(file);
  for (const std::string& path : {file, half}) {
    if (os::exists(path))
      return session.fail(
          Error(ErrorCode::kConflict, path + " is there already; no key is ever replaced", "name another file"));
  }
  return session.show({.text = escape_terminal(file) + " and " + escape_terminal(half) + " would be written.\n" +
                               closing("Nothing was done (--dry-run).", "pawl help key new"),
                       .names = escape_terminal(file) + "\n",
                       .value = [&](format::Arena& arena) {
                         format::Value value = format::Value::map();
                         value.set(arena, "private", file);
                         value.set(arena, "public", half);
                         value.set(arena, "dryRun", format::Value::boolean(true));
                         return value;
                       }});
}

int new_key(Session& session, const KeyRequest& request) {
  std::string file = request.file.empty() ? os::join_path(os::user_folder("config"), "key.pem") : request.file;
  if (request.dry_run) return say_only(session, file);
  if (Status folder = os::make_folders(folder_of(file), 0700); !folder) return session.fail(folder.error());
  Result<NewKey> key = session.host().new_key(file, request.type);
  if (!key) return session.fail(key.error());
  std::string text = fmt::format("{} {} and {}\n{}\n", ok(session.terminal(), "wrote"), escape_terminal(file),
                                 escape_terminal(key->public_file), key->id) +
                     closing("The public half goes under people: in pawl.yaml.", "pawl explain people");
  return session.show({.text = text, .names = key->id + "\n", .value = [&](format::Arena& arena) {
                         format::Value value = format::Value::map();
                         value.set(arena, "id", key->id);
                         value.set(arena, "type", request.type);
                         value.set(arena, "private", file);
                         value.set(arena, "public", key->public_file);
                         return value;
                       }});
}

}  // namespace

Command key_new_command() {
  auto request = std::make_shared<KeyRequest>();
  Command command{
      {"key new", api::Group::kConfigure, api::Effect::kChanges, "make a key pair: ada.pem and ada.pub",
       "pawl key new\npawl key new keys/ada.pem --type ecdsa-p256\nPAWL_KEY_PASSPHRASE_FILE=secret.txt pawl "
       "key new keys/ada.pem"},
      {},
      [request](Session& session) { return new_key(session, *request); }};
  Binder bind(command.slots);
  bind(request->file, {.name = "file",
                       .summary = "the private half (key.pem in your configuration folder, where it is found)",
                       .names = api::Names::kPath,
                       .positional = true});
  bind(request->type, {.name = "type", .summary = "ed25519 or ecdsa-p256", .words = kTypes});
  bind(request->dry_run, {.name = "dry-run", .summary = "only say what would be done"});
  return command;
}

}  // namespace pawl::cli
