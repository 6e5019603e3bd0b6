#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_stamp.h"
#include "core/render/files.h"
#include "core/render/printed.h"
#include "core/render/trace.h"
#include "crypto/digest.h"

namespace pawl::render {

// A rendering that is kept with all that it was made of, so that after a change of few manifest files their objects
// alone are rendered again. It says nothing that rendering from the files would not say.
struct Record {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct File {
    std::string_view path;                                // of the files that were read, or of `bytes`
    std::optional<crypto::Digest> digest = std::nullopt;  // nullopt where there was no such file
    FileStamp stamp = {};                                 // all zero where it is not known
    bool manifest = false;                                // its objects are all that came of it
    std::uint32_t first = 0;                              // of its objects
    std::uint32_t count = 0;
  };
  struct Object {
    crypto::Digest seen;           // as in Trace::File
    std::uint32_t output = kNone;  // what it was printed as; kNone for what is not printed
  };
  struct Output {
    std::uint64_t begin = 0;  // in the layer's text
    std::uint64_t bytes = 0;
  };
  struct Layer {
    std::string name;
    std::string tier;
    std::uint32_t outputs = 0;
    std::string_view text = {};  // of what was printed, or of `bytes`
  };
  struct Folder {
    std::string path;
    crypto::Digest paths;  // of what it listed
  };

  std::vector<File> files;  // by path: everything that was asked for
  std::vector<Folder> folders;
  std::vector<Object> objects;  // file by file
  std::vector<Output> outputs;  // layer by layer
  std::vector<Layer> layers;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> names;   // hash of a name -> file with an object of it; sorted
  std::vector<std::pair<std::uint32_t, std::uint64_t>> wanted;  // file -> name that its references looked for; sorted
  std::vector<std::string> warnings;
  SharedBytes bytes;  // that it was decoded from
};

// A record of a rendering; `files` and `printed` must outlive it. nullopt where no excerpt of it could be trusted.
// Stamps are left out.
std::optional<Record> make_record(const Trace& trace, const Files& files, const Printed& printed);
crypto::Digest listing_digest(const std::optional<std::vector<std::string>>& paths);

// What was kept, as text.
PrintedText text_of(const Record& record);

// The rendering after the files in `changed` (indices, sorted) have changed. `print` renders under a trace. nullopt
// where everything must be rendered: something else than manifests changed, or something that other objects can see,
// or an error stands in the way.
using Print = std::function<Result<Printed>(Trace& trace)>;
std::optional<PrintedText> revise(const Record& record, const std::vector<std::uint32_t>& changed, const Print& print);

// As bytes, with a checksum over all of them. decode: nullopt for bytes that encode() did not write.
std::string encode(const Record& record);
std::optional<Record> decode_record(SharedBytes bytes);

}  // namespace pawl::render
