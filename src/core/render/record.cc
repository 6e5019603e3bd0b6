#include "core/render/record.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace pawl::render {

namespace {

constexpr std::size_t kMostFiles = 64;  // rendering more than these alone saves little
constexpr int kMostRounds = 8;

std::size_t index_of(const std::vector<Record::File>& files, std::string_view path) {
  auto found = std::lower_bound(files.begin(), files.end(), path,
                                [](const Record::File& file, std::string_view p) { return file.path < p; });
  bool there = found != files.end() && found->path == path;
  return there ? static_cast<std::size_t>(found - files.begin()) : files.size();
}

// The objects of the manifest files, and the names they go by.
void note_objects(const Trace& trace, Record& record) {
  for (std::uint32_t i = 0; i < record.files.size(); ++i) {
    auto traced = trace.files().find(record.files[i].path);
    if (traced == trace.files().end()) continue;
    record.files[i].first = static_cast<std::uint32_t>(record.objects.size());
    record.files[i].count = static_cast<std::uint32_t>(traced->second.seen.size());
    for (const crypto::Digest& seen : traced->second.seen) record.objects.push_back({seen, Record::kNone});
    for (std::uint64_t name : traced->second.names) record.names.emplace_back(name, i);
  }
  std::sort(record.names.begin(), record.names.end());
  record.names.erase(std::unique(record.names.begin(), record.names.end()), record.names.end());
}

void note_files(const Trace& trace, const Files& files, Record& record) {
  for (const auto& [path, asked] : files.asked()) {
    Record::File file{path, std::nullopt};
    if (asked.file) file.digest = crypto::sha256(asked.file->bytes);
    auto traced = trace.files().find(path);
    file.manifest = traced != trace.files().end() && traced->second.loads == asked.times;
    record.files.push_back(std::move(file));
  }
  for (const auto& [folder, paths] : files.listed()) record.folders.push_back({folder, listing_digest(paths)});
}

void note_outputs(const Printed& printed, Record& record) {
  std::size_t i = 0;  // objects of one kind mostly come in the order of their files
  for (const PrintedLayer& layer : printed.layers) {
    record.layers.push_back({layer.name, layer.tier, static_cast<std::uint32_t>(layer.objects.size()), layer.text});
    for (const PrintedObject& object : layer.objects) {
      if (object.place != 0) {
        auto is_at = [&](std::size_t at) { return at < record.files.size() && record.files[at].path == object.file; };
        if (is_at(i + 1))
          ++i;
        else if (!is_at(i))
          i = index_of(record.files, object.file);
        check(i < record.files.size(), "a traced object's file was read");
        const Record::File& file = record.files[i];
        record.objects[file.first + object.place - 1].output = static_cast<std::uint32_t>(record.outputs.size());
      }
      record.outputs.push_back({object.begin, object.bytes});
    }
  }
}

// A file's objects as an excerpt found them, where nothing that others see of them is new.
const Trace::File* unchanged_for_others(const Record& record, const Record::File& file, const Trace& trace) {
  auto traced = trace.files().find(file.path);
  if (traced == trace.files().end() || traced->second.seen.size() != file.count) return nullptr;
  for (std::uint32_t i = 0; i < file.count; ++i) {
    if (traced->second.seen[i] != record.objects[file.first + i].seen) return nullptr;
  }
  return &traced->second;
}

// Outputs that have another text, in their order.
using Fresh = std::map<std::uint32_t, std::string_view>;

class Reviser {
 public:
  Reviser(const Record& record, const std::vector<std::uint32_t>& changed)
      : record_(record), changed_(changed), wanted_(changed.begin(), changed.end()) {}

  // Renders the changed files, and every other whose objects they may refer to, until no more are found.
  std::optional<Printed> print(const Print& print) {
    for (int round = 0; round < kMostRounds && wanted_.size() <= kMostFiles; ++round) {
      Trace trace([this](std::string_view path) { return passes_over(path); });
      Result<Printed> printed = print(trace);
      if (!printed || trace.entangled()) return std::nullopt;
      if (take_up_wanted(trace)) continue;
      for (std::uint32_t i : changed_) {
        if (unchanged_for_others(record_, record_.files[i], trace) == nullptr) return std::nullopt;
      }
      return std::move(*printed);
    }
    return std::nullopt;
  }

  // What is printed anew, by output; nullopt where it is not what was printed before.
  std::optional<Fresh> outputs(const Printed& printed) const {
    if (printed.warnings != record_.warnings || printed.layers.size() != record_.layers.size()) return std::nullopt;
    Fresh fresh;
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < printed.layers.size(); ++i) {
      std::uint32_t end = begin + record_.layers[i].outputs;
      for (const PrintedObject& object : printed.layers[i].objects) {
        std::optional<std::uint32_t> output = changed_output(object);
        if (!output) continue;
        if (*output < begin || *output >= end) return std::nullopt;
        fresh[*output] = printed.layers[i].text_of(object);
      }
      begin = end;
    }
    return all_there(fresh) ? std::optional(std::move(fresh)) : std::nullopt;
  }

 private:
  bool passes_over(std::string_view path) const {
    std::size_t i = index_of(record_.files, path);
    return i < record_.files.size() && record_.files[i].manifest && !wanted_.contains(static_cast<std::uint32_t>(i));
  }

  bool take_up_wanted(const Trace& trace) {
    std::size_t before = wanted_.size();
    for (std::uint32_t i : changed_) {
      for (const std::string& name : trace.wanted_by(record_.files[i].path)) {
        std::uint64_t hash = name_hash(name);
        auto at = std::lower_bound(record_.names.begin(), record_.names.end(), std::pair(hash, std::uint32_t{0}));
        for (; at != record_.names.end() && at->first == hash; ++at) wanted_.insert(at->second);
      }
    }
    return wanted_.size() > before;
  }

  // Which output an object of a changed file is; nullopt for objects of others.
  std::optional<std::uint32_t> changed_output(const PrintedObject& object) const {
    if (object.place == 0) return std::nullopt;
    auto i = static_cast<std::uint32_t>(index_of(record_.files, object.file));
    if (!std::binary_search(changed_.begin(), changed_.end(), i)) return std::nullopt;
    return record_.objects[record_.files[i].first + object.place - 1].output;
  }

  bool all_there(const Fresh& fresh) const {
    return std::all_of(changed_.begin(), changed_.end(), [&](std::uint32_t i) {
      const Record::File& file = record_.files[i];
      for (std::uint32_t k = file.first; k < file.first + file.count; ++k) {
        std::uint32_t output = record_.objects[k].output;
        if (output != Record::kNone && !fresh.contains(output)) return false;
      }
      return true;
    });
  }

  const Record& record_;
  const std::vector<std::uint32_t>& changed_;
  std::set<std::uint32_t> wanted_;
};

// The text of a layer whose outputs begin with `first`: what is fresh in place of what was there.
Pieces assemble(const Record& record, const Record::Layer& layer, std::uint32_t first, const Fresh& fresh) {
  Pieces out;
  std::size_t done = 0;
  auto end = fresh.lower_bound(first + layer.outputs);
  for (auto at = fresh.lower_bound(first); at != end; ++at) {
    const Record::Output& old = record.outputs[at->first];
    out.append(record.bytes.share(layer.text.substr(done, old.begin - done)));
    out.append(SharedBytes(std::string(at->second)));
    done = old.begin + old.bytes;
  }
  out.append(record.bytes.share(layer.text.substr(done)));
  return out;
}

PrintedText assemble(const Record& record, const Fresh& fresh) {
  PrintedText out{{}, record.warnings};
  std::uint32_t first = 0;
  for (const Record::Layer& layer : record.layers) {
    out.layers.push_back({layer.name, layer.tier, assemble(record, layer, first, fresh)});
    first += layer.outputs;
  }
  return out;
}

}  // namespace

crypto::Digest listing_digest(const std::optional<std::vector<std::string>>& paths) {
  return crypto::sha256(paths ? join(*paths, "\n") + "\n" : "");
}

PrintedText text_of(const Record& record) { return assemble(record, {}); }

std::optional<Record> make_record(const Trace& trace, const Files& files, const Printed& printed) {
  if (trace.entangled() || trace.is_excerpt()) return std::nullopt;
  Record record;
  record.warnings = printed.warnings;
  note_files(trace, files, record);
  note_objects(trace, record);
  note_outputs(printed, record);
  return record;
}

std::optional<PrintedText> revise(const Record& record, const std::vector<std::uint32_t>& changed, const Print& print) {
  bool manifests = std::all_of(changed.begin(), changed.end(), [&](auto i) { return record.files[i].manifest; });
  if (!manifests) return std::nullopt;
  Reviser reviser(record, changed);
  std::optional<Printed> printed = reviser.print(print);
  if (!printed) return std::nullopt;
  std::optional<Fresh> fresh = reviser.outputs(*printed);
  if (!fresh) return std::nullopt;
  return assemble(record, *fresh);
}

}  // namespace pawl::render
