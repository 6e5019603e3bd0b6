#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace pawl::cel {

struct RecordType;

// A type of the Common Expression Language, as the checker infers it and `type(x)` names it. An immutable value: copies
// share their parts. https://github.com/google/cel-spec/blob/master/doc/langdef.md#values
class Type {
 public:
  enum class Kind : std::uint8_t {
    kDyn,
    kNull,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kDuration,
    kTimestamp,
    kList,       // of parameters()[0]
    kMap,        // from parameters()[0] to parameters()[1]
    kType,       // a type as a value
    kOptional,   // of parameters()[0]
    kOpaque,     // a library's own: name() is "kubernetes.Quantity", "net.IP" ...
    kRecord,     // a structure with declared fields: record()
    kParameter,  // a type parameter of a function's signature
    kError,      // of an expression that did not check
  };

  Type() = default;  // dyn
  static Type dyn() { return {}; }
  static Type simple(Kind kind);
  static Type list(Type item);
  static Type map(Type key, Type value);
  static Type optional(Type of);
  static Type type_of(Type of);
  static Type opaque(std::string name, std::vector<Type> parameters = {});
  static Type parameter(std::string name);
  static Type record(std::shared_ptr<const RecordType> record);

  Kind kind() const { return kind_; }
  const std::string& name() const;  // of kOpaque, kRecord, kParameter
  const std::vector<Type>& parameters() const;
  const RecordType& record() const;

  // How many types it is made of, itself included; parts that are shared count each time.
  double size() const;

  // What type(x) of such a value is called: "list", "google.protobuf.Timestamp".
  std::string_view runtime_name() const;
  // As cel-go writes it in messages: "list(string)", "map(string, dyn)", "optional_type(int)", "timestamp".
  std::string text() const;

  friend bool operator==(const Type& a, const Type& b);

 private:
  struct Parts;
  static Type with(Kind kind, std::string name, std::vector<Type> parameters);

  Kind kind_ = Kind::kDyn;
  std::shared_ptr<const Parts> parts_;
};

// What a structure's fields are called and hold; reading any other field does not compile.
struct RecordType {
  struct Field {
    std::string name;
    Type type;
  };
  std::string name;  // "kubernetes.AdmissionRequest"
  std::vector<Field> fields;
};

}  // namespace pawl::cel
