#pragma once

#include <cstddef>
#include <string>

namespace pawl::ports {

class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual std::string bytes(std::size_t count) = 0;
};

}  // namespace pawl::ports
