#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "core/model/project.h"
#include "crypto/digest.h"
#include "crypto/key.h"

// What the tests of this module share.

namespace pawl::model::testing {

// A public key for every path below keys/; the same path gives the same key.
inline Result<std::string> read_key(const std::string& path) {
  if (!path.starts_with("keys/")) return Error(ErrorCode::kNotFound, "there is no file " + path);
  auto seed = crypto::sha256(path);
  PAWL_ASSIGN(crypto::PrivateKey key, crypto::PrivateKey::ed25519_from_seed(seed.bytes()));
  return key.public_key().pem();
}

inline Result<Project> parse_text(std::string text) {
  std::vector<ProjectFile> files = {{"pawl.yaml", std::move(text)}};
  return parse_project(files, read_key);
}

inline std::string with_spec(const std::string& spec) {
  return "apiVersion: pawl.dev/v1alpha1\nkind: Project\nmetadata: { name: shop }\nspec:\n" + spec;
}

// The diagnostics of a project file that must be refused, as people see them.
inline std::string errors_of(const std::string& text) {
  Result<Project> parsed = parse_text(text);
  return parsed ? "(no error)" : render_diagnostics(parsed.error().diagnostics);
}

inline std::string warnings_of(const std::string& text) {
  Result<Project> parsed = parse_text(text);
  return parsed ? render_diagnostics(parsed->warnings) : "(refused)\n" + render_diagnostics(parsed.error().diagnostics);
}

// `environments` between one layer and nothing else.
inline std::string with_environments(const std::string& environments) {
  return with_spec(
      "  layers: [{ name: web, manifests: deploy }]\n"
      "  defaults: { target: { directory: live/$(environment) } }\n"
      "  environments:\n" +
      environments);
}

}  // namespace pawl::model::testing
