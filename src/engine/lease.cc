#include "engine/lease.h"

namespace pawl::engine {

Result<bool> DrivingLease::hold(Duration work) {
  constexpr auto kSlack = std::chrono::seconds(60);
  Duration term = work + kSlack;
  PAWL_ASSIGN(ports::Lease lease, world_.store->lease(name_, world_.process, world_.clock->now(), term));
  bool left_behind = lease.holder != world_.process && world_.is_gone && world_.is_gone(lease.holder);
  if (left_behind) {
    PAWL_TRY(world_.store->release_lease(name_, lease.holder));
    PAWL_ASSIGN(lease, world_.store->lease(name_, world_.process, world_.clock->now(), term));
  }
  return lease.holder == world_.process;
}

Status DrivingLease::release() { return world_.store->release_lease(name_, world_.process); }

}  // namespace pawl::engine
