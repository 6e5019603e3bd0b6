#include "core/plan/evidence.h"

namespace pawl::plan {

std::string_view name_of(EvidenceFlaw flaw) {
  switch (flaw) {
    case EvidenceFlaw::kNoRecord:
      return "noRecord";
    case EvidenceFlaw::kUnknownKey:
      return "unknownKey";
    case EvidenceFlaw::kOtherSubject:
      return "otherSubject";
    case EvidenceFlaw::kOtherType:
      return "otherType";
  }
  return "";
}

std::string words_for(EvidenceFlaw flaw) {
  switch (flaw) {
    case EvidenceFlaw::kNoRecord:
      return "its signed record is gone or cannot be read";
    case EvidenceFlaw::kUnknownKey:
      return "it verifies under no key that is known now";
    case EvidenceFlaw::kOtherSubject:
      return "it is about something else than the ledger says";
    case EvidenceFlaw::kOtherType:
      return "it is of another type than the ledger says";
  }
  return "";
}

std::string EvidenceSigner::name() const {
  if (person) return person->str();
  return roles.empty() ? "" : *roles.begin();
}

}  // namespace pawl::plan
