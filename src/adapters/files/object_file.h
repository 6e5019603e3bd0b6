#pragma once

#include <string>
#include <vector>

#include "adapters/files/receipt_file.h"
#include "base/result.h"
#include "ports/target.h"

namespace pawl::files {

// How a bundle looks as files, in a folder and in a Git branch alike: LAYER/[NAMESPACE.]KIND.NAME.yaml, one an object.
struct ObjectFile {
  std::string path;  // "web/deployment.shop.yaml"
  std::string yaml;
};

// The documents of a layer, in apply order, each as the file that it becomes. No two paths are equal, nor equal in
// lower case. Errors: kInvalid for a name that is no file name: "../../x".
Result<std::vector<ObjectFile>> split_layer(const ports::LayerBytes& layer);

// The receipt that belongs to `files`.
ReceiptFile receipt_of(const ports::Receipt& receipt, const std::vector<ObjectFile>& files);

}  // namespace pawl::files
