#pragma once

#include <string>

#include "tests/sim/world.h"

namespace pawl::sim {

// What the people around the project do, one act at a time, drawn from the world's chance.
class Actors {
 public:
  explicit Actors(World& world);

  // Does something. Returns what, for a failing day's story.
  std::string act();
  // Makes everything well again and takes the newest content to the end of the pipeline. "" when that is possible, as
  // it always must be; else what is stuck.
  std::string settle();

 private:
  Call draw_call();
  Call draw_answer();
  Call draw_other();
  Call promote();
  Call rollback();
  Call release();
  Call freeze();
  Call attest();
  Call ask_exception();
  Call exception_word();
  bool departs() const { return world_.setting().policies && world_.setting().exceptions; }
  std::string run_one();
  std::string run_several();
  std::string edit_content();
  std::string edit_configuration();
  void turn_a_knob();
  std::string edit_policies();
  std::string break_policies();
  std::string move_clock();
  std::string near_the_hour();
  std::string change_checks();
  std::string touch_target();
  std::string lose_blob();
  std::string offer_a_secret();
  std::string place();
  std::string who();
  void thaw();
  std::string settle_one(const std::string& environment, const std::string& version);

  World& world_;
  std::vector<std::string> versions_;
  int edits_ = 0;
  std::string place_ = "dev";  // where somebody acted last
  bool people_come_;           // on this day; keys are slow to read, so it is not every day
  bool had_people_;
  bool policies_come_;                  // on this day; they are slow to judge too
  std::uint64_t newest_exception_ = 0;  // that anybody heard of
};

}  // namespace pawl::sim
