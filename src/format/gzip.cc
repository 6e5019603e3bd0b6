#include "format/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace pawl::format {

namespace {

Error bad(std::string what) { return Error(ErrorCode::kInvalid, "the gzip stream is refused: " + std::move(what)); }

// Owns zlib's state.
class Inflater {
 public:
  Inflater() { ready_ = ::inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) ::inflateEnd(&stream_);
  }

  Result<std::string> run(std::string_view bytes, std::size_t max_bytes) {
    if (!ready_) return bad("there is no memory for it");
    // zlib only reads its input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::array<char, 65536> chunk;
    for (int status = Z_OK; status != Z_STREAM_END;) {
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(chunk.size());
      status = ::inflate(&stream_, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END) return bad("it is damaged or ends too early");
      std::size_t made = chunk.size() - stream_.avail_out;
      if (made > max_bytes - out.size()) return bad("it holds more than " + std::to_string(max_bytes) + " bytes");
      out.append(chunk.data(), made);
    }
    if (stream_.avail_in != 0) return bad("bytes follow its end");
    return out;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

Result<std::string> gunzip(std::string_view bytes, std::size_t max_bytes) {
  constexpr std::size_t kMost = 1u << 30;  // zlib counts input in 32 bits
  if (bytes.size() > kMost) return bad("it is larger than 1 GiB");
  return Inflater().run(bytes, max_bytes);
}

}  // namespace pawl::format
