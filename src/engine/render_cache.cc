#include "engine/render_cache.h"

#include <algorithm>
#include <atomic>
#include <span>

#include "engine/source_files.h"

namespace pawl::engine {

namespace {

using render::Record;

constexpr std::size_t kFewest = 200;                   // objects: fewer are rendered faster than a record is kept
constexpr std::size_t kMostRenewed = 16;               // stamps that a record may lack before it is worth writing again
constexpr std::size_t kStampsAtOnce = 512;             // by one thread: fewer are asked for faster than it is started
constexpr auto kTick = std::chrono::milliseconds(20);  // of a file system's clock, at most

std::size_t objects_of(const render::Printed& printed) {
  std::size_t out = 0;
  for (const render::PrintedLayer& layer : printed.layers) out += layer.objects.size();
  return out;
}

// A file that changed this late may change again without another stamp.
bool is_settled(const FileStamp& stamp, Time start) {
  std::int64_t limit = std::chrono::duration_cast<std::chrono::nanoseconds>((start - kTick).time_since_epoch()).count();
  return stamp.modified_ns < limit && stamp.changed_ns < limit;
}

std::vector<std::string_view> paths_of(const Record& record) {
  std::vector<std::string_view> out;
  out.reserve(record.files.size());
  for (const Record::File& file : record.files) out.push_back(record.path_of(file));
  return out;
}

std::vector<std::uint32_t> differing(const Record& record, std::span<const std::optional<FileStamp>> now) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < now.size(); ++i) {
    bool was_there = record.files[i].there != 0;
    bool same = was_there ? now[i] == record.stamps[i] : !now[i];
    if (!same) out.push_back(i);
  }
  return out;
}

}  // namespace

bool RenderCache::is_intact(const Record& record, const std::function<void()>& beside) const {
  std::atomic<bool> intact = true;
  executor_->for_each(1 + record.parts.size(), [&](std::size_t i) {
    if (i == 0)
      beside();
    else if (!record.parts[i - 1].is_intact())
      intact = false;
  });
  return intact;
}

RenderCache::Stamps RenderCache::stamps_of(const Record& record) const {
  std::vector<std::string_view> paths = paths_of(record);
  Stamps out(paths.size());
  executor_->for_each((paths.size() + kStampsAtOnce - 1) / kStampsAtOnce, [&](std::size_t i) {
    std::size_t first = i * kStampsAtOnce;
    std::size_t count = std::min(kStampsAtOnce, paths.size() - first);
    Stamps some = workspace_->stamps(std::span(paths).subspan(first, count));
    std::copy(some.begin(), some.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return out;
}

void RenderCache::set_stamps(Record& record, const Stamps& stamps, Time start) {
  std::vector<FileStamp> all(record.stamps.begin(), record.stamps.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (stamps[i] && is_settled(*stamps[i], start)) all[i] = *stamps[i];
  }
  record.stamps = std::move(all);
}

Result<render::PrintedText> RenderCache::print(const crypto::Digest& key, const Work& work) const {
  render::Files read = workspace_files(workspace_);
  if (cache_ == nullptr) {
    PAWL_ASSIGN(render::Printed printed, work(read, nullptr));
    return text_of(std::move(printed));
  }
  Time start = clock_->now();
  if (std::optional<render::PrintedText> text = from_record(key, work, start)) return std::move(*text);
  render::Trace trace;
  PAWL_ASSIGN(render::Printed printed, work(read, &trace));
  if (objects_of(printed) >= kFewest) keep(key, trace, read, printed, start);
  return text_of(std::move(printed));
}

void RenderCache::keep(const crypto::Digest& key, const render::Trace& trace, const render::Files& files,
                       const render::Printed& printed, Time start) const {
  std::optional<Record> record = make_record(trace, files, printed);
  if (!record) return;
  set_stamps(*record, stamps_of(*record), start);
  cache_->put(key, encode(*record));
}

std::optional<render::PrintedText> RenderCache::from_record(const crypto::Digest& key, const Work& work,
                                                            Time start) const {
  std::optional<SharedBytes> bytes = cache_->get(key);
  std::optional<Record> record = bytes ? render::decode_record(std::move(*bytes)) : std::nullopt;
  if (!record) return std::nullopt;
  std::optional<Changes> found = changes(*record, Ask::kWhoWatches);
  bool lacks = found && found->renewed > kMostRenewed;
  if (lacks && !found->stamps) found = changes(*record, Ask::kTheSystem);
  if (!found) return std::nullopt;
  std::optional<render::PrintedText> out;
  bool intact = is_intact(*record, [&] { out = text_after(*record, found->files, work); });
  if (!intact) return std::nullopt;
  if (lacks) {
    for (std::uint32_t i : found->files) (*found->stamps)[i] = FileStamp();
    set_stamps(*record, *found->stamps, start);
    cache_->put(key, encode(*record));
  }
  return out;
}

std::optional<render::PrintedText> RenderCache::text_after(const Record& record,
                                                           const std::vector<std::uint32_t>& changed,
                                                           const Work& work) const {
  if (changed.empty()) return text_of(record);
  return render::revise(record, changed, [&](render::Trace& trace) -> Result<render::Printed> {
    render::Files read = workspace_files(workspace_);
    return work(read, &trace);
  });
}

std::optional<std::vector<std::uint32_t>> RenderCache::watched_changes(const Record& record) const {
  std::vector<std::uint32_t> unknown;  // a file of which no stamp is known looks like none
  for (std::uint32_t i = 0; i < record.files.size(); ++i) {
    if (record.files[i].there != 0 && record.stamps[i] == FileStamp()) unknown.push_back(i);
  }
  if (unknown.size() > kMostRenewed) return std::nullopt;  // their stamps are to be written, and those the system has
  std::vector<std::string_view> paths = paths_of(record);
  std::optional<std::vector<std::uint32_t>> out = workspace_->watched_changes({*record.id, paths, record.stamps.all()});
  if (!out) return std::nullopt;
  out->insert(out->end(), unknown.begin(), unknown.end());
  std::sort(out->begin(), out->end());
  out->erase(std::unique(out->begin(), out->end()), out->end());
  return out;
}

std::optional<RenderCache::Changes> RenderCache::changes(const Record& record, Ask ask) const {
  for (const Record::Folder& folder : record.folders) {
    Result<std::optional<std::vector<std::string>>> paths = workspace_->list(folder.path);
    if (!paths || render::listing_digest(*paths) != folder.paths) return std::nullopt;
  }
  Changes out;
  std::optional<std::vector<std::uint32_t>> suspects;
  if (ask == Ask::kWhoWatches) suspects = watched_changes(record);
  if (!suspects) {
    out.stamps = stamps_of(record);
    suspects = differing(record, *out.stamps);
  }
  for (std::uint32_t i : *suspects) {
    const Record::File& file = record.files[i];
    Result<std::optional<format::TreeFile>> now = workspace_->read_file(std::string(record.path_of(file)));
    if (!now || now->has_value() != (file.there != 0)) return std::nullopt;
    if (!*now) continue;
    if (crypto::sha256((*now)->bytes) == file.digest)
      ++out.renewed;
    else
      out.files.push_back(i);
  }
  return out;
}

}  // namespace pawl::engine
