#pragma once

#include <string>

#include "engine/ledger.h"

namespace pawl::engine {

// A statement that this store signed with its own key, and that an entry of the ledger names.
struct Issued {
  crypto::Digest subject;
  std::string predicate_type;
  crypto::Digest record;
  std::string of;  // "check smoke": what a newer one takes the place of
};

// Makes it evidence like any that somebody attests, in the transaction that records what it is about. It is recorded
// also where its key is nobody's: a no that was left out would let an older yes step in, were the key trusted again.
Status record_issued(World& world, const Context& context, const model::ProjectName& project, Writing& writing,
                     const Issued& issued);

}  // namespace pawl::engine
