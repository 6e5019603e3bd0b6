#include "ports/packed.h"

#include "core/model/artifact.h"
#include "core/model/chart.h"

namespace pawl::ports {

bool is_packed(const model::LockedSource& locked) { return locked.kind == "oci" || locked.kind == "helm"; }

Result<format::ImageReference> repository_of(const model::LockedSource& locked) {
  PAWL_ASSIGN_WITHIN(format::ImageReference reference, format::parse_image_reference(locked.from),
                     "reading source " + locked.name);
  return reference;
}

Result<FileTree> fetch_packed(SourceReader& reader, const Context& context, const model::LockedSource& locked) {
  if (!locked.digest)
    return Error(ErrorCode::kInvalid, "the lock of source " + locked.name + " names no digest",
                 "pawl lock --update " + locked.name);
  if (!locked.url.empty()) {
    PAWL_ASSIGN(std::string archive, reader.fetch_archive(context, locked));
    return model::unpack_chart(archive, "the chart of source " + locked.name);
  }
  PAWL_ASSIGN(format::ImageReference repository, repository_of(locked));
  PAWL_ASSIGN(std::string manifest, reader.fetch_manifest(context, repository, *locked.digest));
  auto fetch = [&](const model::Descriptor& layer) {
    return reader.fetch_blob(context, repository, layer.digest, layer.size);
  };
  return locked.kind == "helm" ? model::chart_files(manifest, fetch) : model::artifact_files(manifest, fetch);
}

}  // namespace pawl::ports
