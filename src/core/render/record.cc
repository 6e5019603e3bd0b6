#include "core/render/record.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/text.h"

namespace pawl::render {

namespace {

constexpr std::size_t kMostFiles = 64;  // rendering more than these alone saves little
constexpr int kMostRounds = 8;

// Finds files by path; fast where they are asked for in their order.
class FileIndex {
 public:
  explicit FileIndex(const Record& record) : record_(record), files_(record.files.all()) {}

  // The number of files where there is no such one.
  std::size_t find(std::string_view path) {
    if (is_at(last_ + 1, path)) return ++last_;
    if (is_at(last_, path)) return last_;
    auto before = [this](const Record::File& file, std::string_view p) { return record_.path_of(file) < p; };
    auto found = std::lower_bound(files_.begin(), files_.end(), path, before);
    auto i = static_cast<std::size_t>(found - files_.begin());
    if (!is_at(i, path)) return files_.size();
    last_ = i;
    return i;
  }

 private:
  bool is_at(std::size_t i, std::string_view path) const {
    return i < files_.size() && record_.path_of(files_[i]) == path;
  }

  const Record& record_;
  std::span<const Record::File> files_;
  std::size_t last_ = 0;
};

template <class T>
std::vector<T> sorted_once(std::vector<T> all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// Everything that was asked for, and the objects of the manifest files with the names they go by.
void note_files(const Trace& trace, const Files& files, Record& record) {
  std::vector<Record::File> all;
  std::vector<Record::Object> objects;
  std::vector<Record::Named> names;
  std::vector<Record::Wanted> wanted;
  std::string paths;
  for (const auto& [path, asked] : files.asked()) {
    Record::File file{crypto::sha256(asked.file ? asked.file->bytes : ""), asked.file ? 1u : 0u};
    file.path = static_cast<std::uint32_t>(paths.size());
    file.path_bytes = static_cast<std::uint32_t>(path.size());
    paths += path;
    if (auto traced = trace.files().find(path); traced != trace.files().end()) {
      file.manifest = traced->second.loads == asked.times ? 1 : 0;
      file.first = static_cast<std::uint32_t>(objects.size());
      file.count = static_cast<std::uint32_t>(traced->second.seen.size());
      for (const crypto::Digest& seen : traced->second.seen) objects.push_back({seen, Record::kNone});
      for (std::uint64_t name : traced->second.names) names.push_back({name, all.size()});
      for (std::uint64_t name : traced->second.wanted) wanted.push_back({all.size(), name});
    }
    all.push_back(file);
  }
  record.files = std::move(all);
  record.stamps = std::vector<FileStamp>(record.files.size());
  record.objects = std::move(objects);
  record.names = sorted_once(std::move(names));
  record.wanted = sorted_once(std::move(wanted));
  record.paths = SharedBytes(std::move(paths));
  for (const auto& [folder, listed] : files.listed()) record.folders.push_back({folder, listing_digest(listed)});
}

void note_outputs(const Printed& printed, Record& record) {
  FileIndex index(record);  // objects of one kind mostly come in the order of their files
  std::vector<Record::Object> objects(record.objects.begin(), record.objects.end());
  std::vector<Record::Output> outputs;
  for (const PrintedLayer& layer : printed.layers) {
    record.layers.push_back({layer.name, layer.tier, static_cast<std::uint32_t>(layer.objects.size()), layer.text});
    for (const PrintedObject& object : layer.objects) {
      if (object.place != 0) {
        std::size_t i = index.find(object.file);
        check(i < record.files.size(), "a traced object's file was read");
        objects[record.files[i].first + object.place - 1].output = static_cast<std::uint32_t>(outputs.size());
      }
      outputs.push_back({object.begin, object.bytes});
    }
  }
  record.objects = std::move(objects);
  record.outputs = std::move(outputs);
}

// A file's objects as an excerpt found them, where nothing that others see of them is new.
const Trace::File* unchanged_for_others(const Record& record, const Record::File& file, const Trace& trace) {
  auto traced = trace.files().find(record.path_of(file));
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
      : record_(record), index_(record), changed_(changed), wanted_(changed.begin(), changed.end()) {
    for (std::uint32_t i : changed) take_up_wanted_before(i);
  }

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
  std::optional<Fresh> outputs(const Printed& printed) {
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
  bool passes_over(std::string_view path) {
    std::size_t i = index_.find(path);
    return i < record_.files.size() && record_.files[i].manifest != 0 &&
           !wanted_.contains(static_cast<std::uint32_t>(i));
  }

  // The files with objects that are or were called so.
  void take_up(std::uint64_t name) {
    auto at = std::lower_bound(record_.names.begin(), record_.names.end(), Record::Named{name, 0});
    for (; at != record_.names.end() && at->name == name; ++at) wanted_.insert(static_cast<std::uint32_t>(at->file));
  }

  // What a file's references looked for before it changed is what they mostly look for still.
  void take_up_wanted_before(std::uint32_t file) {
    auto at = std::lower_bound(record_.wanted.begin(), record_.wanted.end(), Record::Wanted{file, 0});
    for (; at != record_.wanted.end() && at->file == file; ++at) take_up(at->name);
  }

  // Whether the references of changed files looked for objects that the excerpt passed over.
  bool take_up_wanted(const Trace& trace) {
    std::size_t before = wanted_.size();
    for (std::uint32_t i : changed_) {
      auto traced = trace.files().find(record_.path_of(record_.files[i]));
      if (traced == trace.files().end()) continue;
      for (std::uint64_t name : traced->second.wanted) take_up(name);
    }
    return wanted_.size() > before;
  }

  // Which output an object of a changed file is; nullopt for objects of others.
  std::optional<std::uint32_t> changed_output(const PrintedObject& object) {
    if (object.place == 0) return std::nullopt;
    auto i = static_cast<std::uint32_t>(index_.find(object.file));
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
  FileIndex index_;
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
  note_outputs(printed, record);
  return record;
}

std::optional<PrintedText> revise(const Record& record, const std::vector<std::uint32_t>& changed, const Print& print) {
  bool manifests = std::all_of(changed.begin(), changed.end(), [&](auto i) { return record.files[i].manifest != 0; });
  if (!manifests) return std::nullopt;
  Reviser reviser(record, changed);
  std::optional<Printed> printed = reviser.print(print);
  if (!printed) return std::nullopt;
  std::optional<Fresh> fresh = reviser.outputs(*printed);
  if (!fresh) return std::nullopt;
  return assemble(record, *fresh);
}

}  // namespace pawl::render
