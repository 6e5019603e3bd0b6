#pragma once

#include <string>
#include <vector>

#include "api/types.h"

namespace pawl::api {

// A signed statement about a digest of a release: about the release itself, or about what the other fields choose. It
// is made of `type` and `predicate` and signed with the caller's key, or `imported` as somebody else signed it.
struct AttestRequest {
  std::string release;
  std::string environment;  // the release's bundle for it
  std::string image;        // a reference that the release locks
  bool snapshot = false;
  std::string type;
  std::string predicate;  // JSON, a map
  std::string imported;   // a Sigstore bundle v0.3, or a DSSE envelope
  std::string role;       // refuse unless the key may sign in it
  bool exports = false;   // return what was signed and keep nothing
  bool list = false;      // only say what there is
  bool dry_run = false;
};

struct EvidenceView {
  std::string subject;  // release, snapshot, bundle, image
  std::string name;     // "production/1.4.0"
  std::string digest;
  std::string predicate_type;
  std::string issued;                  // what of, where Pawl issued it by itself: "check smoke"
  std::vector<std::string> signers;    // whose key it is now: persons and trust roles
  std::vector<std::string> signed_by;  // whose key it was when it was recorded
  Time recorded;
  bool counts = false;  // for whoever signed; a gate may ask for more
  std::string flaw;     // why it does not: "unknownKey" ...; "" where it counts
  std::string reason;   // the same in words
  std::string record;   // digest of the signed statement's manifest
};

struct AttestResponse {
  std::vector<EvidenceView> evidence;  // what was recorded, or what there is
  std::string statement;               // the signed statement itself, where it was asked for
  bool listed = false;
  bool existed = false;  // it was recorded before
  bool dry_run = false;  // nothing was done
};

}  // namespace pawl::api
