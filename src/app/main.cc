#include <csignal>
#include <cstdlib>
#include <stop_token>
#include <thread>

#include "app/host.h"

namespace {

// Waits for SIGINT and SIGTERM in a thread of its own: the first asks for a clean stop, the second ends the process.
void watch_signals(std::stop_source stop) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  for (int count = 0;; ++count) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) return;
    if (count > 0) std::_Exit(130);
    stop.request_stop();
  }
}

}  // namespace

int main(int argc, char** argv) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::stop_source stop;
  std::thread(watch_signals, stop).detach();
  return pawl::cli::run(argc, argv, pawl::app::make_host(), stop.get_token());
}
