#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "api/service.h"
#include "base/result.h"

namespace pawl::cli {

// What is said once for every verb.
struct Options {
  std::string store;   // --store, PAWL_STORE: a folder; "" for .pawl beside pawl.yaml
  std::string folder;  // -C: where to start
  std::string output = "table";
  bool no_color = false;
  bool creates = false;  // `init`: the store may be made
};

// What a verb is run against. `remembered` is the last checkpoint that this user saw of this store's log; remember()
// keeps the present one.
struct Connection {
  std::shared_ptr<api::Service> service;
  std::string remembered;
  std::function<void()> remember;
};

// Told of every step while a verb runs.
using OnProgress = std::function<void(const std::string& step, const std::string& thing, const std::string& state)>;

// What the composition root supplies.
struct Host {
  std::function<Result<Connection>(const Options& options, OnProgress progress)> connect;
  std::function<Result<std::string>(const std::string& path, const std::string& type)> new_key;  // returns the key's id
  std::string version;
};

// Runs one command line and returns the exit status. `stop` is asked for by SIGINT.
int run(int argc, const char* const* argv, const Host& host, std::stop_token stop);

}  // namespace pawl::cli
