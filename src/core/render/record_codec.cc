#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include "core/render/record.h"

// The cache's own format: read by the program that wrote it, or not at all.

namespace pawl::render {

namespace {

constexpr std::string_view kMagic = "pawl render record 1\n";

class Writer {
 public:
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void number(const T& value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    number<std::uint64_t>(text.size());
    out_ += text;
  }
  void count(std::size_t size) { number<std::uint64_t>(size); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what Writer wrote; from the first fault on everything is zero and empty.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  template <class T>
    requires std::is_trivially_copyable_v<T>
  T number() {
    std::array<char, sizeof(T)> bytes{};
    if (std::string_view from = take(sizeof(T)); !from.empty()) std::memcpy(bytes.data(), from.data(), sizeof(T));
    return std::bit_cast<T>(bytes);
  }
  std::string text() { return std::string(take(number<std::uint64_t>())); }
  // Passes over a text that is the last thing, and returns its size.
  std::size_t skip_text() { return take(number<std::uint64_t>()).size(); }
  // How many things follow, each of at least one byte.
  std::size_t count() {
    auto count = number<std::uint64_t>();
    if (count <= rest_.size()) return count;
    failed_ = true;
    return 0;
  }
  crypto::Digest digest() { return crypto::Digest(number<std::array<std::uint8_t, crypto::Digest::kSize>>()); }
  bool done() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take(std::uint64_t bytes) {
    if (bytes > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    std::string_view out = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return out;
  }

  std::string_view rest_;
  bool failed_ = false;
};

void write(Writer& w, const Record::File& x) {
  w.text(x.path);
  w.number<std::uint8_t>(static_cast<std::uint8_t>((x.digest ? 1 : 0) | (x.manifest ? 2 : 0)));
  if (x.digest) w.number(*x.digest);
  w.number(x.stamp);
  w.number(x.first);
  w.number(x.count);
}

Record::File read_file(Reader& r) {
  Record::File out;
  out.path = r.text();
  auto flags = r.number<std::uint8_t>();
  out.manifest = (flags & 2) != 0;
  if ((flags & 1) != 0) out.digest = r.digest();
  out.stamp = r.number<FileStamp>();
  out.first = r.number<std::uint32_t>();
  out.count = r.number<std::uint32_t>();
  return out;
}

// Whether all that points somewhere points into the record.
bool is_whole(const Record& record) {
  std::uint64_t outputs = 0;
  for (const Record::Layer& layer : record.layers) outputs += layer.outputs;
  bool whole = outputs == record.outputs.size();
  for (const Record::File& file : record.files)
    whole &= std::uint64_t{file.first} + file.count <= record.objects.size();
  for (const Record::Object& object : record.objects)
    whole &= object.output == Record::kNone || object.output < record.outputs.size();
  for (const Record::Output& output : record.outputs)
    whole &= output.begin <= record.text().size() && output.bytes <= record.text().size() - output.begin;
  for (const auto& [hash, file] : record.names) whole &= file < record.files.size();
  return whole;
}

}  // namespace

std::string encode(const Record& record) {
  Writer w;
  w.count(record.files.size());
  for (const Record::File& file : record.files) write(w, file);
  w.count(record.folders.size());
  for (const Record::Folder& folder : record.folders) {
    w.text(folder.path);
    w.number(folder.paths);
  }
  w.count(record.objects.size());
  for (const Record::Object& object : record.objects) {
    w.number(object.seen);
    w.number(object.output);
  }
  w.count(record.outputs.size());
  for (const Record::Output& output : record.outputs) w.number(output);
  w.count(record.layers.size());
  for (const Record::Layer& layer : record.layers) {
    w.text(layer.name);
    w.text(layer.tier);
    w.number(layer.outputs);
  }
  w.count(record.names.size());
  for (const auto& [hash, file] : record.names) {
    w.number(hash);
    w.number(file);
  }
  w.count(record.warnings.size());
  for (const std::string& warning : record.warnings) w.text(warning);
  w.text(record.text());
  std::string body = w.take();
  std::string out(kMagic);
  out += crypto::sha256(body).bytes();
  return out + body;
}

std::optional<Record> decode_record(std::string given) {
  std::string_view bytes = given;
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  bytes.remove_prefix(kMagic.size());
  if (bytes.size() < crypto::Digest::kSize) return std::nullopt;
  std::string_view sum = bytes.substr(0, crypto::Digest::kSize);
  bytes.remove_prefix(sum.size());
  if (crypto::sha256(bytes).bytes() != sum) return std::nullopt;
  Reader r(bytes);
  Record out;
  for (std::size_t n = r.count(); n > 0; --n) out.files.push_back(read_file(r));
  for (std::size_t n = r.count(); n > 0; --n) {
    std::string path = r.text();
    out.folders.push_back({std::move(path), r.digest()});
  }
  for (std::size_t n = r.count(); n > 0; --n) {
    crypto::Digest seen = r.digest();
    out.objects.push_back({seen, r.number<std::uint32_t>()});
  }
  for (std::size_t n = r.count(); n > 0; --n) out.outputs.push_back(r.number<Record::Output>());
  for (std::size_t n = r.count(); n > 0; --n) {
    std::string name = r.text();
    std::string tier = r.text();
    out.layers.push_back({std::move(name), std::move(tier), r.number<std::uint32_t>()});
  }
  for (std::size_t n = r.count(); n > 0; --n) {
    auto hash = r.number<std::uint64_t>();
    out.names.emplace_back(hash, r.number<std::uint32_t>());
  }
  for (std::size_t n = r.count(); n > 0; --n) out.warnings.push_back(r.text());
  std::size_t text = r.skip_text();
  out.text_begin = given.size() - text;
  out.bytes = std::move(given);
  return r.done() && is_whole(out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace pawl::render
