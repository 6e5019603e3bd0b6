#include <map>

#include "core/policy/report.h"
#include "format/utf8.h"

namespace pawl::policy {

namespace {

bool is_xml(char32_t code) {
  return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

void append_rune(std::string& out, std::string_view text, std::size_t i, const format::Rune& rune) {
  switch (rune.code) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\n':
      out += "&#10;";
      return;
    default:
      out += is_xml(rune.code) ? text.substr(i, rune.length) : "\xEF\xBF\xBD";
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    format::Rune rune = format::rune_at(text, i);
    append_rune(out, text, i, rune);
    i += rune.length;
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string counts(std::size_t tests, std::size_t failures) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
         attribute("errors", "0");
}

void append_case(std::string& out, const ReportedCase& one) {
  out += "    <testcase" + attribute("name", one.name) + attribute("classname", one.suite);
  if (!one.file.empty()) out += attribute("file", one.file);
  if (one.at.line != 0) out += attribute("line", std::to_string(one.at.line));
  if (one.failures.empty()) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  for (const std::string& failure : one.failures) out += "      <failure" + attribute("message", failure) + "/>\n";
  out += "    </testcase>\n";
}

struct Suite {
  std::string name;
  std::vector<const ReportedCase*> cases;
  std::size_t failures = 0;
};

std::vector<Suite> suites_of(std::span<const ReportedCase> cases) {
  std::vector<Suite> suites;
  std::map<std::string, std::size_t> known;
  for (const ReportedCase& one : cases) {
    auto [place, fresh] = known.emplace(one.suite, suites.size());
    if (fresh) suites.push_back({one.suite, {}, 0});
    Suite& suite = suites[place->second];
    suite.cases.push_back(&one);
    if (!one.failures.empty()) ++suite.failures;
  }
  return suites;
}

}  // namespace

std::string junit(std::span<const ReportedCase> cases, std::string_view name) {
  std::vector<Suite> suites = suites_of(cases);
  std::size_t failures = 0;
  for (const Suite& suite : suites) failures += suite.failures;
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", name) +
                    counts(cases.size(), failures) + ">\n";
  for (const Suite& suite : suites) {
    out += "  <testsuite" + attribute("name", suite.name) + counts(suite.cases.size(), suite.failures) + ">\n";
    for (const ReportedCase* one : suite.cases) append_case(out, *one);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace pawl::policy
