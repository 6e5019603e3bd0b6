#include "core/drift/attribute.h"

#include <gtest/gtest.h>

namespace pawl::drift {
namespace {

std::vector<DriftObject> objects(format::Arena& arena, std::string yaml) {
  return objects_of(arena, "web", std::move(yaml)).value();
}

std::string web(std::string_view image, int replicas) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: " +
         std::to_string(replicas) + "\n  containers:\n  - {name: a, image: '" + std::string(image) + "'}\n";
}

TEST(Attribute, EachFieldHasTheStepThatChangesIt) {
  format::Arena arena;
  std::vector<ObjectChange> changes =
      difference(objects(arena, web("a:1@sha256:11", 1)), objects(arena, web("a:1@sha256:22", 3)));
  std::vector<Step> steps = {{"source", {}},
                             {"parameter", difference(objects(arena, web("a:1", 1)), objects(arena, web("a:1", 3)))}};
  attribute(changes, steps, "lock");
  ASSERT_EQ(changes.size(), 1U);
  ASSERT_EQ(changes[0].fields.size(), 2U);
  EXPECT_EQ(changes[0].fields[0].path, "spec.containers[a].image");
  EXPECT_EQ(changes[0].fields[0].cause, "lock");
  EXPECT_EQ(changes[0].fields[1].path, "spec.replicas");
  EXPECT_EQ(changes[0].fields[1].cause, "parameter");
}

TEST(Attribute, SeveralStepsAreAllNamed) {
  format::Arena arena;
  std::vector<ObjectChange> changes = difference(objects(arena, web("a", 1)), objects(arena, web("a", 3)));
  std::vector<Step> steps = {{"source", difference(objects(arena, web("a", 1)), objects(arena, web("a", 2)))},
                             {"project", difference(objects(arena, web("a", 2)), objects(arena, web("a", 3)))}};
  attribute(changes, steps, "lock");
  EXPECT_EQ(changes[0].fields[0].cause, "source, project");
}

TEST(Attribute, ObjectsThatComeAndGo) {
  format::Arena arena;
  std::vector<ObjectChange> changes = difference({}, objects(arena, web("a", 1)));
  attribute(changes, std::vector<Step>{{"source", changes}}, "lock");
  EXPECT_EQ(changes[0].cause, "source");
}

TEST(Attribute, AChangeAboveOrBelowTheFieldCounts) {
  std::vector<ObjectChange> changes(1);
  changes[0].fields = {{"spec.a", Change::kAdded, "", "{}", ""}, {"spec.ab", Change::kAdded, "", "1", ""}};
  std::vector<ObjectChange> below(1);
  below[0].fields = {{"spec.a[x].b", Change::kAdded, "", "1", ""}};
  attribute(changes, std::vector<Step>{{"source", below}}, "lock");
  EXPECT_EQ(changes[0].fields[0].cause, "source");
  EXPECT_EQ(changes[0].fields[1].cause, "lock");
  attribute(below, std::vector<Step>{{"project", changes}}, "lock");
  EXPECT_EQ(below[0].fields[0].cause, "project");
}

}  // namespace
}  // namespace pawl::drift
