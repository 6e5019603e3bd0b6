#include <array>
#include <memory>

#include "cli/completion.h"
#include "cli/local_commands.h"
#include "cli/print.h"
#include "cli/session.h"

// `completion`, and what its scripts ask.

namespace pawl::cli {

namespace {

constexpr auto kShells = std::to_array<std::string_view>({"bash", "zsh", "fish"});

// Somebody waits with a finger on a key: an answer late is no answer.
std::vector<std::string> names_in_store(Session& session, std::string_view kind) {
  constexpr auto kPatience = std::chrono::seconds(2);
  Result<Connection> connection =
      session.host().connect(session.place(), [](const auto&, const auto&, const auto&, const auto&) {});
  if (!connection) return {};
  Result<api::GetResponse> found =
      connection->service->get(session.context().within(kPatience), {.kind = std::string(kind)});
  if (!found) return {};
  std::vector<std::string> out;
  for (const api::EnvironmentView& environment : found->environments) out.push_back(environment.name);
  for (const api::ReleaseView& release : found->releases)
    out.insert(out.end(), release.versions.begin(), release.versions.end());
  for (const api::PromotionView& promotion : found->promotions) out.push_back(std::to_string(promotion.number));
  return out;
}

int answer(Session& session, const std::vector<std::string>& words) {
  Globals globals;
  std::vector<Slot> slots = slots_of(globals);
  auto list = [&](std::string_view kind) { return names_in_store(session, kind); };
  std::string out;
  for (const std::string& line : complete(words, all_commands(), slots, list)) out += line + "\n";
  return session.say(out);
}

}  // namespace

Command completion_command() {
  auto shell = std::make_shared<std::string>();
  Command command{
      {"completion", api::Group::kConfigure, api::Effect::kLooks, "a completion script for bash, zsh or fish",
       "source <(pawl completion bash)\npawl completion fish | source"},
      {},
      [shell](Session& session) { return session.say(completion_script(*shell).value_or("")); }};
  Binder(command.slots)(
      *shell, {.name = "shell", .summary = "the shell", .positional = true, .required = true, .words = kShells});
  return command;
}

Command complete_command() {
  auto words = std::make_shared<std::vector<std::string>>();
  Command command{{"__complete", api::Group::kConfigure, api::Effect::kLooks, "", ""}, {}, [words](Session& session) {
                    return answer(session, *words);
                  }};
  Binder(command.slots)(*words, {.name = "words", .summary = "", .positional = true});
  return command;
}

}  // namespace pawl::cli
