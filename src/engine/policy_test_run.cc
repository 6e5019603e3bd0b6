#include "engine/policy_test_run.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "core/policy/test_run.h"
#include "format/yaml.h"

namespace pawl::engine {

namespace {

using format::Value;

// One table with everything that its cases are judged by.
struct Table {
  policy::TestTable table;
  std::vector<const PolicyFile*> files;
  std::vector<policy::Policy> policies;
  std::vector<policy::Binding> bindings;
  std::vector<Value> facts;
};

// A file that holds tables, as it was read.
struct TableFile {
  std::string path;
  std::string text;
  format::Arena arena;

  policy::ReadOptions options() const { return {.file = path, .text = text}; }
};

// The error of something that a table names, at the place where it does.
Error at_source(Error error, const policy::TestSource& source, const TableFile& file) {
  if (!error.diagnostics.empty()) return error;
  Diagnostic made;
  made.file = file.path;
  made.at = source.at;
  made.code = "unreadable";
  made.summary = error.text();
  made.snippet = line_of(file.text, source.at.line);
  made.help = error.hint;
  return invalid_files({made});
}

class Tests {
 public:
  Tests(const PolicyFiles& files, const cel::TimeZones* zones, std::string version)
      : files_(files), version_(std::move(version)), loader_(files, zones) {}

  Status run(const std::string& path) {
    PAWL_ASSIGN(std::vector<std::string> paths, files_.list(path));
    std::size_t before = tables_;
    FileFaults faults;
    for (const std::string& one : paths)
      if (Status ran = run_file(one); !ran) PAWL_TRY(faults.take(ran.error()));
    PAWL_TRY(faults.result());
    if (tables_ == before)
      return Error(ErrorCode::kNotFound, "there is no PolicyTest in " + path, "docs/policy.md shows one");
    return {};
  }

  api::PolicyTestResponse take(const api::PolicyTestRequest& request) {
    summarise();
    if (!request.junit.empty()) response_.junit = junit();
    if (!request.sarif.empty()) response_.sarif = sarif();
    return std::move(response_);
  }

 private:
  Status run_file(const std::string& path) {
    TableFile file;
    file.path = path;
    PAWL_ASSIGN(file.text, files_.read(path));
    // Most files of a project are something else, and may be no YAML at all.
    if (file.text.find("PolicyTest") == std::string::npos) return {};
    PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(file.arena, file.text, {.file = path}));
    FileFaults faults;
    for (const Value& document : documents) {
      if (!policy::is_test_table(document)) continue;
      ++tables_;
      if (Status ran = run_table(document, file); !ran) PAWL_TRY(faults.take(ran.error()));
    }
    return faults.result();
  }

  Status run_table(const Value& document, TableFile& file) {
    Table made;
    PAWL_ASSIGN(made.table, policy::read_test_table(document, file.options()));
    PAWL_TRY(load(made, file));
    policy::Coverage coverage;
    FileFaults faults;
    for (const policy::TestCase& test : made.table.cases)
      if (Status ran = run_case(made, test, file, coverage); !ran) PAWL_TRY(faults.take(ran.error()));
    for (const PolicyFile* one : made.files)
      for (const policy::Policy& policy : one->read.policies) note_coverage(*one, policy, coverage);
    return faults.result();
  }

  Status load(Table& made, TableFile& file) {
    FileFaults faults;
    for (const policy::TestSource& source : made.table.policies)
      if (Status loaded = load_policies(source, made, file); !loaded)
        PAWL_TRY(faults.take(at_source(loaded.error(), source, file)));
    for (const policy::TestSource& source : made.table.facts)
      if (Status loaded = load_fact(source, made, file); !loaded)
        PAWL_TRY(faults.take(at_source(loaded.error(), source, file)));
    for (policy::TestCase& test : made.table.cases)
      for (policy::TestSource* source : {&test.object, &test.old_object})
        if (Status loaded = load_object(*source, file); !loaded)
          PAWL_TRY(faults.take(at_source(loaded.error(), *source, file)));
    return faults.result();
  }

  Result<std::string> resolve(const std::string& named, const TableFile& file) const {
    if (is_library_path(named)) return named;
    PAWL_ASSIGN(std::string path, files_.resolve(file.path, named));
    return file_path(std::move(path));
  }

  Status load_policies(const policy::TestSource& source, Table& made, const TableFile& file) {
    PAWL_ASSIGN(std::string path, resolve(source.file, file));
    PAWL_ASSIGN(std::vector<const PolicyFile*> loaded, loader_.load(path));
    for (const PolicyFile* one : loaded) {
      if (std::ranges::find(made.files, one) != made.files.end()) continue;
      made.files.push_back(one);
      take_documents(*one, made);
    }
    return {};
  }

  static void take_documents(const PolicyFile& file, Table& made) {
    std::ranges::copy(file.read.policies, std::back_inserter(made.policies));
    std::ranges::copy(file.read.bindings, std::back_inserter(made.bindings));
    std::ranges::copy(file.read.others, std::back_inserter(made.facts));
  }

  Status load_fact(const policy::TestSource& source, Table& made, const TableFile& file) {
    if (source.file.empty()) {
      PAWL_ASSIGN(policy::PolicyDocuments read, policy::read_documents({&source.value, 1}, file.options()));
      std::ranges::move(read.bindings, std::back_inserter(made.bindings));
      std::ranges::move(read.others, std::back_inserter(made.facts));
      return {};
    }
    PAWL_ASSIGN(std::string path, resolve(source.file, file));
    PAWL_ASSIGN(std::vector<const PolicyFile*> loaded, loader_.load(path));
    for (const PolicyFile* one : loaded)
      if (std::ranges::find(made.files, one) == made.files.end()) take_documents(*one, made);
    return {};
  }

  Status load_object(policy::TestSource& source, TableFile& file) {
    if (source.file.empty()) return {};
    PAWL_ASSIGN(std::string path, files_.resolve(file.path, source.file));
    PAWL_ASSIGN(std::string text, files_.read(path));
    PAWL_ASSIGN(std::vector<Value> documents, format::parse_yaml(file.arena, std::move(text), {.file = path}));
    if (documents.size() != 1 || !documents[0].is_map())
      return Error(ErrorCode::kInvalid, path + " must hold one object",
                   "it holds " + std::to_string(documents.size()) + " documents");
    source.value = documents[0];
    return {};
  }

  Status run_case(const Table& table, const policy::TestCase& test, const TableFile& file, policy::Coverage& coverage) {
    policy::TestInput input{table.policies, table.bindings, table.facts};
    PAWL_ASSIGN(policy::TestResult result, policy::run_test(table.table, test, input, file.options(), coverage));
    ++(result.passed ? response_.passed : response_.failed);
    response_.cases.push_back({file.path, test.at.line, test.name, result.passed, result.expected, result.found});
    if (!result.passed && !table.policies.empty())
      findings_.push_back({table.policies[0].name,
                           {},
                           policy::ReportedFinding::Level::kError,
                           test.name + ": expected " + result.expected + ", found " + result.found,
                           test.name,
                           file.path,
                           test.at});
    return {};
  }

  void note_coverage(const PolicyFile& file, const policy::Policy& policy, policy::Coverage& coverage) {
    auto key = std::pair(file.path, policy.name);
    auto known = covered_.find(key);
    if (known != covered_.end()) return known->second.coverage.add(coverage.of(policy));
    covered_.emplace(key, Covered{&file, policy, coverage.of(policy)});
  }

  void summarise() {
    policy::CoverageSummary summary;
    for (const auto& [key, covered] : covered_) summary.add(covered.policy, covered.coverage);
    std::ranges::sort(summary.untried, {}, [](const policy::Untried& u) { return std::pair(u.policy, u.rule); });
    response_.rules = summary.rules;
    response_.tried = summary.tried;
    response_.coverage = summary.percent();
    for (const policy::Untried& one : summary.untried) response_.untried.push_back({one.policy, one.rule, one.lack});
    note_untried(summary);
  }

  void note_untried(const policy::CoverageSummary& summary) {
    for (const policy::Untried& one : summary.untried)
      for (const auto& [key, covered] : covered_) {
        if (covered.policy.name != one.policy || is_library_path(key.first)) continue;
        findings_.push_back({one.policy, one.validation, policy::ReportedFinding::Level::kNote,
                             one.rule + " " + one.lack, one.policy, key.first,
                             covered.file->place_of(one.policy, one.validation.value_or(SIZE_MAX))});
      }
  }

  std::string junit() const {
    std::vector<policy::ReportedCase> cases;
    for (const api::PolicyCaseView& one : response_.cases) {
      policy::ReportedCase made{one.file, one.name, one.file, {static_cast<std::uint32_t>(one.line), 0}, {}};
      if (!one.passed) made.failures.push_back("expected " + one.expected + ", found " + one.found);
      cases.push_back(std::move(made));
    }
    return policy::junit(cases, "pawl policy test");
  }

  std::string sarif() const {
    std::vector<policy::ReportedRule> rules;
    std::vector<const PolicyFile*> done;
    for (const auto& [key, covered] : covered_) {
      if (std::ranges::find(done, covered.file) != done.end()) continue;
      done.push_back(covered.file);
      add_rules(*covered.file, rules);
    }
    std::ranges::sort(rules, {}, [](const policy::ReportedRule& r) { return std::pair(r.policy, r.validation); });
    return policy::sarif(rules, findings_, version_);
  }

  struct Covered {
    const PolicyFile* file;
    policy::Policy policy;
    policy::PolicyCoverage coverage;
  };

  const PolicyFiles& files_;
  std::string version_;
  PolicyLoader loader_;
  std::size_t tables_ = 0;
  api::PolicyTestResponse response_;
  std::vector<policy::ReportedFinding> findings_;
  std::map<std::pair<std::string, std::string>, Covered> covered_;  // by file and policy
};

}  // namespace

Result<api::PolicyTestResponse> test_policies(const api::PolicyTestRequest& request, const PolicyFiles& files,
                                              const cel::TimeZones* zones, const std::string& version) {
  Tests tests(files, zones, version);
  FileFaults faults;
  for (const std::string& path : request.paths)
    if (Status ran = tests.run(path); !ran) PAWL_TRY(faults.take(ran.error()));
  PAWL_TRY(faults.result());
  return tests.take(request);
}

}  // namespace pawl::engine
