#pragma once

#include <map>
#include <mutex>
#include <string>

#include "adapters/memory/fault.h"
#include "ports/workspace.h"

namespace pawl::memory {

// A checkout in memory, with the commits that commit() makes of it. Thread-safe.
class Workspace : public ports::Workspace {
 public:
  explicit Workspace(ports::FileTree files, Fault fault = {});

  // Commits what is there; the workspace is in version control from then on. Returns the commit's name.
  std::string commit();
  void remove(const std::string& path);
  void set_origin(std::string url);
  void watch();  // somebody does, from now on

  std::string root() const override { return "/workspace"; }
  Result<std::string> read(const std::string& path) override;
  Result<std::optional<std::string>> read_if_present(const std::string& path) override;
  Result<std::optional<ports::TreeFile>> read_file(const std::string& path) override;
  Result<std::string> real_path(const std::string& path) override { return path; }  // there are no links
  std::vector<std::optional<FileStamp>> stamps(std::span<const std::string_view> paths) override;
  std::optional<std::vector<std::uint32_t>> watched_changes(const ports::StampedFiles& files) override;
  Result<std::optional<std::vector<std::string>>> list(const std::string& folder) override;
  Result<ports::FileTree> read_tree(const std::string& folder) override;
  Status write(const std::string& path, std::string_view bytes) override;
  Result<ports::Revision> revision(const Context& context) override;
  Result<std::vector<std::string>> changed(const Context& context, std::span<const std::string> paths) override;
  Result<ports::FileTree> read_tree_at(const Context& context, const std::string& revision,
                                       const std::string& folder) override;

 private:
  using Files = std::map<std::string, ports::TreeFile>;
  static ports::FileTree below(const Files& files, const std::string& folder);
  std::vector<std::optional<FileStamp>> stamps_now(std::span<const std::string_view> paths);

  Fault fault_;
  std::mutex mutex_;
  Files files_;
  std::map<std::string, Files> commits_;
  std::string head_;
  std::string origin_;
  bool is_watched_ = false;
};

}  // namespace pawl::memory
