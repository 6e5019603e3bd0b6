#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/memory/fault.h"
#include "ports/callout.h"

namespace pawl::memory {

// A system outside that answers what it is told to, signed as the real one signs. Thread-safe.
class Callout : public ports::Callout {
 public:
  explicit Callout(Fault fault = {}) : fault_(std::move(fault)) {}

  // Where this side and the other find the secret of that name.
  void set_secret(const std::string& name, std::string ours, std::string theirs);
  // What it answers to a body; "" is no answer at all.
  void answer(std::function<std::string(const std::string& body)> how);
  std::vector<std::string> bodies() const;  // everything that was asked, in order

  Result<ports::CalloutReply> ask(const Context& context, const ports::CalloutRequest& request) override;

 private:
  struct Secret {
    std::string ours;
    std::string theirs;
  };
  Fault fault_;
  mutable std::mutex mutex_;
  std::map<std::string, Secret> secrets_;
  std::function<std::string(const std::string&)> how_;
  std::vector<std::string> bodies_;
};

}  // namespace pawl::memory
