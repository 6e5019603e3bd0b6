#include "core/model/artifact.h"

#include <gtest/gtest.h>

#include <map>

#include "base/limits.h"
#include "format/tar.h"
#include "tests/support/gzip.h"
#include "tests/support/tar_entry.h"

namespace pawl::model {
namespace {

using format::FileTree;
using testing_support::gzip;
using testing_support::kTarEnd;
using testing_support::tar_entry;

constexpr const char* kTar = "application/vnd.oci.image.layer.v1.tar";
constexpr const char* kTarGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
constexpr const char* kFlux = "application/vnd.cncf.flux.content.v1.tar+gzip";
constexpr const char* kChart = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
constexpr const char* kProvenance = "application/vnd.cncf.helm.chart.provenance.v1.prov";

// An artifact as a registry has it.
class Pushed {
 public:
  Pushed& add(const std::string& type, const std::string& bytes, const std::string& annotations = "") {
    return describe(type, bytes, std::to_string(bytes.size()), annotations);
  }
  Pushed& file(const std::string& title, const std::string& bytes) {
    return add(kTar, bytes, R"({"org.opencontainers.image.title":")" + title + R"("})");
  }
  // A layer whose manifest gives it another size.
  Pushed& describe(const std::string& type, const std::string& bytes, const std::string& size,
                   const std::string& annotations = "") {
    std::string digest = crypto::sha256(bytes).str();
    blobs_[digest] = bytes;
    layers_ += (layers_.empty() ? "" : ",") + (R"({"mediaType":")" + type + R"(","digest":")" + digest + "\"");
    if (!size.empty()) layers_ += ",\"size\":" + size;
    if (!annotations.empty()) layers_ += ",\"annotations\":" + annotations;
    layers_ += "}";
    return *this;
  }

  std::string manifest() const { return "{\"schemaVersion\":2,\"config\":{},\"layers\":[" + layers_ + "]}"; }
  FetchLayer fetch() const {
    return [this](const Descriptor& layer) -> Result<std::string> {
      ++fetched;
      return blobs_.at(layer.digest.str());
    };
  }
  Result<FileTree> files() const { return artifact_files(manifest(), fetch()); }
  Result<FileTree> chart() const { return chart_files(manifest(), fetch()); }
  ErrorCode refusal() const { return files() ? ErrorCode::kNo : files().error().code; }

  mutable int fetched = 0;

 private:
  std::string layers_;
  std::map<std::string, std::string> blobs_;
};

std::string archive(const std::string& entries) { return gzip(entries + kTarEnd); }

TEST(Artifact, WhatFluxPushes) {
  std::string entries = tar_entry(".", '5', "") + tar_entry("./base", '5', "") + tar_entry("./base/a.yaml", '0', "a") +
                        tar_entry("b.yaml", '0', "b");
  EXPECT_EQ(Pushed().add(kFlux, archive(entries)).files().value(),
            (FileTree{{"b.yaml", "b", false}, {"base/a.yaml", "a", false}}));
}

TEST(Artifact, WhatOrasPushes) {
  std::string folder = R"({"org.opencontainers.image.title":"base","io.deis.oras.content.unpack":"true"})";
  Result<FileTree> files = Pushed()
                               .file("values.yaml", "v")
                               .file("deploy/a.yaml", "a")
                               .add(kTarGzip, archive(tar_entry("base/b.yaml", '0', "b")), folder)
                               .add(kTarGzip, "a file after all", R"({"org.opencontainers.image.title":"x.tgz"})")
                               .files();
  ASSERT_TRUE(files.ok()) << files.error().text();
  EXPECT_EQ(*files, (FileTree{{"base/b.yaml", "b", false},
                              {"deploy/a.yaml", "a", false},
                              {"values.yaml", "v", false},
                              {"x.tgz", "a file after all", false}}));
}

TEST(Artifact, LayersAreLaidIntoOneFolder) {
  Result<FileTree> files = Pushed()
                               .add(kTarGzip, archive(tar_entry("base/", '5', "") + tar_entry("base/a", '0', "a")))
                               .add(kTar, tar_entry("base/", '5', "") + tar_entry("base/b", '0', "b") + kTarEnd)
                               .files();
  EXPECT_EQ(files.value(), (FileTree{{"base/a", "a", false}, {"base/b", "b", false}}));
}

TEST(Artifact, AChartIsItsFolderAndNothingElse) {
  std::string chart = archive(tar_entry("web/Chart.yaml", '0', "name: web") + tar_entry("web/a.tpl", '0', "a"));
  Pushed pushed = Pushed().add(kProvenance, "signed").add(kChart, chart);
  FileTree wanted = {{"Chart.yaml", "name: web", false}, {"a.tpl", "a", false}};
  EXPECT_EQ(pushed.chart().value(), wanted);
  EXPECT_EQ(pushed.files().value(), wanted) << "for whoever asks for it as an artifact";
  EXPECT_EQ(pushed.fetched, 2) << "the signature is not asked for";
  EXPECT_EQ(artifact_layers(pushed.manifest())->size(), 1u);
}

TEST(Artifact, WhatIsNoArtifactOfFilesSaysSo) {
  EXPECT_NE(Pushed().file("a", "x").chart().error().message.find("holds no Helm chart"), std::string::npos);
  EXPECT_NE(Pushed().add("application/json", "{}").files().error().message.find("application/json"), std::string::npos);
  EXPECT_EQ(Pushed().refusal(), ErrorCode::kInvalid) << "no layers";
  EXPECT_EQ(artifact_layers(R"({"manifests":[]})").error().code, ErrorCode::kInvalid) << "an index";
  EXPECT_EQ(artifact_layers("[]").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(artifact_layers("no json").error().code, ErrorCode::kInvalid);
}

TEST(ArtifactAttack, X3_NothingLeavesTheFolder) {
  for (const char* name : {"../a", "/etc/passwd", "a/../../b", "./../a", "a\\..\\b"}) {
    EXPECT_EQ(Pushed().add(kFlux, archive(tar_entry(name, '0', "x"))).refusal(), ErrorCode::kInvalid) << name;
  }
  for (const char* title : {"../a", "/etc/passwd", "a/../../b", "./a", ".", "a//b"})
    EXPECT_EQ(Pushed().file(title, "x").refusal(), ErrorCode::kInvalid) << title;
}

TEST(ArtifactAttack, X3_LinksDevicesAndModes) {
  for (char type : {'1', '2', '3', '4', '6', '7', 'S', 'K', 'L', 'g'})
    EXPECT_EQ(Pushed().add(kTarGzip, archive(tar_entry("a", type, ""))).refusal(), ErrorCode::kInvalid) << type;
  EXPECT_EQ(Pushed().add(kTarGzip, archive(tar_entry("a", '0', "x", "", "0004755"))).refusal(), ErrorCode::kInvalid);
}

TEST(ArtifactAttack, X3_NoLayerOverwritesAnother) {
  EXPECT_EQ(Pushed().file("a", "x").file("a", "y").refusal(), ErrorCode::kInvalid);
  EXPECT_EQ(Pushed().file("a", "x").file("A", "y").refusal(), ErrorCode::kInvalid) << "twins but for case";
  EXPECT_EQ(Pushed().file("a", "x").file("A/b", "y").refusal(), ErrorCode::kInvalid) << "a file and a folder";
  EXPECT_EQ(Pushed().file("a/b", "x").add(kFlux, archive(tar_entry("a/B", '0', "y"))).refusal(), ErrorCode::kInvalid);
}

TEST(ArtifactAttack, X3_ArchivesThatAreDamagedOrSomethingElse) {
  std::string good = archive(tar_entry("a", '0', "x"));
  EXPECT_TRUE(Pushed().add(kFlux, good).files().ok());
  EXPECT_EQ(Pushed().add(kFlux, good.substr(0, good.size() - 9)).refusal(), ErrorCode::kInvalid) << "truncated";
  EXPECT_EQ(Pushed().add(kFlux, good + good).refusal(), ErrorCode::kInvalid) << "two streams";
  EXPECT_EQ(Pushed().add(kFlux, tar_entry("a", '0', "x") + kTarEnd).refusal(), ErrorCode::kInvalid) << "not packed";
  EXPECT_EQ(Pushed().add(kTar, good).refusal(), ErrorCode::kInvalid) << "packed";
}

TEST(ArtifactAttack, X3_BombsAreRefusedBeforeTheyAreUnpacked) {
  std::string bomb = gzip(std::string(limits::kArtifactBytes + 1, '\0'));
  ASSERT_LT(bomb.size() * 100, limits::kArtifactBytes);
  EXPECT_NE(Pushed().add(kFlux, bomb).files().error().message.find("holds more than"), std::string::npos);
  EXPECT_NE(Pushed().add(kChart, bomb).chart().error().message.find("holds more than"), std::string::npos);
}

TEST(ArtifactAttack, X3_SizesAndCountsOfTheManifest) {
  auto refused = [](const Pushed& pushed) { return pushed.refusal() == ErrorCode::kInvalid && pushed.fetched == 0; };
  for (const char* size : {"", "-1", "1.5", "\"1\"", "268435457", "9223372036854775807", "18446744073709551615"})
    EXPECT_TRUE(refused(Pushed().describe(kFlux, "x", size))) << size;
  EXPECT_TRUE(refused(Pushed().describe(kFlux, "x", "268435456").describe(kFlux, "y", "1"))) << "together";
  Pushed many;
  for (std::size_t i = 0; i <= limits::kArtifactLayers; ++i) many.file("f" + std::to_string(i), "x");
  EXPECT_TRUE(refused(many));
  EXPECT_EQ(artifact_layers(R"({"layers":[{"digest":"sha256:../../x","size":1}]})").error().code, ErrorCode::kInvalid);
}

TEST(ArtifactAttack, A1_AnotherSizeThanTheManifests) {
  EXPECT_EQ(Pushed().describe(kFlux, archive(tar_entry("a", '0', "x")), "7").refusal(), ErrorCode::kIntegrity);
}

}  // namespace
}  // namespace pawl::model
