#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include "base/checksum.h"
#include "core/render/record.h"

// The cache's own format: read by the program that wrote it, or not at all.

namespace pawl::render {

namespace {

constexpr std::string_view kMagic = "pawl render record 3\n";

constexpr std::size_t kHeader = kMagic.size() + sizeof(std::uint64_t);

class Writer {
 public:
  explicit Writer(std::size_t bytes) {
    out_.reserve(bytes);
    out_ += kMagic;
    out_.resize(kHeader);
  }

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
  // What was written, behind its checksum.
  std::string take() {
    std::uint64_t sum = checksum(std::string_view(out_).substr(kHeader));
    std::memcpy(out_.data() + kMagic.size(), &sum, sizeof sum);
    return std::move(out_);
  }

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
  std::string_view text() { return take(number<std::uint64_t>()); }
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

// Whether every layer's outputs stand in its text one behind the other. There are as many as the layers say.
bool are_in_order(const Record& record) {
  auto output = record.outputs.begin();
  for (const Record::Layer& layer : record.layers) {
    std::uint64_t done = 0;
    for (std::uint32_t i = 0; i < layer.outputs; ++i, ++output) {
      bool fits = output->begin >= done && output->begin <= layer.text.size() &&
                  output->bytes <= layer.text.size() - output->begin;
      if (!fits) return false;
      done = output->begin + output->bytes;
    }
  }
  return true;
}

// Whether all that points somewhere points into the record.
bool is_whole(const Record& record) {
  std::uint64_t outputs = 0;
  for (const Record::Layer& layer : record.layers) outputs += layer.outputs;
  bool whole = outputs == record.outputs.size() && are_in_order(record);
  for (const Record::File& file : record.files)
    whole &= std::uint64_t{file.first} + file.count <= record.objects.size();
  for (const Record::Object& object : record.objects)
    whole &= object.output == Record::kNone || object.output < record.outputs.size();
  for (const auto& [hash, file] : record.names) whole &= file < record.files.size();
  return whole;
}

// About as many bytes as a record takes.
std::size_t size_of(const Record& record) {
  constexpr std::size_t kFile = 200;
  std::size_t out = record.files.size() * kFile + record.objects.size() * sizeof(Record::Object) +
                    record.outputs.size() * sizeof(Record::Output) + record.names.size() * sizeof(record.names[0]);
  for (const Record::Layer& layer : record.layers) out += layer.text.size();
  return out;
}

}  // namespace

std::string encode(const Record& record) {
  Writer w(size_of(record));
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
    w.text(layer.text);
  }
  w.count(record.names.size());
  for (const auto& [hash, file] : record.names) {
    w.number(hash);
    w.number(file);
  }
  w.count(record.wanted.size());
  for (const auto& [file, name] : record.wanted) {
    w.number(file);
    w.number(name);
  }
  w.count(record.warnings.size());
  for (const std::string& warning : record.warnings) w.text(warning);
  return w.take();
}

std::optional<Record> decode_record(SharedBytes given) {
  std::string_view bytes = given.view();
  if (!bytes.starts_with(kMagic) || bytes.size() < kHeader) return std::nullopt;
  std::uint64_t sum = 0;
  std::memcpy(&sum, bytes.data() + kMagic.size(), sizeof sum);
  bytes.remove_prefix(kHeader);
  if (checksum(bytes) != sum) return std::nullopt;
  Reader r(bytes);
  Record out;
  std::size_t files = r.count();
  out.files.reserve(files);
  for (; files > 0; --files) out.files.push_back(read_file(r));
  for (std::size_t n = r.count(); n > 0; --n) {
    std::string path(r.text());
    out.folders.push_back({std::move(path), r.digest()});
  }
  for (std::size_t n = r.count(); n > 0; --n) {
    crypto::Digest seen = r.digest();
    out.objects.push_back({seen, r.number<std::uint32_t>()});
  }
  for (std::size_t n = r.count(); n > 0; --n) out.outputs.push_back(r.number<Record::Output>());
  for (std::size_t n = r.count(); n > 0; --n) {
    Record::Layer layer{std::string(r.text()), std::string(r.text()), r.number<std::uint32_t>()};
    layer.text = r.text();
    out.layers.push_back(std::move(layer));
  }
  for (std::size_t n = r.count(); n > 0; --n) {
    auto hash = r.number<std::uint64_t>();
    out.names.emplace_back(hash, r.number<std::uint32_t>());
  }
  for (std::size_t n = r.count(); n > 0; --n) {
    auto file = r.number<std::uint32_t>();
    out.wanted.emplace_back(file, r.number<std::uint64_t>());
  }
  for (std::size_t n = r.count(); n > 0; --n) out.warnings.emplace_back(r.text());
  out.bytes = std::move(given);
  return r.done() && is_whole(out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace pawl::render
