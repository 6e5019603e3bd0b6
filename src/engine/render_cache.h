#pragma once

#include <functional>
#include <memory>

#include "core/render/record.h"
#include "ports/cache.h"
#include "ports/clock.h"
#include "ports/executor.h"
#include "ports/workspace.h"

namespace pawl::engine {

// Rendering for people to look at, through records of earlier renderings. A release never reads one.
class RenderCache {
 public:
  // Without a cache everything is rendered anew.
  RenderCache(std::shared_ptr<ports::Workspace> workspace, std::shared_ptr<ports::Cache> cache,
              std::shared_ptr<ports::Clock> clock, std::shared_ptr<ports::Executor> executor)
      : workspace_(std::move(workspace)),
        cache_(std::move(cache)),
        clock_(std::move(clock)),
        executor_(std::move(executor)) {}

  // Renders from files of the workspace, which it reads through `files` alone, under a trace where there is one.
  using Work = std::function<Result<render::Printed>(render::Files& files, render::Trace* trace)>;
  // What `work` prints now. `key` stands for everything that decides it but those files.
  Result<render::PrintedText> print(const crypto::Digest& key, const Work& work) const;

 private:
  std::optional<render::PrintedText> from_record(const crypto::Digest& key, const Work& work, Time start) const;
  // The files that have other bytes than they had; nullopt where files or folders came or went. Stamps of files that
  // turn out to be as they were are renewed, and counted.
  std::optional<std::vector<std::uint32_t>> changed(render::Record& record, std::size_t& renewed) const;
  std::vector<std::optional<FileStamp>> stamps_of(const render::Record& record) const;
  // Fills in the stamps of the files that have none.
  void stamp_files(render::Record& record, Time start) const;
  void keep(const crypto::Digest& key, const render::Trace& trace, const render::Files& files,
            const render::Printed& printed, Time start) const;

  std::shared_ptr<ports::Workspace> workspace_;
  std::shared_ptr<ports::Cache> cache_;
  std::shared_ptr<ports::Clock> clock_;
  std::shared_ptr<ports::Executor> executor_;
};

}  // namespace pawl::engine
