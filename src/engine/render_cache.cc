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

}  // namespace

std::optional<RenderCache::Stamps> RenderCache::stamps_of(const Record& record) const {
  std::vector<std::string_view> paths;
  paths.reserve(record.files.size());
  for (const Record::File& file : record.files) paths.push_back(record.path_of(file));
  std::optional<Stamps> watched = workspace_->watched_stamps(paths);
  std::size_t batches = watched ? 0 : (paths.size() + kStampsAtOnce - 1) / kStampsAtOnce;
  Stamps out = watched ? std::move(*watched) : Stamps(paths.size());
  std::atomic<bool> intact = true;
  executor_->for_each(batches + record.parts.size(), [&](std::size_t i) {
    if (i >= batches) {
      if (!record.parts[i - batches].is_intact()) intact = false;
      return;
    }
    std::size_t first = i * kStampsAtOnce;
    std::size_t count = std::min(kStampsAtOnce, paths.size() - first);
    Stamps some = workspace_->stamps(std::span(paths).subspan(first, count));
    std::copy(some.begin(), some.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return intact ? std::optional(std::move(out)) : std::nullopt;
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
  std::optional<Stamps> stamps = stamps_of(*record);
  if (!stamps) return;
  set_stamps(*record, *stamps, start);
  cache_->put(key, encode(*record));
}

std::optional<render::PrintedText> RenderCache::from_record(const crypto::Digest& key, const Work& work,
                                                            Time start) const {
  std::optional<SharedBytes> bytes = cache_->get(key);
  std::optional<Record> record = bytes ? render::decode_record(std::move(*bytes)) : std::nullopt;
  if (!record) return std::nullopt;
  std::optional<Changes> found = changes(*record);
  if (!found) return std::nullopt;
  if (found->renewed > kMostRenewed) {
    for (std::uint32_t i : found->files) found->stamps[i] = FileStamp();
    set_stamps(*record, found->stamps, start);
    cache_->put(key, encode(*record));
  }
  if (found->files.empty()) return text_of(*record);
  return render::revise(*record, found->files, [&](render::Trace& trace) -> Result<render::Printed> {
    render::Files read = workspace_files(workspace_);
    return work(read, &trace);
  });
}

std::optional<RenderCache::Changes> RenderCache::changes(const Record& record) const {
  for (const Record::Folder& folder : record.folders) {
    Result<std::optional<std::vector<std::string>>> paths = workspace_->list(folder.path);
    if (!paths || render::listing_digest(*paths) != folder.paths) return std::nullopt;
  }
  std::optional<Stamps> stamps = stamps_of(record);
  if (!stamps) return std::nullopt;
  Changes out;
  for (std::uint32_t i = 0; i < record.files.size(); ++i) {
    const Record::File& file = record.files[i];
    const std::optional<FileStamp>& stamp = (*stamps)[i];
    if (file.there == 0 && !stamp) continue;
    if (file.there != 0 && stamp && *stamp == record.stamps[i]) continue;
    Result<std::optional<format::TreeFile>> now = workspace_->read_file(std::string(record.path_of(file)));
    if (!now || now->has_value() != (file.there != 0)) return std::nullopt;
    if (!*now) continue;
    if (crypto::sha256((*now)->bytes) == file.digest)
      ++out.renewed;
    else
      out.files.push_back(i);
  }
  out.stamps = std::move(*stamps);
  return out;
}

}  // namespace pawl::engine
