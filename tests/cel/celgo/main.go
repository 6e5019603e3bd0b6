// Command celgo evaluates CEL expressions with cel-go, in the environment of a Kubernetes 1.34 apiserver or in that of
// cel-spec, and prints what came of each: the other side of the differential test.
//
//	celgo check FILE     a JSON request per line -> a JSON answer per line
//	celgo bench FILE N   the time of one evaluation of each request, over N of them
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/interpreter"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

type request struct {
	Dialect   string            `json:"dialect"`
	Expr      string            `json:"expr"`
	Variables map[string]string `json:"variables"` // name -> type
	Bindings  map[string]any    `json:"bindings"`
	Limit     uint64            `json:"limit"`
}

type answer struct {
	Compile string `json:"compile,omitempty"` // the errors, where it did not compile
	Type    string `json:"type,omitempty"`
	Value   string `json:"value,omitempty"`
	Error   string `json:"error,omitempty"`
	Cost    uint64 `json:"cost"`
}

func typeOf(name string) *cel.Type {
	switch name {
	case "int":
		return cel.IntType
	case "uint":
		return cel.UintType
	case "double":
		return cel.DoubleType
	case "string":
		return cel.StringType
	case "bool":
		return cel.BoolType
	case "bytes":
		return cel.BytesType
	case "list(int)":
		return cel.ListType(cel.IntType)
	case "list(string)":
		return cel.ListType(cel.StringType)
	case "list(dyn)":
		return cel.ListType(cel.DynType)
	case "map(string, int)":
		return cel.MapType(cel.StringType, cel.IntType)
	case "map(string, dyn)":
		return cel.MapType(cel.StringType, cel.DynType)
	}
	return cel.DynType
}

var environments = map[string]*cel.Env{}

func baseEnvironment(dialect string) (*cel.Env, error) {
	if dialect == "kubernetes" {
		set := environment.MustBaseEnvSet(version.MajorMinor(1, 34), true)
		return set.StoredExpressionsEnv().Extend(ext.Math(), ext.Encoders(), ext.Bindings(ext.BindingsVersion(0)))
	}
	return cel.NewEnv(cel.OptionalTypes(), ext.Strings(), ext.Math(), ext.Encoders(), ext.Bindings(ext.BindingsVersion(0)),
		ext.TwoVarComprehensions(), ext.Lists(), ext.Sets())
}

func environmentFor(r *request) (*cel.Env, error) {
	names := make([]string, 0, len(r.Variables))
	for name := range r.Variables {
		names = append(names, name)
	}
	sort.Strings(names)
	key := r.Dialect
	for _, name := range names {
		key += ";" + name + ":" + r.Variables[name]
	}
	if env, found := environments[key]; found {
		return env, nil
	}
	base, err := baseEnvironment(r.Dialect)
	if err != nil {
		return nil, err
	}
	options := []cel.EnvOption{}
	for _, name := range names {
		options = append(options, cel.Variable(name, typeOf(r.Variables[name])))
	}
	env, err := base.Extend(options...)
	if err == nil {
		environments[key] = env
	}
	return env, err
}

func programFor(r *request, a *answer) cel.Program {
	env, err := environmentFor(r)
	if err != nil {
		a.Compile = err.Error()
		return nil
	}
	ast, issues := env.Compile(r.Expr)
	if issues != nil && issues.Err() != nil {
		a.Compile = issues.Err().Error()
		return nil
	}
	a.Type = checker.FormatCELType(ast.OutputType())
	options := []cel.ProgramOption{cel.CostLimit(r.Limit)}
	if r.Dialect != "kubernetes" {
		options = append(options, cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost))
	} else {
		options = append(options, cel.CostTracking(&library.CostEstimator{}),
			cel.CostTrackerOptions(interpreter.PresenceTestHasCost(false)))
	}
	program, err := env.Program(ast, options...)
	if err != nil {
		a.Compile = err.Error()
		return nil
	}
	return program
}

// Numbers of JSON become what an apiserver reads: int64 where they are whole.
func decoded(v any) any {
	switch x := v.(type) {
	case json.Number:
		if i, err := strconv.ParseInt(x.String(), 10, 64); err == nil {
			return i
		}
		f, _ := x.Float64()
		return f
	case []any:
		for i := range x {
			x[i] = decoded(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = decoded(x[k])
		}
	}
	return v
}

func text(v ref.Val) string {
	switch x := v.(type) {
	case types.Null:
		return "null"
	case types.Bool, types.Int:
		return fmt.Sprint(x)
	case types.Uint:
		return fmt.Sprint(x) + "u"
	case types.Double:
		f := float64(x)
		if math.IsNaN(f) {
			return "NaN"
		}
		return "d" + strconv.FormatFloat(f, 'e', -1, 64)
	case types.String:
		return strconv.Quote(base64.StdEncoding.EncodeToString([]byte(x)))
	case types.Bytes:
		return "b" + strconv.Quote(base64.StdEncoding.EncodeToString(x))
	case types.Duration:
		return "duration " + strconv.FormatInt(int64(x.Duration), 10)
	case types.Timestamp:
		return "timestamp " + strconv.FormatInt(x.Unix(), 10) + "." + strconv.Itoa(x.Nanosecond())
	case *types.Optional:
		if !x.HasValue() {
			return "none"
		}
		return "optional(" + text(x.GetValue()) + ")"
	case traits.Lister:
		parts := []string{}
		for i := types.Int(0); i < x.Size().(types.Int); i++ {
			parts = append(parts, text(x.Get(i)))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case traits.Mapper:
		parts := []string{}
		for it := x.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			parts = append(parts, text(key)+":"+text(x.Get(key)))
		}
		sort.Strings(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case *types.Type:
		return "type " + x.TypeName()
	}
	return "opaque " + v.Type().TypeName()
}

func evaluate(r *request) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a.Error = fmt.Sprint("panic: ", p)
		}
	}()
	program := programFor(r, &a)
	if program == nil {
		return a
	}
	value, details, err := program.Eval(r.Bindings)
	if details != nil && details.ActualCost() != nil {
		a.Cost = *details.ActualCost()
	}
	if err != nil {
		a.Error = err.Error()
		return a
	}
	a.Value = text(value)
	return a
}

func read(line []byte) (*request, error) {
	r := &request{}
	decoder := json.NewDecoder(strings.NewReader(string(line)))
	decoder.UseNumber()
	if err := decoder.Decode(r); err != nil {
		return nil, err
	}
	for k := range r.Bindings {
		r.Bindings[k] = decoded(r.Bindings[k])
	}
	if r.Limit == 0 {
		r.Limit = 1000000
	}
	return r, nil
}

func bench(r *request, count int) string {
	a := answer{}
	program := programFor(r, &a)
	if program == nil {
		return a.Compile
	}
	for i := 0; i < count/10+1; i++ {
		program.Eval(r.Bindings)
	}
	start := time.Now()
	for i := 0; i < count; i++ {
		program.Eval(r.Bindings)
	}
	return fmt.Sprintf("%10.1f ns  %s", float64(time.Since(start).Nanoseconds())/float64(count), r.Expr)
}

func run() error {
	if len(os.Args) < 3 {
		return fmt.Errorf("celgo check FILE | celgo bench FILE N")
	}
	file, err := os.Open(os.Args[2])
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<26)
	for scanner.Scan() {
		r, err := read(scanner.Bytes())
		if err != nil {
			return err
		}
		if os.Args[1] == "bench" {
			count, err := strconv.Atoi(os.Args[3])
			if err != nil {
				return err
			}
			fmt.Fprintln(out, bench(r, count))
			continue
		}
		if err := encoder.Encode(evaluate(r)); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
