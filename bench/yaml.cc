#include "format/yaml.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "format/yaml_readers.h"

// How fast manifests are read, written, and brought to canonical form, over every YAML file below a folder, in MB/s of
// the text that is read. usage: bench_yaml FOLDER...

namespace {

using namespace pawl;
using format::Arena;
using format::Value;

std::vector<std::string> read_below(const char* folder) {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    Arena arena;
    if (format::parse_yaml(arena, text, {})) texts.push_back(std::move(text));
  }
  return texts;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// The best of a second's rounds, in seconds of this core: what else the machine does counts little.
template <class Round>
double best(Round round) {
  double least = 1e9;
  for (double start = cpu_seconds(); cpu_seconds() - start < 1;) {
    double begin = cpu_seconds();
    round();
    least = std::min(least, cpu_seconds() - begin);
  }
  return least;
}

void measure(const char* folder) {
  std::vector<std::string> texts = read_below(folder);
  double bytes = 0;
  for (const std::string& text : texts) bytes += static_cast<double>(text.size());
  auto row = [&](const char* what, double seconds) {
    std::printf("  %-24s %8.1f MB/s  %8.2f ms\n", what, bytes / seconds / 1e6, seconds * 1e3);
  };
  std::printf("%s: %zu files, %.2f MB\n", folder, texts.size(), bytes / 1e6);

  row("libyaml's events", best([&] {
        Arena arena;
        for (const std::string& text : texts) (void)format::read_yaml_events(arena, text, {}).value();
      }));
  row("parse", best([&] {
        Arena arena;
        for (const std::string& text : texts) (void)format::parse_yaml(arena, text, {}).value();
      }));
  Arena kept;
  std::vector<Value> documents;
  for (const std::string& text : texts) {
    for (const Value& document : format::parse_yaml(kept, text, {}).value()) documents.push_back(document);
  }
  std::string out;
  row("render", best([&] {
        out.clear();
        for (const Value& document : documents) format::render_yaml(document, out);
      }));
  row("to canonical form", best([&] {
        Arena arena;
        out.clear();
        for (const std::string& text : texts) {
          for (const Value& document : format::parse_yaml(arena, text, {}).value()) format::render_yaml(document, out);
        }
      }));
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) measure(argv[i]);
  return argc > 1 ? 0 : 2;
}
