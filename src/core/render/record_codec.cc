#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "base/checksum.h"
#include "core/render/record.h"

// The cache's own format: read by the program that wrote it, or not at all.

namespace pawl::render {

namespace {

constexpr std::string_view kMagic("pawl render record 5\n\0\0\0", 24);
constexpr std::size_t kPart = std::size_t{1} << 20;  // bytes of a text under one checksum
constexpr std::size_t kAlign = alignof(std::uint64_t);

// Before the tables; the texts come behind them.
struct Header {
  std::array<char, 24> magic = {};
  std::uint64_t checksum = 0;  // of the id and the tables
  std::uint64_t tables = 0;    // bytes
  std::array<std::uint8_t, crypto::Digest::kSize> id = {};
};
constexpr std::size_t kChecked = offsetof(Header, id);
static_assert(std::has_unique_object_representations_v<Header> && sizeof(Header) % kAlign == 0);

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (; !text.empty(); text.remove_prefix(out.back().size())) out.push_back(text.substr(0, kPart));
  return out;
}

class Writer {
 public:
  explicit Writer(std::size_t bytes) {
    out_.reserve(bytes);
    out_.resize(sizeof(Header));
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
  template <class T>
  void rows(const Rows<T>& rows) {
    count(rows.size());
    out_.resize((out_.size() + kAlign - 1) / kAlign * kAlign);
    out_.append(reinterpret_cast<const char*>(rows.all().data()), rows.all().size_bytes());
  }
  // What was written, behind its header and before the texts.
  std::string take(const std::vector<Record::Layer>& layers) {
    std::string_view tables = std::string_view(out_).substr(sizeof(Header));
    Header header{.tables = tables.size()};
    kMagic.copy(header.magic.data(), header.magic.size());
    crypto::sha256(tables).bytes().copy(reinterpret_cast<char*>(header.id.data()), header.id.size());
    std::memcpy(out_.data(), &header, sizeof header);
    header.checksum = checksum(std::string_view(out_).substr(kChecked));
    std::memcpy(out_.data(), &header, sizeof header);
    for (const Record::Layer& layer : layers) out_ += layer.text;
    return std::move(out_);
  }

 private:
  std::string out_;
};

// Reads what Writer wrote, of which the header is left out; from the first fault on everything is zero and empty.
class Reader {
 public:
  explicit Reader(std::string_view tables) : all_(tables), rest_(tables) {}

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
  // Where they lie.
  template <class T>
  Rows<T> rows() {
    std::size_t size = count();
    take((kAlign - (all_.size() - rest_.size()) % kAlign) % kAlign);
    std::string_view bytes = take(size * sizeof(T));
    return std::span(reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T));
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

  std::string_view all_;
  std::string_view rest_;
  bool failed_ = false;
};

void write(Writer& w, const Record::Layer& layer) {
  w.text(layer.name);
  w.text(layer.tier);
  w.number(layer.outputs);
  w.count(layer.text.size());
  for (std::string_view part : parts_of(layer.text)) w.number(checksum(part));
}

// The layer's text is the first of `texts`, and taken away from there.
void read_layer(Reader& r, std::string_view& texts, Record& record) {
  Record::Layer layer{std::string(r.text()), std::string(r.text()), r.number<std::uint32_t>()};
  layer.text = texts.substr(0, r.number<std::uint64_t>());
  texts.remove_prefix(layer.text.size());
  for (std::string_view part : parts_of(layer.text)) record.parts.push_back({part, r.number<std::uint64_t>()});
  record.layers.push_back(std::move(layer));
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
  bool whole = outputs == record.outputs.size() && are_in_order(record) && record.stamps.size() == record.files.size();
  for (const Record::File& file : record.files) {
    whole &= std::uint64_t{file.path} + file.path_bytes <= record.paths.view().size();
    whole &= std::uint64_t{file.first} + file.count <= record.objects.size();
  }
  for (const Record::Object& object : record.objects)
    whole &= object.output == Record::kNone || object.output < record.outputs.size();
  for (const Record::Named& name : record.names) whole &= name.file < record.files.size();
  return whole;
}

// About as many bytes as a record takes.
std::size_t size_of(const Record& record) {
  std::size_t out = std::size_t{64} << 10;
  out += record.files.all().size_bytes() + record.stamps.all().size_bytes() + record.objects.all().size_bytes();
  out += record.outputs.all().size_bytes() + record.names.all().size_bytes() + record.wanted.all().size_bytes();
  out += record.paths.view().size();
  for (const Record::Layer& layer : record.layers) out += layer.text.size();
  return out;
}

// All but `bytes`, which is set.
void read_tables(Reader& r, std::string_view& texts, Record& out) {
  out.files = r.rows<Record::File>();
  out.stamps = r.rows<FileStamp>();
  out.objects = r.rows<Record::Object>();
  out.outputs = r.rows<Record::Output>();
  out.names = r.rows<Record::Named>();
  out.wanted = r.rows<Record::Wanted>();
  out.paths = out.bytes.share(r.text());
  for (std::size_t n = r.count(); n > 0; --n) {
    std::string path(r.text());
    out.folders.push_back({std::move(path), r.digest()});
  }
  for (std::size_t n = r.count(); n > 0; --n) out.warnings.emplace_back(r.text());
  for (std::size_t n = r.count(); n > 0; --n) read_layer(r, texts, out);
}

}  // namespace

bool Record::Part::is_intact() const { return pawl::checksum(bytes) == checksum; }

std::string encode(const Record& record) {
  Writer w(size_of(record));
  w.rows(record.files);
  w.rows(record.stamps);
  w.rows(record.objects);
  w.rows(record.outputs);
  w.rows(record.names);
  w.rows(record.wanted);
  w.text(record.paths.view());
  w.count(record.folders.size());
  for (const Record::Folder& folder : record.folders) {
    w.text(folder.path);
    w.number(folder.paths);
  }
  w.count(record.warnings.size());
  for (const std::string& warning : record.warnings) w.text(warning);
  w.count(record.layers.size());
  for (const Record::Layer& layer : record.layers) write(w, layer);
  return w.take(record.layers);
}

std::optional<Record> decode_record(SharedBytes given) {
  std::string_view bytes = given.view();
  Header header;
  bool aligned = reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlign == 0;
  if (bytes.size() < sizeof header || !aligned) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::string_view(header.magic.data(), header.magic.size()) != kMagic) return std::nullopt;
  if (header.tables > bytes.size() - sizeof header) return std::nullopt;
  std::string_view texts = bytes.substr(sizeof header + header.tables);
  std::string_view checked = bytes.substr(kChecked, bytes.size() - kChecked - texts.size());
  if (checksum(checked) != header.checksum) return std::nullopt;
  Record out;
  out.id = crypto::Digest(header.id);
  out.bytes = std::move(given);
  Reader r(checked.substr(sizeof header - kChecked));
  read_tables(r, texts, out);
  return r.done() && texts.empty() && is_whole(out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace pawl::render
