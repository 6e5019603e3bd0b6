// Changes manifest files of overlays at random, and compares what a record of the first rendering makes of them with
// rendering everything. Usage: revise_overlays FOLDER..., each an overlay whose kustomization is in FOLDER/input/top.
#include <fmt/format.h>

#include <map>
#include <random>
#include <set>

#include "base/text.h"
#include "core/render/record.h"
#include "os/file.h"

namespace pawl {
namespace {

using Tree = std::map<std::string, std::string>;

constexpr int kChanges = 30;  // an overlay

void read_below(const std::string& root, const std::string& folder, Tree& tree) {
  for (const os::FolderEntry& entry : os::list_folder(os::join_path(root, folder)).value()) {
    std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
    if (entry.kind == os::EntryKind::kFolder)
      read_below(root, path, tree);
    else
      tree[path] = os::read_file(os::join_path(root, path)).value();
  }
}

render::Files files_of(const Tree& tree) {
  return render::Files(
      [&tree](const std::string& path) -> Result<std::optional<format::TreeFile>> {
        auto found = tree.find(path);
        if (found == tree.end()) return std::optional<format::TreeFile>();
        return std::optional<format::TreeFile>({path, found->second, false});
      },
      [](const std::string&) -> Result<std::optional<std::vector<std::string>>> {
        return std::optional<std::vector<std::string>>();
      });
}

Result<render::Printed> print(render::Files& files, render::Trace& trace) {
  format::Arena arena;
  PAWL_ASSIGN(std::vector<render::Resource> resources, render::build_kustomization(arena, files, "top", {}, &trace));
  return render::Printed{{render::print(resources)}, {}};
}

class Changer {
 public:
  explicit Changer(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  // The text with one line changed, moved or gone.
  std::string change(const std::string& text) {
    std::vector<std::string> lines;
    for (std::string_view line : split(text, '\n')) lines.emplace_back(line);
    std::size_t i = below(lines.size());
    switch (below(4)) {
      case 0:
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      case 1:
        lines[i] = lines[below(lines.size())];
        break;
      default:
        set_value(lines[i]);
    }
    return join(lines, "\n");
  }

 private:
  void set_value(std::string& line) {
    static const std::vector<std::string> kValues = {"web", "api", "db",   "cache",  "worker",
                                                     "a",   "7",   "true", "nginx:9"};
    std::size_t colon = line.find(": ");
    if (colon != std::string::npos) line = line.substr(0, colon + 2) + kValues[below(kValues.size())];
  }

  std::mt19937 random_;
};

struct Totals {
  int changes = 0;
  int revised = 0;
  int wrong = 0;
};

// The indices of manifest files of which one or two are changed in `tree`.
std::vector<std::uint32_t> change_some(const render::Record& record, Changer& changer, Tree& tree) {
  std::vector<std::uint32_t> manifests;
  for (std::uint32_t i = 0; i < record.files.size(); ++i) {
    if (record.files[i].manifest) manifests.push_back(i);
  }
  std::set<std::uint32_t> changed;
  for (std::size_t n = manifests.empty() ? 0 : 1 + changer.below(2); n > 0; --n) {
    std::uint32_t i = manifests[changer.below(manifests.size())];
    std::string& text = tree[std::string(record.path_of(record.files[i]))];
    text = changer.change(text);
    if (crypto::sha256(text) != record.files[i].digest) changed.insert(i);
  }
  return {changed.begin(), changed.end()};
}

void compare(const std::string& folder, std::uint32_t seed, Totals& totals) {
  Tree tree;
  read_below(os::join_path(folder, "input"), "", tree);
  render::Files files = files_of(tree);
  render::Trace trace;
  Result<render::Printed> printed = print(files, trace);
  if (!printed) return;
  std::optional<render::Record> record = make_record(trace, files, *printed);
  if (!record) return;
  Changer changer(seed);
  for (int i = 0; i < kChanges; ++i) {
    Tree now = tree;
    std::vector<std::uint32_t> changed = change_some(*record, changer, now);
    if (changed.empty()) continue;
    ++totals.changes;
    auto again = [&](render::Trace& excerpt) {
      render::Files some = files_of(now);
      return print(some, excerpt);
    };
    std::optional<render::PrintedText> revised = revise(*record, changed, again);
    if (!revised) continue;
    ++totals.revised;
    render::Trace all;
    Result<render::Printed> whole = again(all);
    if (whole && whole->layers[0].text == revised->layers[0].text.str()) continue;
    ++totals.wrong;
    std::string path(record->path_of(record->files[changed[0]]));
    fmt::print("{}: change {} of {} gives something else\n{}\n", folder, i, path, now[path]);
  }
}

int main_of(const std::vector<std::string>& folders) {
  Totals totals;
  std::uint32_t seed = 1;
  for (const std::string& folder : folders) compare(folder, seed++, totals);
  fmt::print("{} overlays, {} changes, {} of them rendered from a record, {} wrong\n", folders.size(), totals.changes,
             totals.revised, totals.wrong);
  // Where hardly anything is rendered from a record, nothing was compared.
  return totals.wrong == 0 && totals.revised * 8 > totals.changes && totals.revised > 0 ? 0 : 1;
}

}  // namespace
}  // namespace pawl

int main(int argc, char** argv) { return pawl::main_of(std::vector<std::string>(argv + 1, argv + argc)); }
