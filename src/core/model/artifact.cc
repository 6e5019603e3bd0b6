#include "core/model/artifact.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "core/model/chart.h"
#include "format/gzip.h"
#include "format/json.h"
#include "format/tar.h"

namespace pawl::model {

using format::FileTree;
using format::TreeFile;
using format::Value;

namespace {

constexpr std::string_view kTarType = "application/vnd.oci.image.layer.v1.tar";
constexpr std::string_view kTarGzipType = "application/vnd.oci.image.layer.v1.tar+gzip";
constexpr std::string_view kFluxType = "application/vnd.cncf.flux.content.v1.tar+gzip";
constexpr std::string_view kChartType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
constexpr std::string_view kTitle = "org.opencontainers.image.title";
constexpr std::string_view kUnpack = "io.deis.oras.content.unpack";  // oras: the layer is a folder, not a file

Error bad(std::string what) { return Error(ErrorCode::kInvalid, "the artifact is refused: " + std::move(what)); }

std::string shown(std::string_view text) { return "\"" + escape_terminal(text.substr(0, 200)) + "\""; }

Result<Descriptor> read_layer(const Value& value) {
  PAWL_ASSIGN_WITHIN(crypto::Digest digest, crypto::Digest::parse(value.string_at("digest")),
                     "reading a layer of the artifact");
  Descriptor out{.media_type = std::string(value.string_at("mediaType")), .digest = digest};
  const Value* size = value.find("size");
  bool counted = size != nullptr && size->kind() == format::Kind::kInt && size->as_int() >= 0;
  if (!counted) return bad("its layer " + out.digest.brief() + " has no size");
  out.size = static_cast<std::uint64_t>(size->as_int());
  for (std::string_view name : {kTitle, kUnpack}) {
    const Value* annotation = value.at_path({"annotations", name});
    if (annotation != nullptr) out.annotations.emplace(name, annotation->string_or_empty());
  }
  return out;
}

std::string annotation_of(const Descriptor& layer, std::string_view name) {
  auto found = layer.annotations.find(std::string(name));
  return found == layer.annotations.end() ? "" : found->second;
}

Result<std::string> fetch_whole(const Descriptor& layer, const FetchLayer& fetch) {
  PAWL_ASSIGN_WITHIN(std::string bytes, fetch(layer), "reading the layer " + layer.digest.brief());
  if (bytes.size() == layer.size) return bytes;
  return Error(ErrorCode::kIntegrity, "the layer " + layer.digest.brief() + " has " + std::to_string(bytes.size()) +
                                          " bytes, and its manifest says " + std::to_string(layer.size));
}

// Puts the files of several layers into one folder.
class Folder {
 public:
  Status add(const Descriptor& layer, std::string bytes) {
    std::string title = annotation_of(layer, kTitle);
    bool packed = layer.media_type == kTarGzipType || layer.media_type == kFluxType;
    bool is_file = !title.empty() && annotation_of(layer, kUnpack) != "true" && layer.media_type != kFluxType;
    if (is_file) return add_file(std::move(title), std::move(bytes));
    if (packed) {
      PAWL_ASSIGN(bytes, format::gunzip(bytes, limits::kArtifactBytes - total_));
    } else if (layer.media_type != kTarType) {
      return Error(ErrorCode::kInvalid, "its layer " + layer.digest.brief() + " of type " + shown(layer.media_type) +
                                            " is neither a .tar.gz nor a file with a title");
    }
    PAWL_ASSIGN(FileTree tree, format::read_tar(bytes, format::LeadingDot::kDropped));
    for (TreeFile& file : tree) PAWL_TRY(add(std::move(file)));
    return {};
  }

  // The files, once no two of them stand in each other's way.
  Result<FileTree> take() {
    for (const TreeFile& file : files_) {
      std::string path = to_lower(file.path);
      for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (paths_.contains(path.substr(0, slash)))
          return bad(shown(path.substr(0, slash)) + " is a file and a folder");
      }
    }
    std::sort(files_.begin(), files_.end());
    return std::move(files_);
  }

 private:
  Status add_file(std::string title, std::string bytes) {
    if (!format::is_tree_path(title)) return bad("its file " + shown(title) + " is not a path inside it");
    return add({std::move(title), std::move(bytes), false});
  }

  Status add(TreeFile file) {
    total_ += file.bytes.size();
    if (total_ > limits::kArtifactBytes || files_.size() >= limits::kTreeFiles)
      return bad("it holds more files or bytes than are read");
    if (!paths_.insert(to_lower(file.path)).second)
      return bad(shown(file.path) + " stands in two of its layers, or but for case");
    files_.push_back(std::move(file));
    return {};
  }

  FileTree files_;
  std::set<std::string> paths_;  // in lower case
  std::size_t total_ = 0;
};

bool is_chart(const std::vector<Descriptor>& layers) { return layers[0].media_type == kChartType; }

Result<FileTree> files_of_chart(const Descriptor& layer, const FetchLayer& fetch) {
  if (layer.size > limits::kChartBytes) return bad("its chart is larger than 64 MiB");
  PAWL_ASSIGN(std::string bytes, fetch_whole(layer, fetch));
  return unpack_chart(bytes, "the chart");
}

}  // namespace

Result<std::vector<Descriptor>> artifact_layers(const std::string& manifest) {
  format::Arena arena;
  PAWL_ASSIGN(Value root, format::parse_json(arena, manifest, {.max_bytes = limits::kManifestBytes}));
  if (root.find("manifests") != nullptr) return bad("it is an index of several");
  const Value* list = root.find("layers");
  if (list == nullptr || list->items().empty()) return bad("it has no layers");
  if (list->items().size() > limits::kArtifactLayers)
    return bad("it has " + std::to_string(list->items().size()) + " layers; " +
               std::to_string(limits::kArtifactLayers) + " are read");
  std::vector<Descriptor> out;
  std::uint64_t total = 0;
  for (const Value& item : list->items()) {
    PAWL_ASSIGN(Descriptor layer, read_layer(item));
    // One at a time: sizes that overflow a sum must not look small.
    if (layer.size > limits::kArtifactBytes || (total += layer.size) > limits::kArtifactBytes)
      return bad("its layers are larger than 256 MiB");
    // Beside a chart there may be its signature; nothing but the chart is read.
    if (layer.media_type == kChartType) return std::vector<Descriptor>{std::move(layer)};
    out.push_back(std::move(layer));
  }
  return out;
}

Result<FileTree> artifact_files(const std::string& manifest, const FetchLayer& fetch) {
  PAWL_ASSIGN(std::vector<Descriptor> layers, artifact_layers(manifest));
  if (is_chart(layers)) return files_of_chart(layers[0], fetch);
  Folder folder;
  for (const Descriptor& layer : layers) {
    PAWL_ASSIGN(std::string bytes, fetch_whole(layer, fetch));
    PAWL_TRY(folder.add(layer, std::move(bytes)));
  }
  return folder.take();
}

Result<FileTree> chart_files(const std::string& manifest, const FetchLayer& fetch) {
  PAWL_ASSIGN(std::vector<Descriptor> layers, artifact_layers(manifest));
  if (is_chart(layers)) return files_of_chart(layers[0], fetch);
  return Error(ErrorCode::kInvalid, "the artifact holds no Helm chart", "an artifact of files is a source of kind oci");
}

}  // namespace pawl::model
