#include "adapters/registry/chart_repository.h"

#include <algorithm>
#include <optional>

#include "adapters/registry/chart_index.h"
#include "adapters/registry/version_choice.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace pawl::registry {

namespace {

// The repository of a chart by the place that the lock records, "https://charts.example.com/stable/podinfo".
Result<Url> repository_of(const std::string& place) {
  std::optional<Url> url = parse_url(place.substr(0, place.rfind('/')));
  bool plain = url && url->path.find('?') == std::string::npos;
  if (plain) return *url;
  return Error(ErrorCode::kInvalid, "\"" + escape_terminal(place.substr(0, 200)) + "\" is no chart of a repository",
               "write repository: https://charts.example.com, or oci://REGISTRY/PATH");
}

// Where the index says that an archive is.
Result<Url> place_of_archive(const Url& repository, const std::string& given) {
  bool absolute = given.find("://") != std::string::npos;
  bool rooted = given.starts_with('/') && !given.starts_with("//");
  std::optional<Url> url = parse_url(absolute ? given
                                     : rooted ? repository.origin() + given
                                              : repository.str() + "/" + given);
  bool downgrade = url && repository.scheme == "https" && url->scheme != "https";
  if (url && !downgrade) return *url;
  return Error(ErrorCode::kDenied,
               "the index of " + repository.str() + " sends to \"" + escape_terminal(given.substr(0, 200)) + "\"");
}

Status check_digest(const Url& at, const crypto::Digest& wanted, std::string_view bytes) {
  crypto::Digest found = crypto::sha256(bytes);
  if (found == wanted) return {};
  return Error(ErrorCode::kIntegrity,
               at.host + " gave other bytes for " + at.path + ": asked for " + wanted.str() + ", got " + found.str());
}

Error sent_inside(Error error, const Url& repository) {
  if (error.code == ErrorCode::kDenied && error.hint.empty())
    error.hint = "only " + repository.host + " itself may be on a private network: name the other host as `repository`";
  return error;
}

}  // namespace

Result<std::string> ChartRepository::get(const Context& context, const Url& repository, Url at, std::size_t max_bytes) {
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    os::HttpRequest request{.url = at.str(), .max_bytes = max_bytes};
    request.allow_private_addresses = at.host == repository.host;
    Result<os::HttpResponse> response = http_.send(context, request);
    if (!response) return sent_inside(std::move(response).error(), repository);
    if (response->status == 200) return std::move(response->body);
    if (!is_redirect(*response))
      return Error(code_of_status(response->status),
                   at.host + " answers " + std::to_string(response->status) + " for " + at.path);
    PAWL_ASSIGN(at, follow(at, *response));
  }
  return Error(ErrorCode::kUnavailable, repository.host + " redirects without end");
}

Result<model::LockedSource> ChartRepository::resolve(const Context& context, const model::Source& source,
                                                     const model::HelmSource& helm) {
  std::string place = model::place_of(source);
  PAWL_ASSIGN(Url repository, repository_of(place));
  PAWL_TRY(check_version(source.version));
  Url index = repository;
  index.path += "/index.yaml";
  PAWL_ASSIGN(std::string text, get(context, repository, index, limits::kDocumentBytes));
  PAWL_ASSIGN(std::vector<IndexedChart> charts, parse_chart_index(std::move(text), index.str(), helm.chart));
  std::string version = source.version;
  if (form_of(version) != VersionForm::kExact) {
    std::vector<std::string> versions;
    for (const IndexedChart& chart : charts) versions.push_back(chart.version);
    PAWL_ASSIGN(version, choose_version(source.version, versions, place));
  }
  PAWL_ASSIGN(IndexedChart chart, find_version(charts, version, place));
  PAWL_ASSIGN(Url at, place_of_archive(repository, chart.urls[0]));
  model::LockedSource out{source.name, "helm", place, source.version, version, "", {}, at.str()};
  if (!chart.digest.empty()) {
    PAWL_ASSIGN(out.digest, crypto::Digest::parse("sha256:" + chart.digest));
    return out;
  }
  PAWL_ASSIGN(std::string bytes, get(context, repository, at, limits::kChartBytes));
  out.digest = crypto::sha256(bytes);
  return out;
}

Result<std::string> ChartRepository::archive(const Context& context, const model::LockedSource& locked) {
  PAWL_ASSIGN(Url repository, repository_of(locked.from));
  PAWL_ASSIGN(Url at, place_of_archive(repository, locked.url));
  PAWL_ASSIGN(std::string bytes, get(context, repository, at, limits::kChartBytes));
  PAWL_TRY(check_digest(at, *locked.digest, bytes));
  return bytes;
}

}  // namespace pawl::registry
