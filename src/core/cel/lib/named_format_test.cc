#include "core/cel/lib/named_format.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace pawl::cel::lib {
namespace {

// Expectations are what k8s.io/apiserver v0.34.4 answers.

struct Validation {
  const char* format;
  const char* text;
  const char* faults;  // joined by commas
};

TEST(NamedFormat, ValidatesInKubernetesWords) {
  const Validation validations[] = {
      {"dns1123Label", "my-name", ""},
      {"dns1123Label", "A",
       "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
       "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
       "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
      {"dns1123Label", "a.b", "must not contain dots"},
      {"dns1123Label", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
       "must be no more than 63 characters"},
      {"dns1123Label", "a-",
       "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
       "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
       "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
      {"dns1123LabelPrefix", "a-", ""},
      {"dns1123LabelPrefix", "ab-", ""},
      {"dns1123LabelPrefix", "-",
       "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
       "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
       "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"},
      {"dns1123Subdomain", "a.b-c.1", ""},
      {"dns1123Subdomain", "a..b",
       "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
       "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
       "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
      {"dns1035Label", "a1", ""},
      {"dns1035Label", "1a",
       "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
       "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
       "'[a-z]([-a-z0-9]*[a-z0-9])?')"},
      {"dns1035LabelPrefix", "1a-",
       "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
       "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
       "'[a-z]([-a-z0-9]*[a-z0-9])?')"},
      {"qualifiedName", "example.com/Name_1", ""},
      {"qualifiedName", "/x", "prefix part must be non-empty"},
      {"qualifiedName", "A/x",
       "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
       "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
       "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
      {"qualifiedName", "x/",
       "name part must be non-empty, name part must consist of alphanumeric characters, '-', '_' or '.', and must "
       "start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
       "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
      {"qualifiedName", "a/b/c",
       "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
       "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
       "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. "
       "'example.com/MyName')"},
      {"labelValue", "", ""},
      {"labelValue", "-",
       "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
       "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation "
       "is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
      {"labelValue", "a_B.9", ""},
      {"uri", "/x", ""},
      {"uri", "x", "parse \"x\": invalid URI for request"},
      {"uuid", "123E4567-e89b12d3-a456426614174000", ""},
      {"uuid", "123e4567", "does not match the UUID format"},
      {"byte", "aGVsbG8=", ""},
      {"byte", "", "invalid base64"},
      {"byte", "aGVsbG8", "invalid base64"},
      {"date", "2024-02-29", ""},
      {"date", "2023-02-29", "invalid date"},
      {"date", "2023-2-1", "invalid date"},
      {"datetime", "2021-01-01T23:59:59Z", ""},
      {"datetime", "2021-01-01t00:00:00.5+01:00", ""},
      {"datetime", "2021-01-01T24:00:00Z", "invalid datetime"},
      {"datetime", "2021-01-01T00:00:00", "invalid datetime"},
      {"datetime", "2021-01-01T00:00:00,5z", ""},
  };
  for (const Validation& validation : validations) {
    const NamedFormat* format = find_named_format(validation.format);
    ASSERT_NE(format, nullptr) << validation.format;
    EXPECT_EQ(join(format->validate(validation.text), ", "), validation.faults) << validation.text;
  }
}

TEST(NamedFormat, IsFoundByItsFunction) {
  EXPECT_EQ(named_formats().size(), 13u);
  EXPECT_EQ(find_named_format("nope"), nullptr);
  EXPECT_EQ(find_named_format("DNS1123Label"), nullptr);
}

}  // namespace
}  // namespace pawl::cel::lib
