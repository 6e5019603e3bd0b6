#include "core/cel/program.h"

#include <thread>

#include "format/json.h"

namespace pawl::cel {
namespace {

struct Ran {
  std::string text;  // of a string, an error, or what is wrong with the expression
  Value value;
  std::uint64_t cost = 0;
  bool over_cost = false;
};

class CelProgram : public testing::Test {
 protected:
  Environment environment_{Dialect::kKubernetes};
  format::Document data_;
  Arena arena_;

  void bind(const std::string& name, std::string json) {
    environment_.declare(name, Type::dyn());
    format::Document document = format::parse_json_document(std::move(json)).value();
    if (data_.root.is_null()) data_.root = format::Value::map();
    data_.root.set(*data_.arena, name, document.root.clone(*data_.arena));
  }

  Activation activation() {
    Activation made(environment_);
    for (const format::Member& member : data_.root.members()) made.bind(member.key, member.value);
    return made;
  }

  Ran run(const std::string& expression, Limits limits = {}) {
    Result<Program> program = Program::compile(environment_, expression);
    if (!program) return {program.error().message, Value::absent()};
    Evaluation done = program->evaluate(activation(), arena_, limits);
    std::string text;
    if (done.value.is_error() || done.value.is_string()) text = done.value.text();
    return {text, done.value, done.cost, done.over_cost};
  }

  bool holds(const std::string& expression) { return run(expression).value.is_true(); }
  std::string error(const std::string& expression) {
    Ran ran = run(expression);
    return ran.value.is_error() || ran.value.is_absent() ? ran.text : "no error";
  }
};

TEST_F(CelProgram, ReadsBoundDataInPlace) {
  bind("object", R"({"spec": {"replicas": 3, "containers": [{"image": "registry.example.com/web:1"}]}})");
  EXPECT_TRUE(holds("object.spec.replicas == 3"));
  EXPECT_TRUE(holds("object.spec.replicas == 3.0 && object.spec.replicas < 4u"));
  EXPECT_TRUE(holds("object.spec.containers.all(c, c.image.startsWith('registry.example.com/'))"));
  Ran ran = run("object.spec.containers[0].image");
  std::string_view bound = data_.root.at_path({"object", "spec", "containers"})->items()[0].string_at("image");
  EXPECT_EQ(ran.value.text().data(), bound.data());
}

TEST_F(CelProgram, TellsItsTypeAndWhatItReads) {
  bind("object", "{}");
  bind("other", "{}");
  Program program = Program::compile(environment_, "[object.a]").value();
  EXPECT_EQ(program.type().text(), "list(dyn)");
  EXPECT_TRUE(program.reads("object"));
  EXPECT_FALSE(program.reads("other"));
  EXPECT_FALSE(program.reads("nothing"));
}

TEST_F(CelProgram, ErrorsAreThoseOfKubernetes) {
  bind("object", R"({"a": {"b": [1]}, "n": 9223372036854775807})");
  EXPECT_EQ(error("object.x == 1"), "no such key: x");
  EXPECT_EQ(error("object.a.b[5] == 1"), "index out of bounds: 5");
  EXPECT_EQ(error("object.n + 1 == 1"), "integer overflow");
  EXPECT_EQ(error("object.n / 0 == 1"), "division by zero");
  EXPECT_EQ(error("object.n % 0 == 1"), "modulus by zero");
  EXPECT_EQ(error("object.a + 1 == 1"), "no such overload: _+_");
  EXPECT_EQ(error("object.n + 'a' == 'b'"), "no such overload");
  EXPECT_EQ(error("object.n ? 1 : 2"), "no such overload");
  EXPECT_EQ(error("object.n.all(x, true)"), "got 'types.Int', expected iterable type");
}

TEST_F(CelProgram, FaultsNameTheirPlace) {
  EXPECT_EQ(error("1 + x"), "ERROR: <input>:1:5: undeclared reference to 'x' (in container '')\n | 1 + x\n | ....^");
  EXPECT_EQ(error("1 +"),
            "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', "
            "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | 1 +\n | ...^");
  std::string two = error("'a' + 1\n + x");
  EXPECT_NE(two.find("ERROR: <input>:1:5: found no matching overload for '_+_' applied to '(string, int)'"), two.npos);
  EXPECT_NE(two.find("ERROR: <input>:2:4: undeclared reference to 'x' (in container '')\n |  + x\n | ...^"), two.npos);
  EXPECT_EQ(error("duration('x')"), "ERROR: <input>:1:10: invalid duration argument\n | duration('x')\n | .........^");
}

TEST_F(CelProgram, AVariableThatIsNotBoundIsAnErrorOfItsReader) {
  environment_.declare("later", Type::dyn());
  EXPECT_EQ(error("later.x"), "no such attribute(s): later");
  EXPECT_TRUE(holds("true || later"));
}

TEST_F(CelProgram, RecordsHaveDeclaredFields) {
  auto user = std::make_shared<RecordType>(RecordType{"UserInfo", {{"username", Type::simple(Type::Kind::kString)}}});
  environment_.declare("user", Type::record(user));
  data_.root = format::parse_json(*data_.arena, R"({"user": {"username": "ada"}})").value();
  EXPECT_TRUE(holds("user.username == 'ada' && has(user.username)"));
  EXPECT_EQ(error("user.name"), "ERROR: <input>:1:5: undefined field 'name'\n | user.name\n | ....^");
}

TEST_F(CelProgram, LazyFieldsAreComputedOnceAndChargeTheirFirstReader) {
  environment_.declare("variables", Type::dyn());
  int computed = 0;
  Activation made(environment_);
  made.bind_lazily("variables", [&](std::string_view name, Arena&) {
    ++computed;
    if (name == "answer") return Computed{Value::integer(42), 100};
    return name == "bad" ? Computed{Value::error("it broke"), 7} : Computed{Value::absent(), 0};
  });
  auto evaluate = [&](const std::string& expression) {
    return Program::compile(environment_, expression).value().evaluate(made, arena_);
  };
  Evaluation first = evaluate("variables.answer == 42");
  EXPECT_TRUE(first.value.is_true());
  Evaluation second = evaluate("variables.answer == 42");
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(first.cost, second.cost + 100);
  EXPECT_EQ(evaluate("variables.bad == 1").value.text(), "it broke");
  EXPECT_EQ(evaluate("variables.nothing == 1").value.text(), "no such key: nothing");
  EXPECT_TRUE(evaluate("has(variables.answer) && !has(variables.nothing)").value.is_true());
}

TEST_F(CelProgram, CostIsCountedAsKubernetesCountsIt) {
  bind("object", R"({"spec": {"replicas": 3}, "metadata": {"name": "abc"}})");
  EXPECT_EQ(run("object.spec.replicas + 1 > 3 && object.metadata.name.startsWith('a')").cost, 9u);
  EXPECT_EQ(run("has(object.spec.replicas)").cost, 2u);
  EXPECT_EQ(run("[1, 2, 3].all(x, x > 0)").cost, 16u);
}

TEST_F(CelProgram, StopsAtItsCostLimit) {
  Ran ran = run("lists.range(1000).all(x, lists.range(1000).all(y, lists.range(1000).all(z, x + y + z >= 0)))");
  EXPECT_TRUE(ran.over_cost);
  EXPECT_EQ(ran.text, "operation cancelled: actual cost limit exceeded");
  EXPECT_LT(ran.cost, 1'100'000u);
  EXPECT_TRUE(run("[1, 2, 3].all(x, x > 0)", {.cost = 16}).value.is_true());
  EXPECT_TRUE(run("[1, 2, 3].all(x, x > 0)", {.cost = 15}).over_cost);
}

TEST_F(CelProgram, LoopsThatCostNothingEnd) {
  bind("l", "[1]");
  std::string doubled = "l";
  for (int i = 0; i < 14; ++i) doubled = "[" + doubled + "].map(x, x + x)[0]";
  Ran ran = run(doubled + ".filter(a, " + doubled + ".filter(b, false) == [1]) == []", {.cost = 1'000'000'000});
  EXPECT_TRUE(ran.value.is_error()) << "ended by itself";
}

TEST_F(CelProgram, SharedPartsDoNotMultiply) {
  std::string nested = "[1]";
  for (int i = 0; i < 60; ++i)
    nested += ".map(x" + std::to_string(i) + ", [x" + std::to_string(i) + ", x" + std::to_string(i) + "])";
  EXPECT_EQ(error(nested + " == " + nested), "operation cancelled: memory limit exceeded");
}

TEST_F(CelProgram, MemoryIsBounded) {
  bind("s", "\"0123456789\"");
  std::string doubled = "[s]";
  for (int i = 0; i < 40; ++i) doubled += ".map(x, x + x)";
  EXPECT_EQ(error(doubled), "operation cancelled: memory limit exceeded");
}

TEST_F(CelProgram, NestingIsBounded) {
  auto repeated = [](std::string_view text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
  };
  EXPECT_TRUE(holds(repeated("(", 200) + "true" + repeated(")", 200)));
  EXPECT_EQ(error(repeated("(", 300) + "true" + repeated(")", 300)),
            "ERROR: <input>:-1:0: expression recursion limit exceeded: 250");
  EXPECT_EQ(error(repeated("[", 50'000)), "ERROR: <input>:-1:0: expression recursion limit exceeded: 250");
  EXPECT_EQ(error("1" + repeated("+1", 40'000)), "ERROR: <input>:-1:0: max recursion depth exceeded");
  bind("a", "{}");
  EXPECT_EQ(error("a" + repeated(".a", 40'000)), "ERROR: <input>:-1:0: max recursion depth exceeded");
  EXPECT_TRUE(holds(repeated("!", 90'000) + "true"));
  EXPECT_TRUE(holds("true" + repeated(" && true", 9'000)));
  EXPECT_TRUE(holds("false" + repeated(" ? false : false", 100) + " || true"));
  EXPECT_EQ(error(repeated("x", 100'001)),
            "ERROR: <input>:-1:0: expression code point size exceeds limit: size: 100001, limit 100000");
}

TEST_F(CelProgram, MacrosThatCopyDoNotMultiply) {
  std::string chain = "optional.of(1)";
  for (int i = 0; i < 100; ++i) chain += ".optMap(x, x)";
  EXPECT_NE(error(chain).find("expression is too large"), std::string::npos);
}

TEST_F(CelProgram, TypesThatMultiplyAreRefused) {
  std::string nested = "v0";
  for (int i = 40; i > 0; --i)
    nested = "cel.bind(v" + std::to_string(i % 40) + ", {v" + std::to_string(i) + ": v" + std::to_string(i) + "}, " +
             nested + ")";
  nested = "cel.bind(v40, {1: 1}, " + nested + ")";
  EXPECT_NE(error(nested), "no error");
}

TEST_F(CelProgram, RegularExpressionsTakeLinearTime) {
  bind("s", "\"" + std::string(50'000, 'a') + "\"");
  EXPECT_TRUE(holds("!s.matches('(a+)+$b')"));
}

TEST_F(CelProgram, OneProgramServesManyThreads) {
  bind("object", R"({"items": [1, 2, 3, 4, 5]})");
  Program program = Program::compile(environment_, "object.items.map(x, string(x)).join(',') == '1,2,3,4,5'").value();
  std::vector<std::thread> threads;
  std::array<int, 4> agreed{};
  for (int& count : agreed) {
    threads.emplace_back([&] {
      Activation own = activation();
      Arena arena;
      for (int i = 0; i < 500; ++i) {
        arena.reset();
        count += program.evaluate(own, arena).value.is_true() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int count : agreed) EXPECT_EQ(count, 500);
}

TEST_F(CelProgram, MapsGrowBeyondALine) {
  EXPECT_TRUE(holds("lists.range(100).transformMap(i, v, string(v)).all(k, v, string(k) == v)"));
  EXPECT_TRUE(holds("lists.range(100).transformMapEntry(i, v, {string(v): v})['77'] == 77"));
  EXPECT_EQ(error("[1, 1].transformMapEntry(i, v, {v: i})"), "insert failed: key 1 already exists");
}

TEST_F(CelProgram, LargeMapsAreComparedAndSearchedInBounds) {
  std::string up = "{";
  std::string down = "{";
  for (int i = 0; i < 50'000; ++i) {
    up += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\": 1";
    down += (i == 0 ? "\"k" : ",\"k") + std::to_string(49'999 - i) + "\": 1";
  }
  bind("a", up + "}");
  bind("b", down + "}");
  EXPECT_TRUE(holds("a == b && a['k777'] == 1"));
  EXPECT_TRUE(holds("a.all(k, b[k] == 1) && b.all(k, k in a)"));
}

TEST_F(CelProgram, UncheckedExpressionsErrWhenTheyRun) {
  Program program = Program::compile_unchecked(environment_, "'a' + 1").value();
  EXPECT_EQ(program.evaluate(activation(), arena_).value.text(), "no such overload");
  Program unknown = Program::compile_unchecked(environment_, "x.y || true").value();
  EXPECT_TRUE(unknown.evaluate(activation(), arena_).value.is_true());
}

}  // namespace
}  // namespace pawl::cel
