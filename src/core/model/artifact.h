#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model/release.h"
#include "format/file_tree.h"

namespace pawl::model {

// An OCI artifact as a folder of files: what `flux push artifact`, `oras push` and `helm push` put into a registry.

// The layers that its manifest names; of a Helm chart the one that holds it, alone. Never none. Errors: kInvalid for an
// index, for none or more than limits::kArtifactLayers, and for more than limits::kArtifactBytes; as Digest::parse().
Result<std::vector<Descriptor>> artifact_layers(const std::string& manifest);

// The bytes of a layer, checked against its digest.
using FetchLayer = std::function<Result<std::string>(const Descriptor& layer)>;

// The files of an artifact: what its archives hold (tar, packed or not), and every layer that is a file by its title.
// Layers that say nothing of the kind are refused. Of a Helm chart, the chart's files and nothing else.
// Errors: as artifact_layers(), `fetch`, format::gunzip() and format::read_tar(); kInvalid for titles that leave the
// folder, for files that stand in two layers or twice but for case, and for bombs; kIntegrity for another size than the
// manifest's.
Result<format::FileTree> artifact_files(const std::string& manifest, const FetchLayer& fetch);

// The files of the Helm chart that an artifact holds. Errors: as above; kInvalid where it holds none.
Result<format::FileTree> chart_files(const std::string& manifest, const FetchLayer& fetch);

}  // namespace pawl::model
