#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_stamp.h"
#include "core/render/files.h"
#include "core/render/printed.h"
#include "core/render/rows.h"
#include "core/render/trace.h"
#include "crypto/digest.h"

namespace pawl::render {

// A rendering that is kept with all that it was made of, so that after a change of few manifest files their objects
// alone are rendered again. It says nothing that rendering from the files would not say.
struct Record {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct File {
    crypto::Digest digest;       // of nothing where there was no such file
    std::uint32_t there = 0;     // 1 where there was one
    std::uint32_t manifest = 0;  // 1 where its objects are all that came of it
    std::uint32_t path = 0;      // where it begins in `paths`
    std::uint32_t path_bytes = 0;
    std::uint32_t first = 0;  // of its objects
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
  // An object of the file goes or went by a name of that hash.
  struct Named {
    std::uint64_t name = 0;
    std::uint64_t file = 0;
    auto operator<=>(const Named&) const = default;
  };
  // A reference in the file looked for a name of that hash.
  struct Wanted {
    std::uint64_t file = 0;
    std::uint64_t name = 0;
    auto operator<=>(const Wanted&) const = default;
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
  // Of a layer's text as it was stored.
  struct Part {
    std::string_view bytes;
    std::uint64_t checksum = 0;
    bool is_intact() const;
  };

  std::string_view path_of(const File& file) const { return paths.view().substr(file.path, file.path_bytes); }

  Rows<File> files;        // by path: everything that was asked for
  Rows<FileStamp> stamps;  // of the files, one for each; all zero where it is not known
  Rows<Object> objects;    // file by file
  Rows<Output> outputs;    // layer by layer
  Rows<Named> names;       // sorted
  Rows<Wanted> wanted;     // sorted
  SharedBytes paths;
  std::vector<Folder> folders;
  std::vector<Layer> layers;
  std::vector<std::string> warnings;
  std::optional<crypto::Digest> id;  // of all of this, where it was decoded: no two records have the same
  std::vector<Part> parts;           // of the layers' texts, where it was decoded
  SharedBytes bytes;                 // that it was decoded from
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

// As bytes, with checksums over all of them. decode: nullopt for bytes that encode() did not write, but for the texts:
// of those each part must be asked whether it is intact, which several threads may do, before anything is made of them.
std::string encode(const Record& record);
std::optional<Record> decode_record(SharedBytes bytes);

}  // namespace pawl::render
