#include <gtest/gtest.h>

#include <algorithm>

#include "core/bundle/build.h"
#include "core/bundle/images.h"
#include "core/bundle/secrets.h"
#include "format/yaml.h"

namespace pawl::bundle {
namespace {

using format::Value;

const crypto::Digest kDigest = crypto::sha256("image");

model::Lock lock_of(std::vector<std::string> references) {
  model::Lock lock;
  std::sort(references.begin(), references.end());
  for (std::string& reference : references)
    lock.images.push_back({std::move(reference), kDigest, "application/vnd.oci.image.index.v1+json", {}});
  return lock;
}

struct Fixture {
  format::Arena arena;
  Value object(const std::string& yaml) { return format::parse_yaml(arena, yaml, {.file = "x.yaml"}).value()[0]; }
};

constexpr std::string_view kPod = R"(apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  initContainers: [{ name: i, image: "init:1" }]
  ephemeralContainers: [{ name: e, image: "debug:1" }]
  containers:
  - name: c
    image: main:1
    args: ["--sidecar=ghcr.io/a/sidecar:2", "plain:text", "https://ghcr.io/a/b:1"]
    env: [{ name: IMAGE, value: "ghcr.io/a/worker:3" }, { name: OTHER, value: "host:8080" }]
)";

TEST(Images, A7_EveryPlaceThatHoldsAnImageIsFound) {
  Fixture f;
  std::vector<std::string> found;
  for (const ImageUse& use : find_images(f.object(std::string(kPod)))) found.push_back(use.text);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found,
            (std::vector<std::string>{"debug:1", "ghcr.io/a/sidecar:2", "ghcr.io/a/worker:3", "init:1", "main:1"}));
}

TEST(Images, A7_AnImageThatIsNotLockedIsRefusedWithItsPlace) {
  Fixture f;
  Value pod = f.object(std::string(kPod));
  model::Lock lock = lock_of({"main:1", "init:1", "debug:1", "ghcr.io/a/sidecar:2"});
  Status status = pin_images(f.arena, pod, Pins(lock), "pod.yaml");
  ASSERT_FALSE(status.ok());
  ASSERT_EQ(status.error().diagnostics.size(), 1u);
  EXPECT_EQ(status.error().diagnostics[0].file, "pod.yaml");
  EXPECT_NE(status.error().diagnostics[0].summary.find("env[IMAGE]"), std::string::npos);
}

TEST(Images, PinnedFormKeepsNameAndTag) {
  Fixture f;
  Value pod = f.object(std::string(kPod));
  model::Lock lock = lock_of({"main:1", "init:1", "debug:1", "ghcr.io/a/sidecar:2", "ghcr.io/a/worker:3"});
  ASSERT_TRUE(pin_images(f.arena, pod, Pins(lock), "pod.yaml").ok());
  const Value& container = pod.at_path({"spec", "containers"})->items()[0];
  EXPECT_EQ(container.string_at("image"), "main:1@" + kDigest.str());
  EXPECT_EQ(container.find("args")->items()[0].as_string(), "--sidecar=ghcr.io/a/sidecar:2@" + kDigest.str());
  EXPECT_EQ(container.find("args")->items()[1].as_string(), "plain:text");
}

TEST(Images, A6_AnotherDigestThanTheLockedOneIsRefused) {
  Fixture f;
  Value pod =
      f.object("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'main:1@sha256:" +
               std::string(64, 'b') + "'}]}\n");
  model::Lock lock = lock_of({"main:1"});
  EXPECT_FALSE(pin_images(f.arena, pod, Pins(lock), "pod.yaml").ok());
}

TEST(Images, ASourceChoosesTheVersionOfItsRepository) {
  Fixture f;
  Value pod =
      f.object("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'main:1'}]}\n");
  model::Lock lock = lock_of({"main:2"});
  lock.sources.push_back({"main", "image", "docker.io/library/main", ">=1", "2", "", kDigest});
  ASSERT_TRUE(pin_images(f.arena, pod, Pins(lock), "pod.yaml").ok());
  EXPECT_EQ(pod.at_path({"spec", "containers"})->items()[0].string_at("image"), "main:2@" + kDigest.str());
  // The image that the lock holds under that version must be the one that the source was locked to.
  lock.sources[0].digest = crypto::sha256("another");
  EXPECT_FALSE(pin_images(f.arena, pod, Pins(lock), "pod.yaml").ok());
}

TEST(Secrets, C1_AReadableSecretIsRefusedAndNeverQuoted) {
  Fixture f;
  Value secret = f.object("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: canary-value}\n");
  Status status = check_secret(secret, "secret.yaml");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kDenied);
  EXPECT_EQ((status.error().text() + status.error().hint).find("canary-value"), std::string::npos);
}

TEST(Secrets, EncryptedAndDeclaredOnesPass) {
  Fixture f;
  EXPECT_TRUE(check_secret(f.object("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: "
                                    "'ENC[AES256_GCM,data:x]'}\nsops: {mac: m}\n"),
                           "x")
                  .ok());
  EXPECT_TRUE(check_secret(f.object("apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: "
                                    "{pawl.dev/allow-plain-secret: public}}\ndata: {a: aGk=}\n"),
                           "x")
                  .ok());
  EXPECT_TRUE(check_secret(f.object("apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec: "
                                    "{encryptedData: {a: x}}\n"),
                           "x")
                  .ok());
}

TEST(Secrets, C7_OnePlainLeafAmongEncryptedOnesIsRefused) {
  Fixture f;
  EXPECT_FALSE(
      check_secret(
          f.object(
              "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 'ENC[x]', b: plain}\nsops: {mac: m}\n"),
          "x")
          .ok());
  EXPECT_FALSE(
      check_secret(f.object("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 'ENC[x]'}\nsops: {}\n"), "x")
          .ok())
      << "without a MAC";
}

Result<BuiltBundle> build(Fixture& f, const std::vector<std::string>& objects) {
  LayerInput layer{model::LayerName("web"), model::Tier::kApplication, {}, {}};
  for (const std::string& yaml : objects) layer.objects.push_back({f.object(yaml), "x.yaml"});
  return build_bundle(model::ProjectName("shop"), model::EnvironmentName("dev"), {layer}, {});
}

std::string config_map(const std::string& name) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '" + name + "'}\ndata: {k: v}\n";
}

TEST(Build, A8_TheOrderOfManifestsDoesNotMatter) {
  Fixture f;
  crypto::Digest first =
      build(f, {config_map("a"), config_map("b"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n"})
          ->manifest()
          .descriptor.digest;
  crypto::Digest second =
      build(f, {"apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n", config_map("b"), config_map("a")})
          ->manifest()
          .descriptor.digest;
  EXPECT_EQ(first, second);
}

TEST(Build, X7_NamesThatCouldLeaveAFolderAndNestedListsAreRefused) {
  Fixture f;
  EXPECT_FALSE(build(f, {config_map("../../x")}).ok());
  EXPECT_FALSE(build(f, {config_map("..")}).ok());
  EXPECT_FALSE(build(f, {"apiVersion: v1\nkind: List\nmetadata: {name: l}\nitems: []\n"}).ok());
  EXPECT_FALSE(build(f, {config_map("a"), config_map("a")}).ok()) << "twice";
}

TEST(Build, DocumentsGoThroughTheirEncoding) {
  Fixture f;
  BuiltBundle built = build(f, {config_map("a")}).value();
  EXPECT_EQ(model::decode_bundle(built.manifest().bytes).value(), built.bundle);
  EXPECT_EQ(model::decode_inventory(built.blobs[built.blobs.size() - 2].bytes).value(), built.inventory);
}

TEST(Assemble, TheInventoryIsThatOfTheChosenLayers) {
  Fixture f;
  auto bundle_of = [&](const std::string& image) {
    LayerInput data{model::LayerName("data"), model::Tier::kPlatform, {}, {}};
    data.objects.push_back({f.object(config_map("a")), "a.yaml"});
    LayerInput web{model::LayerName("web"), model::Tier::kApplication, {}, {}};
    web.objects.push_back(
        {f.object("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: '" + image +
                  "', env: [{name: AS, value: " + image.substr(0, 1) + "}]}]}\n"),
         "web.yaml"});
    return build_bundle(model::ProjectName("shop"), model::EnvironmentName("dev"), {data, web}, lock_of({image}))
        .value();
  };
  BuiltBundle before = bundle_of("old:1");
  BuiltBundle after = bundle_of("new:1");
  crypto::Digest from = before.manifest().descriptor.digest;
  crypto::Digest to = after.manifest().descriptor.digest;
  BuiltBundle mixed = assemble_bundle(model::ProjectName("shop"), model::EnvironmentName("dev"),
                                      {{before.bundle.layers[0], from}, {after.bundle.layers[1], to}},
                                      {{from, before.inventory}, {to, after.inventory}})
                          .value();
  ASSERT_EQ(mixed.inventory.images.size(), 1u) << "the image that the other bundle's web has is not in it";
  EXPECT_EQ(mixed.inventory.images[0].reference, "new:1@" + kDigest.str());
  EXPECT_EQ(mixed.inventory.config, before.inventory.config);
  EXPECT_EQ(mixed.inventory.environment, after.inventory.environment);
  EXPECT_EQ(mixed.bundle.parents.size(), 2u);
}

TEST(Build, A3_ABundleWithLayersAndManifestsIsRefused) {
  Fixture f;
  std::string bytes = build(f, {config_map("a")})->manifest().bytes;
  EXPECT_EQ(model::decode_bundle(bytes.substr(0, bytes.size() - 1) + R"(,"manifests":[]})").error().code,
            ErrorCode::kIntegrity);
  std::string spaced = bytes;
  spaced.insert(1, " ");
  EXPECT_EQ(model::decode_bundle(spaced).error().code, ErrorCode::kIntegrity) << "not canonical";
}

}  // namespace
}  // namespace pawl::bundle
