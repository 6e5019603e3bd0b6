#include "core/render/helm_scan.h"

#include <gtest/gtest.h>

namespace pawl::render {

namespace {

// "line:column name" of every use.
std::string uses(std::string_view text) {
  std::string out;
  for (const TemplateUse& use : scan_template(text)) {
    out +=
        (out.empty() ? "" : ", ") + std::to_string(use.at.line) + ":" + std::to_string(use.at.column) + " " + use.name;
  }
  return out;
}

TEST(HelmScan, NamesFunctionsWithTheirPlaces) {
  EXPECT_EQ(uses("a: {{ now }}\nb: {{- now | date \"2006\" -}}"), "1:7 now, 2:8 now, 2:14 date");
  EXPECT_EQ(uses("{{ randAlphaNum 5 }}{{ genSignedCert \"a\" }}{{ uuidv4 }}"),
            "1:4 randAlphaNum, 1:24 genSignedCert, 1:47 uuidv4");
  EXPECT_EQ(uses("{{ if (lookup \"v1\" \"Secret\" .Release.Namespace \"x\") }}{{ end }}"), "1:8 lookup");
  EXPECT_EQ(uses("{{ env \"HOME\" }}{{ expandenv \"$HOME\" }}{{ getHostByName \"a\" }}"),
            "1:4 env, 1:20 expandenv, 1:43 getHostByName");
  EXPECT_EQ(uses("{{ $x := now }}{{ (now).Unix }}{{ with now }}{{ end }}"), "1:10 now, 1:20 now, 1:40 now");
  EXPECT_EQ(uses("{{\n  now\n}}"), "2:3 now");
}

TEST(HelmScan, NamesCapabilitiesHoweverTheyAreReached) {
  EXPECT_EQ(uses("{{ .Capabilities.KubeVersion }}"), "1:5 .Capabilities");
  EXPECT_EQ(uses("{{ $.Capabilities.APIVersions.Has \"a\" }}{{ $root.Capabilities }}"),
            "1:6 .Capabilities, 1:50 .Capabilities");
  EXPECT_EQ(uses("{{ (index . \"Capabilities\").KubeVersion }}"), "1:14 .Capabilities");
}

TEST(HelmScan, TextOutsideOfActionsSaysNothing) {
  EXPECT_EQ(uses("now: date\nenv:\n- name: lookup\n"), "");
  EXPECT_EQ(uses("{ now } {{ .Values.env }} now }} {{ .Values.a }}"), "");
}

TEST(HelmScan, CommentsAndPlainStringsSayNothing) {
  EXPECT_EQ(uses("{{/* now }} {{ lookup */}}{{- /* env */ -}}"), "");
  EXPECT_EQ(uses("{{ \"now\" }}{{ `lookup` }}{{ printf \"a \\\" now\" }}{{ 'n' }}"), "");
  EXPECT_EQ(uses("{{ include \"chart.date\" . }}{{ define \"now\" }}{{ end }}"), "");
}

TEST(HelmScan, FieldsAndVariablesOfSuchNamesAreNone) {
  EXPECT_EQ(uses("{{ .Values.date }}{{ $now }}{{ .env }}{{ $.Values.lookup.now }}{{ .Values.general }}"), "");
  EXPECT_EQ(uses("{{ nowhere }}{{ updated }}{{ environment }}"), "");
}

TEST(HelmScan, StringsWithActionsAreLookedInto) {
  EXPECT_EQ(uses("{{ tpl \"x {{ now }}\" . }}"), "1:14 now");
  EXPECT_EQ(uses("{{ tpl `{{ tpl \"{{ env }}\" . }}` . }}"), "1:20 env");
}

TEST(HelmScan, WhatIsNoTemplateIsReadToItsEnd) {
  for (const char* text : {"{{", "{{ \"", "{{ `", "{{/*", "{{ .", "{{ $", "}}", "{{ \"\\", "{{-", "{{- /*"}) {
    EXPECT_EQ(uses(text), "") << text;
  }
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "{{ tpl \"";
  (void)scan_template(deep);
}

TEST(HelmScan, KnowsWhatMakesOtherFilesTemplates) {
  EXPECT_TRUE(traits_of("{{ tpl .Values.x . }}").tpl);
  EXPECT_FALSE(traits_of("{{ .Values.tpl }}{{/* tpl */}} tpl").tpl);
  EXPECT_TRUE(traits_of("{{ .Files.Get \"a\" }}").files);
  EXPECT_TRUE(traits_of("{{ define \"a\" }}{{ end }}").defines);
  EXPECT_FALSE(traits_of("define {{ .Values.define }}").defines);
}

}  // namespace

}  // namespace pawl::render
