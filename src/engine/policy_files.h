#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/policy/read.h"
#include "core/policy/report.h"
#include "format/value.h"

namespace pawl::engine {

// Files as the local verbs on policies read them. Paths are as somebody typed them, from where he stands.
class PolicyFiles {
 public:
  virtual ~PolicyFiles() = default;

  // "-" is standard input. Errors: kNotFound, kInvalid for one that is too large.
  virtual Result<std::string> read(const std::string& path) const = 0;
  // The files that a path stands for: itself, or what ends in .yaml, .yml or .json below the folder, sorted; hidden
  // ones and links are left out. Errors: kNotFound.
  virtual Result<std::vector<std::string>> list(const std::string& path) const = 0;
  // What `path` is that the file `from` names: relative to its folder. Errors: kNotFound; kInvalid for one that leaves
  // the working folder, the project and the folder of `from`.
  virtual Result<std::string> resolve(const std::string& from, const std::string& path) const = 0;
};

// One file with policies, as it was read.
struct PolicyFile {
  std::string path;
  std::string text;
  format::Arena arena;
  std::vector<format::Value> documents;
  policy::PolicyDocuments read;

  // Where a validation of a policy stands; of `validations` beyond its last, the policy itself.
  Position place_of(const std::string& policy, std::size_t validation) const;
};

// Reads files with policies, each once; what was read lives as long as this. A path "library/NAME" is a policy that
// comes with the program.
class PolicyLoader {
 public:
  // `zones` is what expressions know but UTC, null for none; it outlives what is read.
  explicit PolicyLoader(const PolicyFiles& files, const cel::TimeZones* zones = nullptr)
      : files_(files), zones_(zones) {}

  // Errors: kNotFound; kInvalid with all that is wrong in all the files.
  Result<std::vector<const PolicyFile*>> load(const std::string& path);

 private:
  Result<const PolicyFile*> load_file(const std::string& path);
  Result<const PolicyFile*> keep(const std::string& path, std::string text);

  const PolicyFiles& files_;
  const cel::TimeZones* zones_;
  std::map<std::string, std::unique_ptr<PolicyFile>> known_;
};

bool is_library_path(const std::string& path);
// The path of a file, told apart from the library's: "./library/x.yaml".
std::string file_path(std::string path);

// The validations of a file's policies, for reports.
void add_rules(const PolicyFile& file, std::vector<policy::ReportedRule>& into);

// Collects what is wrong in many files. Returns other errors, which nothing goes on after.
class FileFaults {
 public:
  Status take(Error error);
  // Errors: kInvalid with all that was taken.
  Status result();

 private:
  std::vector<Diagnostic> faults_;
};

}  // namespace pawl::engine
