#pragma once

#include "core/render/compose.h"
#include "engine/world.h"

namespace pawl::engine {

// The part of a verb that renders Helm charts.

// How departures of charts begin; those of readable secrets begin with their environment.
inline constexpr std::string_view kChartDeparture = "template ";

// Renders charts with the program that `lock` names and no other. `twice`, for a release: a second time in other
// surroundings, and both must agree; and the locked bytes are asked for their version, too. World, context and lock
// must outlive it. Errors beside the port's: kInvalid without a locked helm, with another version, on a platform that
// is not locked, or when two renderings differ; kIntegrity for another program of that version.
render::Inflate chart_renderer(World& world, const Context& context, const model::Lock& lock, bool twice);

// As above for a release that is rendered again, once: any program of the locked version on a platform that the lock
// does not know will do, since the bundles' digests decide.
render::Inflate chart_repeater(World& world, const Context& context, const model::Lock& lock);

// Why a rendering with this machine's helm says nothing about one with the locked helm; "" where it does.
Result<std::string> why_not_comparable(World& world, const Context& context, const model::Lock& lock);

// That charts could see this machine, where somebody decided so; "" where they could not, and without charts.
std::string sandbox_note(World& world, const model::Content& content);

// What the lock is to say of helm: what `before` says, this machine's platform added, or all anew. Nothing without
// charts, or where neither helm nor `before` are there.
Result<std::optional<model::LockedHelm>> lock_helm(World& world, const Context& context, const model::Content& content,
                                                   const std::optional<model::LockedHelm>& before, bool update);

}  // namespace pawl::engine
