#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/descriptor.h"

namespace pawl::os {

// A connection between two processes of one user on this machine (unix(7)).
class LocalSocket {
 public:
  // To whoever listens by `name` in `folder`. Every call on it gives up after `patience`. nullopt where nobody listens,
  // or somebody of another user does.
  static std::optional<LocalSocket> connect(const std::string& folder, const std::string& name,
                                            std::chrono::milliseconds patience);

  bool send(std::string_view bytes);
  // Fills all of it; false where the other side ended before, or was too slow.
  bool receive(char* into, std::size_t bytes);

 private:
  friend class LocalListener;
  explicit LocalSocket(Descriptor open) : open_(std::move(open)) {}
  Descriptor open_;
};

class LocalListener {
 public:
  // Listens by `name` in `folder`, in the place of one that is gone; somebody else who still listens there would hear
  // nothing any more. Errors: kUnavailable.
  static Result<LocalListener> open(const std::string& folder, const std::string& name);

  // Who waits to be heard, now; nullopt where that is nobody, or somebody of another user.
  std::optional<LocalSocket> accept(std::chrono::milliseconds patience);
  int descriptor() const { return open_.get(); }  // readable when accept() has somebody

 private:
  explicit LocalListener(Descriptor open) : open_(std::move(open)) {}
  Descriptor open_;
};

}  // namespace pawl::os
