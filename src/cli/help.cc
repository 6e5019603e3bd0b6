#include "cli/help.h"

#include <array>
#include <utility>

namespace pawl::cli {

std::string front_page() {
  return R"(Pawl moves a release from development to production one way only, and proves every step.

  pawl init && pawl release 1 && pawl promote --to dev

Start
  init        write a first pawl.yaml, keys and store
  status      what is where, and what to do next (the home page)
  doctor      look for what is wrong here

Build
  lock        resolve every source and image to a digest
  render      print what one environment would get
  release     cut an immutable release: a bundle for every environment
  reproduce   render a release again from its snapshot and compare

Change
  plan        what a promotion would change, and every gate's answer
  promote     move a release into an environment
  rollback    go back to an earlier bundle, byte for byte
  reconcile   restore what was changed by hand
  retry, abort, hold, apply

Understand
  why         every gate for a release and an environment
  diff, drift, history, get, describe
  verify      check a release: signatures and every byte
  audit       log | verify: the ledger

Configure
  explain     a field of pawl.yaml        schema      its JSON Schema
  key         new key pairs               completion  bash, zsh, fish

pawl VERB --help has examples. pawl help exit-codes, pawl help environment.
)";
}

std::optional<std::string> topic(std::string_view name) {
  if (name == "exit-codes") {
    return R"(Exit codes
  0    yes, or done
  1    the answer is no: it differs, drifted, was denied, verification failed
  2    wrong usage, or a file that cannot be read
  3    not found
  4    not allowed
  5    the time allowed is over
  6    pending: a gate waits
  7    conflict: somebody was first, or something is in the way
  8    a remote cannot be reached; trying again can help
  9    it could not be told, and neither 5 nor 8 fits
  10   integrity: bytes are not what their digest or signature says
  130  interrupted
)";
  }
  if (name == "environment") {
    return R"(Environment variables
  PAWL_STORE                   the store: a folder (flags go first)
  PAWL_KEY                     your own private key: signs what you ask for
  PAWL_KEY_PASSPHRASE_FILE     the passphrase of encrypted keys; also _FD, or PAWL_KEY_PASSPHRASE
  DOCKER_CONFIG                where registries' credentials are
  NO_COLOR, CLICOLOR_FORCE     colour never, or always
  XDG_CONFIG_HOME, XDG_STATE_HOME
)";
  }
  return std::nullopt;
}

std::string_view examples(std::string_view verb) {
  static constexpr auto kExamples = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"init", "  pawl init\n  pawl init --dry-run"},
       {"lock", "  pawl lock\n  pawl lock --check\n  pawl lock --update redis:7.4"},
       {"render", "  pawl render staging\n  pawl render staging --explain"},
       {"release", "  pawl release 6.13.0 -m \"faster cache\""},
       {"plan", "  pawl plan --to staging\n  pawl plan 6.13.0 --to production"},
       {"promote",
        "  pawl promote --to dev\n  pawl promote 6.13.0 --to staging --reason \"friday release\"\n  pawl promote --to "
        "production --wait"},
       {"rollback",
        "  pawl rollback production --reason latency\n  pawl rollback production --to 6.12.0 --reason \"lost "
        "sessions\""},
       {"why", "  pawl why 6.13.0 production"},
       {"diff", "  pawl diff staging production\n  pawl diff live:staging staging"},
       {"drift", "  pawl drift production"},
       {"get", "  pawl get releases\n  pawl get promotions -o json"},
       {"describe", "  pawl describe promotion 3\n  pawl describe release 6.13.0"},
       {"audit", "  pawl audit log\n  pawl audit verify --replay"},
       {"explain", "  pawl explain environments.gates"},
       {"key", "  pawl key new ~/.config/pawl/key.pem"}});
  for (const auto& [name, text] : kExamples) {
    if (name == verb) return text;
  }
  return {};
}

std::optional<std::string> completion(std::string_view shell, const std::string& verbs) {
  if (shell == "bash") {
    return "_pawl() {\n  local word=${COMP_WORDS[COMP_CWORD]}\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    "
           "COMPREPLY=($(compgen -W \"" +
           verbs +
           "\" -- \"$word\"))\n  else\n    COMPREPLY=($(compgen -W \"$(pawl get environments -o name 2>/dev/null)\" -- "
           "\"$word\"))\n  fi\n}\ncomplete -o default -F _pawl pawl\n";
  }
  if (shell == "zsh") {
    return "#compdef pawl\n_pawl() {\n  if (( CURRENT == 2 )); then\n    compadd -- " + verbs +
           "\n  else\n    compadd -- ${(f)\"$(pawl get environments -o name 2>/dev/null)\"}\n    _files\n  "
           "fi\n}\n_pawl \"$@\"\n";
  }
  if (shell == "fish") {
    return "complete -c pawl -n __fish_use_subcommand -f -a \"" + verbs +
           "\"\ncomplete -c pawl -n 'not __fish_use_subcommand' -a \"(pawl get environments -o name 2>/dev/null)\"\n";
  }
  return std::nullopt;
}

}  // namespace pawl::cli
