#pragma once

#include <array>
#include <string>

#include "tests/sim/sight.h"

namespace pawl::sim {

// The ten sentences of "What must always hold", in their order. Each returns how it is broken, "" when it holds.

// 1. Only lock and release ask a source; every image in a bundle is pinned.
std::string nothing_is_resolved_after_the_lock(const Sight& sight);
// 2. One snapshot, one release, whoever rendered it and when.
std::string a_bundle_is_a_function_of_snapshot_and_environment(const Sight& sight);
// 3. Heads, epochs and numbers move one after the other; the records are what the ledger says; nothing that was
// acknowledged is forgotten.
std::string a_head_moves_only_by_compare_and_swap(const Sight& sight);
// 4. What is in a target was intended in the ledger first, and is one whole bundle: the head where nothing is pending.
std::string intent_comes_before_effect(const Sight& sight);
// 5. A promotion starts only where upstream had verified the release, under the checks in force, long enough.
std::string only_what_is_verified_upstream_enters(const Sight& sight);
// 6. A rollback goes to a bundle that was here, says why and who, asks no source, and holds until released.
std::string a_rollback_is_an_earlier_bundle(const Sight& sight);
// 7. A pass was said by the check, and is recorded by a trusted signature about the bundle; all of them were asked for.
std::string evidence_counts_only_signed_and_about_the_digest(const Sight& sight);
// 8. Every gate that is configured has answered, with a pass, before a promotion starts; windows, freezes, policies and
// exceptions are calculated anew. Policies that nobody can ask never come into force.
std::string nothing_evaluated_is_no_pass(const Sight& sight);
// 9. The secret's value is nowhere.
std::string no_secret_is_seen(const Sight& sight);
// 10. The requester is the person whose key signed; an approval gate is passed by others only, and an exception
// answered by others only.
std::string a_requester_is_no_approver(const Sight& sight);

struct Invariant {
  const char* name;
  std::string (*broken)(const Sight&);
};
inline constexpr std::array<Invariant, 10> kInvariants = {{
    {"1 nothing is resolved after the lock", nothing_is_resolved_after_the_lock},
    {"2 a bundle is a function of snapshot and environment", a_bundle_is_a_function_of_snapshot_and_environment},
    {"3 a head moves only by compare-and-swap", a_head_moves_only_by_compare_and_swap},
    {"4 intent comes before effect", intent_comes_before_effect},
    {"5 only what is verified upstream enters", only_what_is_verified_upstream_enters},
    {"6 a rollback is an earlier bundle", a_rollback_is_an_earlier_bundle},
    {"7 evidence counts only signed and about the digest", evidence_counts_only_signed_and_about_the_digest},
    {"8 nothing evaluated is no pass", nothing_evaluated_is_no_pass},
    {"9 no secret is seen", no_secret_is_seen},
    {"10 a requester is no approver", a_requester_is_no_approver},
}};

}  // namespace pawl::sim
