#include "core/render/record.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>

namespace pawl::render {
namespace {

using Tree = std::map<std::string, std::string>;

// A kustomization in memory, its record, and what a change makes of it.
class Site {
 public:
  explicit Site(Tree tree) : tree_(std::move(tree)) {}

  std::string& operator[](const std::string& path) { return tree_[path]; }

  Result<Printed> print(Files& files, Trace& trace) {
    format::Arena arena;
    PAWL_ASSIGN(std::vector<Resource> resources, build_kustomization(arena, files, "app", {}, &trace));
    return Printed{{render::print(std::move(resources))}, {}};
  }

  std::optional<Record> record() {
    Files& all = recorded_.emplace_back(files());
    Trace trace;
    Result<Printed> printed = print(all, trace);
    EXPECT_TRUE(printed.ok()) << (printed ? "" : printed.error().diagnostics[0].summary);
    if (!printed) return std::nullopt;
    return make_record(trace, all, printed_.emplace_back(std::move(*printed)));
  }

  // What a build of everything prints; "" for an error.
  std::string whole() {
    Files all = files();
    Trace trace;
    Result<Printed> printed = print(all, trace);
    return printed ? printed->layers[0].text : "";
  }

  // What the record makes of the present files; nullopt where it asks for everything to be rendered.
  std::optional<std::string> revised(const Record& record) {
    std::vector<std::uint32_t> changed;
    for (std::uint32_t i = 0; i < record.files.size(); ++i) {
      auto found = tree_.find(std::string(record.path_of(record.files[i])));
      if ((found != tree_.end()) != (record.files[i].there != 0)) return std::nullopt;
      if (found != tree_.end() && crypto::sha256(found->second) != record.files[i].digest) changed.push_back(i);
    }
    read_.clear();
    std::optional<PrintedText> text = revise(record, changed, [&](Trace& trace) {
      Files some = files();
      return print(some, trace);
    });
    return text ? std::optional(text->layers[0].text.str()) : std::nullopt;
  }

  // Reads of the last revision.
  const std::vector<std::string>& read() const { return read_; }

 private:
  Files files() {
    return Files(
        [this](const std::string& path) -> Result<std::optional<format::TreeFile>> {
          read_.push_back(path);
          auto found = tree_.find(path);
          if (found == tree_.end()) return std::optional<format::TreeFile>();
          return std::optional<format::TreeFile>({path, found->second, false});
        },
        [](const std::string&) -> Result<std::optional<std::vector<std::string>>> {
          return std::optional<std::vector<std::string>>();
        });
  }

  Tree tree_;
  std::list<Files> recorded_;   // that records are of
  std::list<Printed> printed_;  // the same
  std::vector<std::string> read_;
};

std::string deployment(const std::string& name, const std::string& config, int replicas) {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {0}\n  labels: {{ tier: web }}\nspec:\n"
      "  replicas: {2}\n  selector: {{ matchLabels: {{ app: {0} }} }}\n  template:\n"
      "    metadata: {{ labels: {{ app: {0} }} }}\n    spec:\n      containers:\n      - name: main\n"
      "        image: example.com/{0}:1\n        envFrom:\n        - configMapRef: {{ name: {1} }}\n",
      name, config, replicas);
}

std::string config_map(const std::string& name, const std::string& value) {
  return fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: {} }}\ndata: {{ key: \"{}\" }}\n", name,
                     value);
}

Tree shop() {
  return {{"base/kustomization.yaml",
           "resources: [web.yaml, api.yaml, config.yaml, other.yaml]\n"
           "configMapGenerator:\n- name: made\n  literals: [a=b]\n"},
          {"base/web.yaml", deployment("web", "config", 1)},
          {"base/api.yaml", deployment("api", "made", 1)},
          {"base/config.yaml", config_map("config", "one")},
          {"base/other.yaml", config_map("other", "one")},
          {"app/kustomization.yaml",
           "resources: [../base]\nnamePrefix: prod-\nnamespace: shop\ncommonLabels: { env: prod }\n"
           "images:\n- { name: example.com/web, newTag: \"2\" }\n"
           "replicas:\n- { name: api, count: 5 }\n"
           "patches:\n- path: patch.yaml\n- target: { kind: Deployment, labelSelector: tier=web }\n"
           "  patch: '[{ op: add, path: /metadata/annotations, value: { seen: \"yes\" } }]'\n"},
          {"app/patch.yaml",
           "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n"
           "      serviceAccountName: robot\n"}};
}

TEST(Record, RendersAChangedFileAlone) {
  Site site(shop());
  Record record = site.record().value();
  EXPECT_EQ(text_of(record).layers[0].text.str(), site.whole());
  site["base/web.yaml"] = deployment("web", "config", 7);
  std::optional<std::string> revised = site.revised(record);
  ASSERT_TRUE(revised);
  EXPECT_NE(revised->find("replicas: 7"), std::string::npos);
  EXPECT_EQ(std::ranges::count(site.read(), "base/api.yaml"), 0) << "it is passed over";
  EXPECT_EQ(*revised, site.whole());
}

TEST(Record, FindsTheObjectsThatAChangedOneRefersToNow) {
  Site site(shop());
  Record record = site.record().value();
  site["base/web.yaml"] = deployment("web", "other", 1);
  std::optional<std::string> revised = site.revised(record);
  ASSERT_TRUE(revised);
  EXPECT_NE(revised->find("name: prod-other"), std::string::npos);
  EXPECT_EQ(std::ranges::count(site.read(), "base/api.yaml"), 0);
  EXPECT_EQ(*revised, site.whole());
}

TEST(Record, RendersAllWhereOthersMaySeeTheChange) {
  const std::pair<std::string, std::string> changes[] = {
      {"base/config.yaml", config_map("renamed", "one")},
      {"base/config.yaml", config_map("config", "one") + "---\n" + config_map("more", "two")},
      {"base/web.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, labels: { tier: db } }\n"},
      {"base/web.yaml", "# nothing\n"},
      {"base/web.yaml", "kind: [\n"},
      {"base/kustomization.yaml", "resources: [web.yaml, api.yaml, config.yaml]\n"},
      {"app/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { paused: true }\n"}};
  for (const auto& [path, text] : changes) {
    Site site(shop());
    Record record = site.record().value();
    site[path] = text;
    EXPECT_FALSE(site.revised(record)) << path << ": " << text;
  }
}

TEST(Record, IsNotMadeWhereObjectsAreEntangled) {
  const std::string more[] = {
      "replacements:\n- source: { kind: ConfigMap, name: config, fieldPath: data.key }\n"
      "  targets:\n  - select: { kind: Deployment, name: web }\n    fieldPaths: [metadata.labels.tier]\n",
      "vars:\n- name: V\n  objref: { apiVersion: v1, kind: ConfigMap, name: config }\n",
      "configMapGenerator:\n- name: config\n  behavior: merge\n  literals: [x=y]\n",
      "buildMetadata: [originAnnotations]\n"};
  for (const std::string& fields : more) {
    Site site(shop());
    site["app/kustomization.yaml"] += fields;
    EXPECT_FALSE(site.record()) << fields;
  }
}

TEST(Record, AFileThatIsMoreThanAManifestIsNotRenderedAlone) {
  Site site(shop());
  site["base/kustomization.yaml"] += "- name: copy\n  files: [other.yaml]\n";
  Record record = site.record().value();
  site["base/other.yaml"] = config_map("other", "two");
  EXPECT_FALSE(site.revised(record));
}

bool intact(SharedBytes bytes) {
  std::optional<Record> record = decode_record(std::move(bytes));
  return record && std::ranges::all_of(record->parts, &Record::Part::is_intact);
}

TEST(Record, ComesBackFromItsBytesAndFromNoOthers) {
  Site site(shop());
  Record record = site.record().value();
  std::string bytes = encode(record);
  std::optional<Record> back = decode_record(SharedBytes(bytes));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), bytes);
  EXPECT_TRUE(intact(SharedBytes(bytes)));
  EXPECT_EQ(text_of(*back).layers[0].text.str(), site.whole());
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string spoilt = bytes;
    spoilt[i] = static_cast<char>(spoilt[i] ^ 1);
    EXPECT_FALSE(intact(SharedBytes(spoilt))) << "byte " << i;
  }
  EXPECT_FALSE(decode_record(SharedBytes(bytes.substr(0, bytes.size() - 1))));
  EXPECT_FALSE(decode_record(SharedBytes()));
}

}  // namespace
}  // namespace pawl::render
