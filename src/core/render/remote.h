#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/model/content.h"

namespace pawl::render {

// A resource entry that names something remote, taken apart: "https://host/org/repo//deploy?ref=v1",
// "git@host:org/repo".
struct RemoteBase {
  std::string place;  // "host/org/repo/deploy": without scheme, user, ".git" and query; the host in lower case
  std::string ref;    // of ?ref= or ?version=; "" where there is none
};
std::optional<RemoteBase> parse_remote(std::string_view entry);

// Where below model::kSourcesFolder the files of a remote base are: those of the Git source whose repository it names.
// A source that asks for one tag, branch or commit stands for entries that ask for the same, or for none; one with a
// version range chooses the version of its repository. nullopt when no source is of that repository. Errors: kInvalid
// when the source asks for another version, or holds another folder.
Result<std::optional<std::string>> folder_of_remote(std::span<const model::Source> sources, const RemoteBase& remote);

// As resolve_path(); from within a source's folder nothing outside of that folder is reached. Errors: kInvalid.
Result<std::string> resolve_in_source(std::string_view folder, std::string_view relative);

}  // namespace pawl::render
