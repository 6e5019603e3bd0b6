#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/fuzz/fuzz.h"

// Runs a harness without a fuzzer: over every file of a corpus, and over as many mutations of each as asked for. The
// same every time. usage: X_replay CORPUS MUTATIONS

namespace {

using pawl::check;
using Random = std::mt19937_64;

std::vector<std::string> read_corpus(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

std::size_t below(Random& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

// A piece of any seed, at most 64 bytes.
std::string piece(Random& random, const std::vector<std::string>& seeds) {
  const std::string& from = seeds[below(random, seeds.size())];
  return from.substr(below(random, from.size()), 1 + below(random, 64));
}

void mutate_once(Random& random, const std::vector<std::string>& seeds, std::string& text) {
  constexpr std::string_view kTelling = " \n\t:-#'\"[]{},&*!|>%@?~0\\\r\x80\xC2\xFF<.";
  std::size_t at = below(random, text.size() + 1);
  switch (below(random, 7)) {
    case 0:
      text.insert(at, 1, kTelling[below(random, kTelling.size())]);
      break;
    case 1:
      text.erase(at, 1 + below(random, 4));
      break;
    case 2:
      if (at < text.size()) text[at] = kTelling[below(random, kTelling.size())];
      break;
    case 3:
      if (at < text.size())
        text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1u << below(random, 8)));
      break;
    case 4:
      text.insert(at, piece(random, seeds));
      break;
    case 5:
      text.erase(at, below(random, 128));
      break;
    default:
      text.insert(at, text.substr(below(random, text.size() + 1), below(random, 64)));
      break;
  }
}

std::string mutated(Random& random, const std::vector<std::string>& seeds, std::string text) {
  for (std::size_t left = 1 + below(random, 4); left > 0; --left) mutate_once(random, seeds, text);
  return text;
}

// What ends the process is shown before it does: the input is the whole report.
std::string current;

void show_current() {
  std::fprintf(stderr, "the input that did it, %zu bytes:\n", current.size());
  for (char c : current) {
    auto byte = static_cast<unsigned char>(c);
    if (byte == '\n' || (byte >= 0x20 && byte < 0x7F && byte != '\\'))
      std::fputc(byte, stderr);
    else
      std::fprintf(stderr, "\\x%02x", byte);
  }
  std::fputc('\n', stderr);
}

void run(std::string input) {
  current = std::move(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

void show_and_abort(int) {
  show_current();
  std::_Exit(134);
}

}  // namespace

int main(int argc, char** argv) {
  check(argc == 3, "usage: X_replay CORPUS MUTATIONS");
  std::signal(SIGABRT, show_and_abort);
  std::signal(SIGSEGV, show_and_abort);
  std::vector<std::string> seeds = read_corpus(argv[1]);
  check(!seeds.empty(), "a corpus has files");
  auto mutations = std::strtoull(argv[2], nullptr, 10);
  Random random(20261126);
  for (const std::string& seed : seeds) run(seed);
  for (const std::string& seed : seeds) {
    for (std::uint64_t i = 0; i < mutations; ++i) run(mutated(random, seeds, seed));
  }
  std::printf("%zu seeds, %llu mutations of each\n", seeds.size(), static_cast<unsigned long long>(mutations));
  return 0;
}
