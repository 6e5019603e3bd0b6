#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::policy {

// What an apiserver finds wrong with a name, in its words; nothing where it takes it.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
std::vector<std::string> faults_of_subdomain(std::string_view name);       // RFC 1123, as names of objects are
std::vector<std::string> faults_of_dns_label(std::string_view name);       // RFC 1035
std::vector<std::string> faults_of_qualified_name(std::string_view name);  // [prefix/]name, as keys of labels are
std::vector<std::string> faults_of_label_value(std::string_view value);
std::vector<std::string> faults_of_path_segment(std::string_view name);
// Whether an expression can name it: an identifier of CEL that is no word of the language.
bool is_identifier(std::string_view name);

}  // namespace pawl::policy
