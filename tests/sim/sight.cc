#include "tests/sim/sight.h"

#include "format/json.h"

namespace pawl::sim {

namespace {

template <class T, class Decode>
const T* read_once(std::map<Digest, T>& known, const Documents::Fetch& fetch, const Digest& digest, Decode decode) {
  auto found = known.find(digest);
  std::optional<std::string> bytes = fetch(digest);
  if (!bytes) return nullptr;
  if (found != known.end()) return &found->second;
  Result<T> document = decode(std::move(*bytes));
  if (!document) return nullptr;
  return &known.emplace(digest, std::move(*document)).first->second;
}

Result<model::Configuration> decode_configuration(std::string bytes) {
  PAWL_ASSIGN(format::Document document, format::parse_json_document(std::move(bytes)));
  return model::decode_configuration(document.root);
}

}  // namespace

const model::Configuration* Documents::configuration(const Digest& digest) {
  return read_once(configurations_, fetch_, digest, decode_configuration);
}

const model::Release* Documents::release(const Digest& digest) {
  return read_once(releases_, fetch_, digest, model::decode_release);
}

const model::Bundle* Documents::bundle(const Digest& digest) {
  return read_once(bundles_, fetch_, digest, model::decode_bundle);
}

}  // namespace pawl::sim
