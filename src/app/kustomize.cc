#include "app/kustomize.h"

#include <algorithm>
#include <filesystem>

#include "adapters/local/process.h"
#include "adapters/local/workspace.h"
#include "engine/kustomize.h"
#include "os/file.h"
#include "os/system.h"

namespace pawl::app {

namespace {

// The nearest folder from `start` upwards that is a Git repository; "/" where there is none.
std::string enclosing_repository(std::string start) {
  while (start.size() > 1 && !os::exists(os::join_path(start, ".git")))
    start.resize(std::max<std::size_t>(start.rfind('/'), 1));
  return start;
}

// Paths below `root`, as they are to be read from `start`.
class View {
 public:
  View(std::string root, std::string start) : root_(std::move(root)), start_(std::move(start)) {
    std::optional<std::string> way = os::relative_below(root_, start_);
    if (way && *way != ".") prefix_ = *way + "/";
  }

  Error seen(Error error) const {
    for (std::string* text : {&error.message, &error.hint}) shorten(*text);
    for (Diagnostic& diagnostic : error.diagnostics) {
      if (!diagnostic.file.empty()) diagnostic.file = relative(diagnostic.file);
      shorten(diagnostic.summary);
    }
    return error;
  }

 private:
  std::string relative(const std::string& path) const {
    return std::filesystem::path(os::join_path(root_, path)).lexically_relative(start_).string();
  }
  void shorten(std::string& text) const {
    if (prefix_.empty()) return;
    for (std::size_t at = text.find(prefix_); at != std::string::npos; at = text.find(prefix_, at))
      text.erase(at, prefix_.size());
  }

  std::string root_;
  std::string start_;
  std::string prefix_;  // of what lies in `start`
};

}  // namespace

Result<Pieces> kustomize(const std::string& start, const std::string& folder, std::shared_ptr<ports::Cache> cache,
                         const std::string& watch_folder) {
  PAWL_ASSIGN(std::string full, os::canonical_path(folder.starts_with('/') ? folder : os::join_path(start, folder)));
  std::string root = enclosing_repository(full);
  std::shared_ptr<ports::Workspace> workspace = local::open_workspace(root, watch_folder);
  engine::RenderCache records(workspace, std::move(cache), local::system_clock(),
                              local::thread_pool(os::processor_count()));
  Result<Pieces> out = engine::kustomize(records, *workspace, os::relative_below(root, full).value());
  if (!out) return View(root, start).seen(std::move(out).error());
  return out;
}

}  // namespace pawl::app
