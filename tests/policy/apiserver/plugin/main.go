// Command plugin judges requests with the ValidatingAdmissionPolicy plugin of k8s.io/apiserver: its matcher, its
// validator, its dispatcher. Around them stands as little as they need; no server runs. It reads and writes what
// tests/policy/policy_review does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	v1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	clientcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	listerscorev1 "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
)

type input struct {
	Policies []json.RawMessage            `json:"policies"`
	Facts    []*unstructured.Unstructured `json:"facts"`
	Reviews  []review                     `json:"reviews"`
}

type review struct {
	RequestKind     metav1.GroupVersionKind     `json:"requestKind"`
	RequestResource metav1.GroupVersionResource `json:"requestResource"`
	SubResource     string                      `json:"subResource"`
	Name            string                      `json:"name"`
	Namespace       string                      `json:"namespace"`
	Operation       admission.Operation         `json:"operation"`
	UserInfo        struct {
		Username, UID string
		Groups        []string
		Extra         map[string][]string
	} `json:"userInfo"`
	Object    json.RawMessage `json:"object"`
	OldObject json.RawMessage `json:"oldObject"`
	Options   json.RawMessage `json:"options"`
	DryRun    bool            `json:"dryRun"`
}

type verdict struct {
	Allowed     bool              `json:"allowed"`
	Message     string            `json:"message"`
	Reason      string            `json:"reason"`
	Code        int32             `json:"code"`
	Warnings    []string          `json:"warnings"`
	Annotations map[string]string `json:"annotations"`
}

// A request whose annotations and warnings are kept.
type request struct {
	admission.Attributes
	annotations map[string]string
	warnings    []string
}

func (r *request) AddAnnotation(key, value string) error {
	if _, there := r.annotations[key]; there {
		return errors.New("there already")
	}
	r.annotations[key] = value
	return nil
}

func (r *request) AddWarning(_, text string) { r.warnings = append(r.warnings, text) }

// Objects of one kind, as informers would have them.
type store struct {
	indexer  cache.Indexer
	resource schema.GroupResource
}

func newStore(resource string) *store {
	byNamespace := cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}
	return &store{cache.NewIndexer(cache.MetaNamespaceKeyFunc, byNamespace), schema.GroupResource{Resource: resource}}
}

type synced struct{ cache.SharedIndexInformer }

func (synced) HasSynced() bool                       { return true }
func (s *store) Informer() cache.SharedIndexInformer { return synced{} }
func (s *store) Lister() cache.GenericLister         { return cache.NewGenericLister(s.indexer, s.resource) }

var _ informers.GenericInformer = &store{}

// A client that finds no namespace.
type client struct{ kubernetes.Interface }
type core struct{ clientcorev1.CoreV1Interface }
type namespaces struct {
	clientcorev1.NamespaceInterface
}

func (client) CoreV1() clientcorev1.CoreV1Interface      { return core{} }
func (core) Namespaces() clientcorev1.NamespaceInterface { return namespaces{} }
func (namespaces) Get(_ context.Context, name string, _ metav1.GetOptions) (*corev1.Namespace, error) {
	return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, name)
}

// The kinds that the test's definitions declare, and conversion by name.
type interfaces struct {
	admission.ObjectInterfaces
	equivalents runtime.EquivalentResourceMapper
}

func (i interfaces) GetEquivalentResourceMapper() runtime.EquivalentResourceMapper {
	return i.equivalents
}
func (interfaces) GetObjectCreater() runtime.ObjectCreater     { return creater{} }
func (interfaces) GetObjectConvertor() runtime.ObjectConvertor { return convertor{} }

type creater struct{}

func (creater) New(kind schema.GroupVersionKind) (runtime.Object, error) {
	made := &unstructured.Unstructured{}
	made.SetGroupVersionKind(kind)
	return made, nil
}

type convertor struct{ runtime.ObjectConvertor }

func (convertor) Convert(in, out, _ any) error {
	from, to := in.(*unstructured.Unstructured), out.(*unstructured.Unstructured)
	kind := to.GroupVersionKind()
	to.Object = from.DeepCopy().Object
	to.SetGroupVersionKind(kind)
	return nil
}

// What is known beside the object: namespaces, params by kind, scopes.
type world struct {
	namespaces  *store
	params      map[schema.GroupVersionKind]*store
	scopes      map[schema.GroupVersionKind]meta.RESTScope
	equivalents runtime.EquivalentResourceRegistry
}

func newWorld(facts []*unstructured.Unstructured) (*world, error) {
	made := &world{newStore("namespaces"), map[schema.GroupVersionKind]*store{}, map[schema.GroupVersionKind]meta.RESTScope{}, runtime.NewEquivalentResourceRegistry()}
	made.scopes[corev1.SchemeGroupVersion.WithKind("ConfigMap")] = meta.RESTScopeNamespace
	for _, fact := range facts {
		if fact.GetKind() == "CustomResourceDefinition" {
			made.define(fact)
		}
		if fact.GetKind() == "Namespace" {
			typed := &corev1.Namespace{}
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fact.Object, typed); err != nil {
				return nil, err
			}
			if err := made.namespaces.indexer.Add(typed); err != nil {
				return nil, err
			}
		}
		if err := made.store(fact.GroupVersionKind()).indexer.Add(fact); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (w *world) store(kind schema.GroupVersionKind) *store {
	if w.params[kind] == nil {
		w.params[kind] = newStore("params")
	}
	return w.params[kind]
}

func (w *world) define(definition *unstructured.Unstructured) {
	text := func(path ...string) string {
		found, _, _ := unstructured.NestedString(definition.Object, path...)
		return found
	}
	versions, _, _ := unstructured.NestedSlice(definition.Object, "spec", "versions")
	for _, version := range versions {
		name := version.(map[string]any)["name"].(string)
		kind := schema.GroupVersionKind{Group: text("spec", "group"), Version: name, Kind: text("spec", "names", "kind")}
		w.equivalents.RegisterKindFor(kind.GroupVersion().WithResource(text("spec", "names", "plural")), "", kind)
		w.scopes[kind] = meta.RESTScopeNamespace
		if text("spec", "scope") == "Cluster" {
			w.scopes[kind] = meta.RESTScopeRoot
		}
	}
}

// As the plugin compiles a policy.
func compile(policy *v1.ValidatingAdmissionPolicy) (validating.Validator, error) {
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion(), true))
	if err != nil {
		return nil, err
	}
	with := cel.OptionalVariableDeclarations{HasParams: policy.Spec.ParamKind != nil, HasAuthorizer: true, StrictCost: true}
	without := cel.OptionalVariableDeclarations{HasParams: policy.Spec.ParamKind != nil, StrictCost: true}
	for _, variable := range policy.Spec.Variables {
		compiler.CompileAndStoreVariable(&validating.Variable{Name: variable.Name, Expression: variable.Expression}, with, environment.StoredExpressions)
	}
	condition := func(made []cel.ExpressionAccessor, options cel.OptionalVariableDeclarations) cel.ConditionEvaluator {
		return compiler.CompileCondition(made, options, environment.StoredExpressions)
	}
	var conditions matchconditions.Matcher
	if made := []cel.ExpressionAccessor{}; len(policy.Spec.MatchConditions) > 0 {
		for i := range policy.Spec.MatchConditions {
			made = append(made, (*matchconditions.MatchCondition)(&policy.Spec.MatchConditions[i]))
		}
		conditions = matchconditions.NewMatcher(condition(made, with), policy.Spec.FailurePolicy, "policy", "validate", policy.Name)
	}
	var validations, annotations []cel.ExpressionAccessor
	messages := make([]cel.ExpressionAccessor, len(policy.Spec.Validations))
	for i, validation := range policy.Spec.Validations {
		validations = append(validations, &validating.ValidationCondition{Expression: validation.Expression, Message: validation.Message, Reason: validation.Reason})
		if validation.MessageExpression != "" {
			messages[i] = &validating.MessageExpressionCondition{MessageExpression: validation.MessageExpression}
		}
	}
	for _, annotation := range policy.Spec.AuditAnnotations {
		annotations = append(annotations, &validating.AuditAnnotationCondition{Key: annotation.Key, ValueExpression: annotation.ValueExpression})
	}
	return validating.NewValidator(condition(validations, with), conditions, condition(annotations, with), condition(messages, without), policy.Spec.FailurePolicy), nil
}

func setDefaults(resources *v1.MatchResources) {
	if resources == nil {
		return
	}
	if resources.MatchPolicy == nil {
		equivalent := v1.Equivalent
		resources.MatchPolicy = &equivalent
	}
	if resources.NamespaceSelector == nil {
		resources.NamespaceSelector = &metav1.LabelSelector{}
	}
	if resources.ObjectSelector == nil {
		resources.ObjectSelector = &metav1.LabelSelector{}
	}
}

func (w *world) hooks(documents []json.RawMessage) ([]validating.PolicyHook, error) {
	var hooks []validating.PolicyHook
	var bindings []*v1.ValidatingAdmissionPolicyBinding
	for _, document := range documents {
		var kind metav1.TypeMeta
		if err := json.Unmarshal(document, &kind); err != nil {
			return nil, err
		}
		if kind.Kind == "ValidatingAdmissionPolicyBinding" {
			binding := &v1.ValidatingAdmissionPolicyBinding{}
			if err := json.Unmarshal(document, binding); err != nil {
				return nil, err
			}
			setDefaults(binding.Spec.MatchResources)
			bindings = append(bindings, binding)
			continue
		}
		policy := &v1.ValidatingAdmissionPolicy{}
		if err := json.Unmarshal(document, policy); err != nil {
			return nil, err
		}
		if policy.Spec.FailurePolicy == nil {
			fail := v1.Fail
			policy.Spec.FailurePolicy = &fail
		}
		setDefaults(policy.Spec.MatchConstraints)
		evaluator, err := compile(policy)
		if err != nil {
			return nil, err
		}
		hook := validating.PolicyHook{Policy: policy, Evaluator: evaluator}
		if param := policy.Spec.ParamKind; param != nil {
			kind := schema.FromAPIVersionAndKind(param.APIVersion, param.Kind)
			if hook.ParamScope = w.scopes[kind]; hook.ParamScope == nil {
				hook.ConfigurationError = fmt.Errorf("failed to find resource referenced by paramKind: '%v'", kind)
			} else {
				hook.ParamInformer = w.store(kind)
			}
		}
		hooks = append(hooks, hook)
	}
	for i := range hooks {
		for _, binding := range bindings {
			if binding.Spec.PolicyName == hooks[i].Policy.Name {
				hooks[i].Bindings = append(hooks[i].Bindings, binding)
			}
		}
	}
	return slices.DeleteFunc(hooks, func(hook validating.PolicyHook) bool { return len(hook.Bindings) == 0 }), nil
}

// Numbers that are whole are int64, as an apiserver reads them.
func object(from json.RawMessage) runtime.Object {
	var fields map[string]any
	if err := utiljson.Unmarshal(from, &fields); err != nil || fields == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: fields}
}

func judge(dispatcher generic.Dispatcher[validating.PolicyHook], w *world, hooks []validating.PolicyHook, asked review) (*verdict, error) {
	who := &user.DefaultInfo{Name: asked.UserInfo.Username, UID: asked.UserInfo.UID, Groups: asked.UserInfo.Groups, Extra: asked.UserInfo.Extra}
	attributes := &request{Attributes: admission.NewAttributesRecord(object(asked.Object), object(asked.OldObject),
		schema.GroupVersionKind(asked.RequestKind), asked.Namespace, asked.Name, schema.GroupVersionResource(asked.RequestResource),
		asked.SubResource, asked.Operation, object(asked.Options), asked.DryRun, who), annotations: map[string]string{}, warnings: []string{}}
	ctx := warning.WithWarningRecorder(context.Background(), attributes)
	err := dispatcher.Dispatch(ctx, attributes, interfaces{equivalents: w.equivalents}, hooks)
	made := &verdict{Allowed: err == nil, Warnings: attributes.warnings, Annotations: attributes.annotations}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		made.Message, made.Reason, made.Code = status.Status().Message, string(status.Status().Reason), status.Status().Code
	} else if err != nil {
		return nil, err
	}
	return made, nil
}

func run() error {
	var asked input
	decoder := json.NewDecoder(os.Stdin)
	if err := decoder.Decode(&asked); err != nil {
		return err
	}
	w, err := newWorld(asked.Facts)
	if err != nil {
		return err
	}
	hooks, err := w.hooks(asked.Policies)
	if err != nil {
		return err
	}
	matcher := generic.NewPolicyMatcher(matching.NewMatcher(listerscorev1.NewNamespaceLister(w.namespaces.indexer), client{}))
	var nobody authorizer.Authorizer = authorizer.AuthorizerFunc(func(context.Context, authorizer.Attributes) (authorizer.Decision, string, error) {
		return authorizer.DecisionNoOpinion, "", nil
	})
	dispatcher := validating.NewDispatcher(nobody, matcher)
	verdicts := []*verdict{}
	for _, one := range asked.Reviews {
		made, err := judge(dispatcher, w, hooks, one)
		if err != nil {
			return err
		}
		verdicts = append(verdicts, made)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"verdicts": verdicts})
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
