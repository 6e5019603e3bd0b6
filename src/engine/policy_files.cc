#include "engine/policy_files.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "core/policy/library.h"
#include "core/policy/test_table.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

constexpr std::string_view kLibrary = "library/";

Error unknown_policy(const std::string& name) {
  std::vector<std::string_view> names;
  for (const policy::LibraryPolicy& one : policy::library()) names.push_back(one.name);
  std::string near = nearest(name, names);
  return Error(ErrorCode::kNotFound, "no policy \"" + name + "\" comes with pawl",
               near.empty() ? "pawl policy explain lists them" : "did you mean library/" + near + "?");
}

// The documents that are neither tables of tests nor empty.
std::vector<format::Value> without_tables(const std::vector<format::Value>& documents) {
  std::vector<format::Value> made;
  std::ranges::copy_if(documents, std::back_inserter(made), [](const format::Value& document) {
    return document.is_map() && !policy::is_test_table(document);
  });
  return made;
}

}  // namespace

bool is_library_path(const std::string& path) { return path.starts_with(kLibrary); }

std::string file_path(std::string path) { return is_library_path(path) ? "./" + path : path; }

Position PolicyFile::place_of(const std::string& policy, std::size_t validation) const {
  for (const format::Value& document : documents) {
    const format::Value* name = document.at_path({"metadata", "name"});
    if (!policy::is_policy(document) || name == nullptr || name->string_or_empty() != policy) continue;
    const format::Value* list = document.at_path({"spec", "validations"});
    if (list != nullptr && validation < list->items().size()) return list->items()[validation].at();
    return document.at();
  }
  return {};
}

Result<std::vector<const PolicyFile*>> PolicyLoader::load(const std::string& path) {
  std::vector<std::string> paths = {path};
  if (!is_library_path(path)) {
    PAWL_ASSIGN(paths, files_.list(path));
  }
  std::vector<const PolicyFile*> made;
  FileFaults faults;
  for (const std::string& one : paths) {
    Result<const PolicyFile*> file = load_file(is_library_path(path) ? one : file_path(one));
    if (file)
      made.push_back(*file);
    else
      PAWL_TRY(faults.take(std::move(file).error()));
  }
  PAWL_TRY(faults.result());
  return made;
}

Result<const PolicyFile*> PolicyLoader::load_file(const std::string& path) {
  if (auto known = known_.find(path); known != known_.end()) return known->second.get();
  if (!is_library_path(path)) {
    PAWL_ASSIGN(std::string text, files_.read(path));
    return keep(path, std::move(text));
  }
  std::string name = path.substr(kLibrary.size());
  const policy::LibraryPolicy* found = policy::find_library_policy(name);
  if (found == nullptr) return unknown_policy(name);
  return keep(path, std::string(found->text));
}

Result<const PolicyFile*> PolicyLoader::keep(const std::string& path, std::string text) {
  auto made = std::make_unique<PolicyFile>();
  made->path = path;
  made->text = std::move(text);
  PAWL_ASSIGN(std::vector<format::Value> documents, format::parse_yaml(made->arena, made->text, {.file = path}));
  made->documents = without_tables(documents);
  PAWL_ASSIGN(made->read, policy::read_documents(made->documents, {.file = path, .text = made->text, .zones = zones_}));
  return known_.emplace(path, std::move(made)).first->second.get();
}

void add_rules(const PolicyFile& file, std::vector<policy::ReportedRule>& into) {
  for (const policy::Policy& policy : file.read.policies)
    for (std::size_t i = 0; i < policy.validations.size(); ++i) {
      const policy::Validation& validation = policy.validations[i];
      std::string expression(trim(validation.program.text()));
      into.push_back({policy.name, i, validation.message.empty() ? expression : validation.message, expression});
    }
}

Status FileFaults::take(Error error) {
  if (error.diagnostics.empty()) return error;
  std::ranges::move(error.diagnostics, std::back_inserter(faults_));
  return {};
}

Status FileFaults::result() {
  if (faults_.empty()) return {};
  sort_unique(faults_);
  return invalid_files(std::move(faults_));
}

}  // namespace pawl::engine
