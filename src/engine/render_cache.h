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
  using Stamps = std::vector<std::optional<FileStamp>>;
  struct Changes {
    std::vector<std::uint32_t> files;  // that have other bytes than they had
    std::size_t renewed = 0;           // files that have another stamp and are as they were
    std::optional<Stamps> stamps;      // of all, where the system was asked
  };

  std::optional<render::PrintedText> from_record(const crypto::Digest& key, const Work& work, Time start) const;
  enum class Ask : std::uint8_t { kWhoWatches, kTheSystem };
  // nullopt where files or folders came or went. Where nobody watches the files the system is asked.
  std::optional<Changes> changes(const render::Record& record, Ask ask) const;
  // Files (indices, sorted) that may have changed, from whoever watches them; nullopt where nobody does.
  std::optional<std::vector<std::uint32_t>> watched_changes(const render::Record& record) const;
  // The stamps that files have now, from the system.
  Stamps stamps_of(const render::Record& record) const;
  // What is printed after those files have changed; nullopt where everything must be rendered.
  std::optional<render::PrintedText> text_after(const render::Record& record, const std::vector<std::uint32_t>& changed,
                                                const Work& work) const;
  // Whether the record's texts are what was stored. `beside` is called meanwhile, by one thread, and reads none of
  // them.
  bool is_intact(const render::Record& record, const std::function<void()>& beside) const;
  static void set_stamps(render::Record& record, const Stamps& stamps, Time start);
  void keep(const crypto::Digest& key, const render::Trace& trace, const render::Files& files,
            const render::Printed& printed, Time start) const;

  std::shared_ptr<ports::Workspace> workspace_;
  std::shared_ptr<ports::Cache> cache_;
  std::shared_ptr<ports::Clock> clock_;
  std::shared_ptr<ports::Executor> executor_;
};

}  // namespace pawl::engine
