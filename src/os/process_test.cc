#include "os/process.h"

#include <gtest/gtest.h>

#include <thread>

namespace pawl::os {
namespace {

Command shell(std::string script) {
  Command command;
  command.argv = {"/bin/sh", "-c", std::move(script)};
  command.environment = {{"PATH", "/usr/bin:/bin"}};
  return command;
}

TEST(Process, GivesExitStatusAndBothStreams) {
  CommandResult result = run(Context{}, shell("echo out; echo err >&2; exit 3")).value();
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
}

TEST(Process, InheritsNothing) {
  Command command = shell("echo ${HOME-none}; echo ${GIVEN}");
  command.environment["GIVEN"] = "yes";
  EXPECT_EQ(run(Context{}, command).value().output, "none\nyes\n");
}

TEST(Process, FeedsMoreThanAPipeHolds) {
  Command command = shell("wc -c");
  command.input = std::string(1 << 20, 'x');
  EXPECT_EQ(run(Context{}, command).value().output, "1048576\n");
}

TEST(Process, SurvivesAProgramThatDoesNotRead) {
  Command command = shell("exit 0");
  command.input = std::string(1 << 20, 'x');
  EXPECT_EQ(run(Context{}, command).value().exit_status, 0);
}

TEST(Process, OutputIsBounded) {
  Command command = shell("head -c 100000 /dev/zero");
  command.max_output = 1000;
  CommandResult result = run(Context{}, command).value();
  EXPECT_EQ(result.output.size(), 1000u);
  EXPECT_TRUE(result.truncated);
}

TEST(Process, ATimeoutEndsTheWholeGroup) {
  auto start = std::chrono::steady_clock::now();
  CommandResult result = run(Context{}.within(std::chrono::milliseconds(200)), shell("sleep 30 & sleep 30")).value();
  EXPECT_TRUE(result.timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Process, AProgramThatIgnoresTermIsKilled) {
  CommandResult result =
      run(Context{}.within(std::chrono::milliseconds(200)), shell("trap '' TERM; sleep 30; sleep 30")).value();
  EXPECT_TRUE(result.timed_out);
}

TEST(Process, AStopIsAnError) {
  std::stop_source stop;
  Context context;
  context.stop = stop.get_token();
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  EXPECT_EQ(run(context, shell("sleep 30")).error().code, ErrorCode::kInterrupted);
}

TEST(Process, AnUnknownProgramIsNotFound) {
  Command command;
  command.argv = {"no-such-program-anywhere"};
  EXPECT_EQ(run(Context{}, command).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace pawl::os
