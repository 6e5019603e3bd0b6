#include "core/cel/type.h"

namespace pawl::cel {

struct Type::Parts {
  std::string name;
  std::vector<Type> parameters;
  std::shared_ptr<const RecordType> record;
  double size = 1;
};

Type Type::simple(Kind kind) {
  Type made;
  made.kind_ = kind;
  return made;
}

Type Type::with(Kind kind, std::string name, std::vector<Type> parameters) {
  Type made;
  made.kind_ = kind;
  double size = 1;
  for (const Type& parameter : parameters) size += parameter.size();
  made.parts_ = std::make_shared<const Parts>(Parts{std::move(name), std::move(parameters), nullptr, size});
  return made;
}

Type Type::list(Type item) { return with(Kind::kList, {}, {std::move(item)}); }
Type Type::map(Type key, Type value) { return with(Kind::kMap, {}, {std::move(key), std::move(value)}); }
Type Type::optional(Type of) { return with(Kind::kOptional, {}, {std::move(of)}); }
Type Type::type_of(Type of) { return with(Kind::kType, {}, {std::move(of)}); }
Type Type::opaque(std::string name, std::vector<Type> parameters) {
  return with(Kind::kOpaque, std::move(name), std::move(parameters));
}
Type Type::parameter(std::string name) { return with(Kind::kParameter, std::move(name), {}); }

Type Type::record(std::shared_ptr<const RecordType> record) {
  Type made;
  made.kind_ = Kind::kRecord;
  made.parts_ = std::make_shared<const Parts>(Parts{record->name, {}, std::move(record), 1});
  return made;
}

const std::string& Type::name() const {
  static const std::string kNone;
  return parts_ ? parts_->name : kNone;
}

const std::vector<Type>& Type::parameters() const {
  static const std::vector<Type> kNone;
  return parts_ ? parts_->parameters : kNone;
}

const RecordType& Type::record() const {
  check(kind_ == Kind::kRecord, "a record's fields asked of another type");
  return *parts_->record;
}

double Type::size() const { return parts_ ? parts_->size : 1; }

std::string_view Type::runtime_name() const {
  switch (kind_) {
    case Kind::kDyn:
      return "dyn";
    case Kind::kNull:
      return "null_type";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kDuration:
      return "google.protobuf.Duration";
    case Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kType:
      return "type";
    case Kind::kOptional:
      return "optional_type";
    case Kind::kOpaque:
    case Kind::kRecord:
    case Kind::kParameter:
      return name();
    case Kind::kError:
      return "!error!";
  }
  return "";
}

std::string Type::text() const {
  if (kind_ == Kind::kDuration) return "duration";
  if (kind_ == Kind::kTimestamp) return "timestamp";
  if (kind_ == Kind::kNull) return "null";
  std::string made(runtime_name());
  const std::vector<Type>& inner = parameters();
  for (std::size_t i = 0; i < inner.size(); ++i) made += (i == 0 ? "(" : ", ") + inner[i].text();
  return inner.empty() ? made : made + ")";
}

bool operator==(const Type& a, const Type& b) {
  if (a.kind_ != b.kind_) return false;
  if (a.parts_ == b.parts_) return true;
  return a.name() == b.name() && a.parameters() == b.parameters();
}

}  // namespace pawl::cel
