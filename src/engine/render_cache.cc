#include "engine/render_cache.h"

#include <algorithm>
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

std::vector<std::optional<FileStamp>> RenderCache::stamps_of(const Record& record) const {
  std::vector<std::string_view> paths;
  paths.reserve(record.files.size());
  for (const Record::File& file : record.files) paths.push_back(file.path);
  std::vector<std::optional<FileStamp>> out(paths.size());
  executor_->for_each((paths.size() + kStampsAtOnce - 1) / kStampsAtOnce, [&](std::size_t batch) {
    std::size_t first = batch * kStampsAtOnce;
    std::size_t count = std::min(kStampsAtOnce, paths.size() - first);
    std::vector<std::optional<FileStamp>> some = workspace_->stamps(std::span(paths).subspan(first, count));
    std::copy(some.begin(), some.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return out;
}

void RenderCache::stamp_files(Record& record, Time start) const {
  std::vector<std::optional<FileStamp>> stamps = stamps_of(record);
  for (std::size_t i = 0; i < record.files.size(); ++i) {
    if (stamps[i] && is_settled(*stamps[i], start)) record.files[i].stamp = *stamps[i];
  }
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
  stamp_files(*record, start);
  cache_->put(key, encode(*record));
}

std::optional<render::PrintedText> RenderCache::from_record(const crypto::Digest& key, const Work& work,
                                                            Time start) const {
  std::optional<SharedBytes> bytes = cache_->get(key);
  std::optional<Record> record = bytes ? render::decode_record(std::move(*bytes)) : std::nullopt;
  if (!record) return std::nullopt;
  std::size_t renewed = 0;
  std::optional<std::vector<std::uint32_t>> paths = changed(*record, renewed);
  if (!paths) return std::nullopt;
  if (renewed > kMostRenewed) {
    stamp_files(*record, start);
    for (std::uint32_t i : *paths) record->files[i].stamp = {};
    cache_->put(key, encode(*record));
  }
  if (paths->empty()) return text_of(*record);
  return render::revise(*record, *paths, [&](render::Trace& trace) -> Result<render::Printed> {
    render::Files read = workspace_files(workspace_);
    return work(read, &trace);
  });
}

std::optional<std::vector<std::uint32_t>> RenderCache::changed(Record& record, std::size_t& renewed) const {
  for (const Record::Folder& folder : record.folders) {
    Result<std::optional<std::vector<std::string>>> paths = workspace_->list(folder.path);
    if (!paths || render::listing_digest(*paths) != folder.paths) return std::nullopt;
  }
  std::vector<std::optional<FileStamp>> stamps = stamps_of(record);
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < record.files.size(); ++i) {
    const Record::File& file = record.files[i];
    if (!file.digest && !stamps[i]) continue;
    if (file.digest && stamps[i] && *stamps[i] == file.stamp) continue;
    Result<std::optional<format::TreeFile>> now = workspace_->read_file(std::string(file.path));
    if (!now || now->has_value() != file.digest.has_value()) return std::nullopt;
    if (!*now) continue;
    if (crypto::sha256((*now)->bytes) == *file.digest)
      ++renewed;
    else
      out.push_back(i);
  }
  return out;
}

}  // namespace pawl::engine
