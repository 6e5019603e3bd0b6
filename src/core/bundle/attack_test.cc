// Where images hide from a lock: row A7, beyond what bundle_test.cc shows of pods.
#include <gtest/gtest.h>

#include "core/bundle/images.h"
#include "format/yaml.h"

namespace pawl::bundle {
namespace {

std::vector<std::string> images_in(const std::string& yaml) {
  format::Arena arena;
  std::vector<std::string> out;
  for (const ImageUse& use : find_images(format::parse_yaml(arena, yaml, {.file = "x.yaml"}).value()[0]))
    out.push_back(use.field + " " + use.text);
  return out;
}
using Found = std::vector<std::string>;

TEST(ImagesAttack, A7_TemplatesAreFoundHoweverDeepTheyStand) {
  EXPECT_EQ(
      images_in("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec: {jobTemplate: {spec: {template: "
                "{spec: {initContainers: [{name: i, image: 'init:1'}], containers: [{name: c, image: 'main:1'}]}}}}}"
                "\n")
          .size(),
      2u);
  EXPECT_EQ(
      images_in("apiVersion: example.com/v1\nkind: Anything\nmetadata: {name: x}\nspec: {a: [{b: {containers: [{name: "
                "c, image: 'main:1'}]}}]}\n")
          .size(),
      1u)
      << "a template in a custom resource";
}

TEST(ImagesAttack, A7_CustomResourcesAtTheirDeclaredPaths) {
  EXPECT_EQ(images_in("apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec: {image: "
                      "'quay.io/prometheus/prometheus:v3'}\n"),
            Found{"spec.image quay.io/prometheus/prometheus:v3"});
  EXPECT_EQ(images_in("apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: p}\nspec: {imageName: "
                      "'ghcr.io/cloudnative-pg/postgresql:17'}\n"),
            Found{"spec.imageName ghcr.io/cloudnative-pg/postgresql:17"});
  EXPECT_EQ(images_in("apiVersion: example.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec: {image: x}\n"),
            Found{});
}

TEST(ImagesAttack, A7_FlagsInArgumentsAndInTheEnvironment) {
  EXPECT_EQ(
      images_in("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'm:1', command: "
                "['--a=ghcr.io/x/a:1'], args: ['ghcr.io/x/b:1', '--c', 'level=debug', 'x=https://h.example/y:1'], "
                "env: [{name: D, value: '--d=ghcr.io/x/d:1'}, {name: E, value: 'a.b/c'}, {name: F, value: '1.2:3'}]}]}"
                "\n")
          .size(),
      4u);
}

TEST(ImagesAttack, A7_AFlagKeepsItsNameWhenItIsPinned) {
  format::Arena arena;
  format::Value pod =
      format::parse_yaml(arena,
                         "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, "
                         "env: [{name: D, value: '--d=ghcr.io/x/d:1'}]}]}\n",
                         {.file = "x.yaml"})
          .value()[0];
  model::Lock lock;
  EXPECT_FALSE(pin_images(arena, pod, Pins(lock), "x.yaml").ok()) << "by tag, and not in the lock";
  crypto::Digest digest = crypto::sha256("image");
  lock.images.push_back({"ghcr.io/x/d:1", digest, "application/vnd.oci.image.index.v1+json", {}});
  ASSERT_TRUE(pin_images(arena, pod, Pins(lock), "x.yaml").ok());
  const format::Value& container = pod.at_path({"spec", "containers"})->items()[0];
  EXPECT_EQ(container.find("env")->items()[0].string_at("value"), "--d=ghcr.io/x/d:1@" + digest.str());
}

}  // namespace
}  // namespace pawl::bundle
