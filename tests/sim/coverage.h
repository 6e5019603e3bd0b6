#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "tests/sim/book.h"
#include "tests/sim/faults.h"

namespace pawl::sim {

// The name of a place where a process can stop: the port call, and the newest event in the ledger at that moment.
std::string crash_point(std::string_view call, std::string_view newest_entry);

// What the simulated days came across.
class Coverage {
 public:
  void reached(const std::string& point) { points_.insert(point); }
  void struck(Blow blow, const std::string& point);
  // A promotion, rollback, reconciliation or retry was asked for.
  void asked() { asked_ += 1; }
  // `entry`, by what the book said before it.
  void took(const Book& before, const plan::Entry& entry);

  std::uint64_t asked_for() const { return asked_; }  // promotions
  std::uint64_t crashes() const { return crashes_; }  // kills and power losses
  std::size_t crash_points() const { return crashed_.size(); }
  std::size_t points() const { return points_.size(); }
  std::size_t transitions() const { return transitions_.size(); }
  bool saw(const std::string& transition) const { return transitions_.contains(transition); }
  // Transitions of the known list that did not happen, one a line.
  std::string missing() const;
  // "sim: N promotions (N opened), N crashes at N of M points, N errors, N interrupts, N of M transitions"
  std::string line() const;

 private:
  std::set<std::string> points_;
  std::set<std::string> crashed_;
  std::set<std::string> transitions_;
  std::uint64_t asked_ = 0;
  std::uint64_t opened_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t interrupts_ = 0;
};

}  // namespace pawl::sim
