#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "core/merkle/note.h"
#include "ports/store.h"

namespace pawl::sqlite {

// Opens the store in `folder` (".pawl"), making it (0700) where there is none: folder/state.db is the database,
// folder/ledger the published log. `signer` signs every checkpoint; a log that another key signed is refused with
// kIntegrity at the first write. Errors: kInvalid for a store of a newer format; kIntegrity; kUnavailable; kDenied.
//
// Concurrent transact() calls commit in groups, with one sync and one signature each; a call returns when its group is
// durable. Publishing follows in the background, at once or under load every 50 milliseconds; log_file() does not wait
// for that: it publishes first what this process committed. The destructor publishes the rest, and after a crash the
// next opening does. That a file could not be published makes no commit fail: the next publication tries again, and
// publish() says why not.
//
// A body must not call the store it runs in.
Result<std::shared_ptr<ports::Store>> open_sqlite_store(const std::string& folder, merkle::NoteSigner signer);

}  // namespace pawl::sqlite
