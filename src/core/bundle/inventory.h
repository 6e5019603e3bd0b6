#pragma once

#include "core/model/release.h"
#include "format/value.h"

namespace pawl::bundle {

// Adds what `object` holds to the inventory: itself, its images, config keys, environment variables, secrets. Values of
// none of them. finish() afterwards.
void take_stock(model::Inventory& inventory, const model::LayerName& layer, const format::Value& object,
                const crypto::Digest& digest);
// Sorts and joins what take_stock() collected.
void finish(model::Inventory& inventory);

}  // namespace pawl::bundle
