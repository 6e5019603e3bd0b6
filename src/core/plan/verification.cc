#include <algorithm>

#include "core/plan/folding.h"

namespace pawl::plan {

Verification verification(const BundleState& bundle, const Digest& checks_in_force, Time now) {
  if (!bundle.verified)
    return {false, bundle.revoked.empty() ? "never verified here" : "not verified: " + bundle.revoked};
  if (bundle.checks != checks_in_force) return {false, "its checks changed since it was verified"};
  Digest no_checks = model::digest_of_checks(model::Environment{});
  std::string words = "verified " + render_age(now - bundle.verified_at) + " ago";
  return {true, bundle.checks == no_checks ? words + " (no checks)" : words};
}

Duration soaked(const BundleState& bundle, Time now) {
  if (!bundle.soaking_since || now < *bundle.soaking_since) return bundle.longest_soak;
  return std::max(bundle.longest_soak, std::chrono::duration_cast<Duration>(now - *bundle.soaking_since));
}

void stop_soaking(BundleState& bundle, Time now) {
  bundle.longest_soak = soaked(bundle, now);
  bundle.soaking_since.reset();
}

void revoke(BundleState& bundle, std::string why) {
  bundle.verified = false;
  bundle.revoked = std::move(why);
  bundle.soaking_since.reset();
  bundle.longest_soak = Duration{};
}

}  // namespace pawl::plan
