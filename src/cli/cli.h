#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "api/policy.h"
#include "api/service.h"
#include "base/pieces.h"
#include "base/result.h"
#include "format/value.h"

namespace pawl::cli {

// What a verb works on.
enum class Needs {
  kStore,     // one that is there
  kNewStore,  // `init`: it may be made
  kProject,   // the project's files, and what its sources left in the store: nothing is recorded
  kKey,       // a key signs, and nothing is kept
};

// Where a verb runs.
struct Place {
  std::string folder;            // -C: where to start; "" for the working folder
  std::string store;             // a folder; "" for .pawl beside pawl.yaml
  std::string registry_mirrors;  // as PAWL_REGISTRY_MIRRORS says them
  std::string helm = "helm";     // the program that renders charts: a path, or a name to be found in PATH
  bool sandboxed = true;         // whether it is kept apart from this machine
  Needs needs = Needs::kStore;
};

// What a verb is run against. `remembered` is the last checkpoint that this user saw of this store's log; remember()
// keeps the present one.
struct Connection {
  std::shared_ptr<api::Service> service;
  std::string remembered;
  std::function<void()> remember;
};

// Told of every step while a verb runs, by any thread.
using OnProgress = std::function<void(const std::string& step, const std::string& thing, const std::string& state,
                                      const std::string& detail)>;

struct NewKey {
  std::string id;
  std::string public_file;
};

// What the composition root supplies.
struct Host {
  std::function<Result<Connection>(const Place& place, OnProgress progress)> connect;
  // The folder of the nearest pawl.yaml from `folder` upwards; "" where there is none.
  std::function<std::string(const std::string& folder)> find_project;
  std::function<Result<NewKey>(const std::string& path, const std::string& type)> new_key;
  // What `kustomize build` prints for `folder`, as it is named in the folder `from`.
  std::function<Result<Pieces>(const std::string& from, const std::string& folder)> kustomize;
  // While it is held, other processes of this user ask us which files have changed.
  std::function<std::shared_ptr<void>()> answer_others;
  // A policy's expression over a YAML document, as engine::try_expression() has it.
  std::function<Result<format::Document>(std::string_view expression, std::string yaml, const std::string& file)>
      try_expression;
  // The verbs on policies that need no store; paths are as they are named in `folder`.
  std::function<Result<api::PolicyTestResponse>(const std::string& folder, const api::PolicyTestRequest& request)>
      test_policies;
  std::function<Result<api::PolicyCheckResponse>(const std::string& folder, const api::PolicyCheckRequest& request)>
      check_policies;
  std::function<Result<api::PolicyExplainResponse>(const std::string& folder, const api::PolicyExplainRequest& request)>
      explain_policies;
  // Where the public half of the private key `path` lies.
  std::function<std::string(const std::string& path)> public_half;
  std::string version;
};

// Runs one command line and returns the exit status. `stop` is asked for by SIGINT.
int run(int argc, const char* const* argv, const Host& host, std::stop_token stop);

}  // namespace pawl::cli
