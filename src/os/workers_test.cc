#include "os/workers.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>

namespace pawl::os {
namespace {

cpu_set_t processors() {
  cpu_set_t out;
  CPU_ZERO(&out);
  EXPECT_EQ(sched_getaffinity(0, sizeof out, &out), 0);
  return out;
}

TEST(Workers, EachCallsItsWorkOnceAndMayRunOnEveryProcessorOfTheProcess) {
  cpu_set_t own = processors();
  std::atomic<int> calls{0};
  std::atomic<int> free{0};
  {
    Workers workers(7, [&] {
      cpu_set_t set = processors();
      if (CPU_EQUAL(&set, &own)) ++free;
      ++calls;
    });
  }
  EXPECT_EQ(calls, 7);
  EXPECT_EQ(free, 7);
}

TEST(Workers, StayWithinTheProcessorsOfWhoStartedThem) {
  cpu_set_t own = processors();
  std::size_t first = 0;
  while (!CPU_ISSET(first, &own)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  std::atomic<int> within{0};
  {
    Workers workers(3, [&] {
      cpu_set_t set = processors();
      if (CPU_EQUAL(&set, &one)) ++within;
    });
  }
  EXPECT_EQ(sched_setaffinity(0, sizeof own, &own), 0);
  EXPECT_EQ(within, 3);
}

TEST(Workers, NoneIsFine) {
  bool called = false;
  {
    Workers workers(0, [&] { called = true; });
  }
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace pawl::os
