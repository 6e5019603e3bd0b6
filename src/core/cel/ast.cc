#include "core/cel/ast.h"

namespace pawl::cel {

Expr* Ast::make(Expr::Kind kind, Offset at) {
  Expr& made = nodes_.emplace_back();
  made.kind = kind;
  made.id = static_cast<std::uint32_t>(nodes_.size() - 1);
  made.at = at;
  return &made;
}

Expr* Ast::literal(Offset at, Value value) {
  Expr* made = make(Expr::Kind::kLiteral, at);
  made->literal = value;
  return made;
}

Expr* Ast::ident(Offset at, std::string name) {
  Expr* made = make(Expr::Kind::kIdent, at);
  made->name = std::move(name);
  return made;
}

Expr* Ast::select(Offset at, Expr* operand, std::string field) {
  Expr* made = make(Expr::Kind::kSelect, at);
  made->parts = {operand};
  made->name = std::move(field);
  return made;
}

Expr* Ast::call(Offset at, std::string function, std::vector<Expr*> arguments) {
  Expr* made = make(Expr::Kind::kCall, at);
  made->name = std::move(function);
  made->parts = std::move(arguments);
  return made;
}

Expr* Ast::member_call(Offset at, std::string function, Expr* receiver, std::vector<Expr*> arguments) {
  arguments.insert(arguments.begin(), receiver);
  Expr* made = call(at, std::move(function), std::move(arguments));
  made->receiver = true;
  return made;
}

Expr* Ast::list(Offset at, std::vector<Expr*> items) {
  Expr* made = make(Expr::Kind::kList, at);
  made->parts = std::move(items);
  return made;
}

std::string qualified_name(const Expr& expr) {
  std::vector<const Expr*> path;
  const Expr* at = &expr;
  for (; at->kind == Expr::Kind::kSelect; at = at->operand()) {
    if (at->test_only) return "";
    path.push_back(at);
  }
  if (at->kind != Expr::Kind::kIdent) return "";
  std::string name = at->name;
  while (!path.empty()) {
    name += "." + path.back()->name;
    path.pop_back();
  }
  return name;
}

}  // namespace pawl::cel
