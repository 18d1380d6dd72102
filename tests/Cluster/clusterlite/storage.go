package main

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
	apirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	genericfilters "k8s.io/apiserver/pkg/server/filters"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/names"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// resourceREST is a stored kind as kubectl knows it.
type resourceREST struct {
	*registry.Store
	shortNames []string
}

func (r *resourceREST) ShortNames() []string { return r.shortNames }

func newStores(k kind, getter generic.RESTOptionsGetter) (*resourceREST, *statusREST, error) {
	typ, listTyp := reflect.TypeOf(k.object).Elem(), reflect.TypeOf(k.list).Elem()
	resource := schema.GroupResource{Group: gv(k.version).Group, Resource: k.resource}
	s := strategy{ObjectTyper: scheme, NameGenerator: names.SimpleNameGenerator, namespaced: k.namespaced}
	store := &registry.Store{
		NewFunc:     func() runtime.Object { return reflect.New(typ).Interface().(runtime.Object) },
		NewListFunc: func() runtime.Object { return reflect.New(listTyp).Interface().(runtime.Object) },
		PredicateFunc: func(l labels.Selector, f fields.Selector) storage.SelectionPredicate {
			return storage.SelectionPredicate{Label: l, Field: f, GetAttrs: attrs}
		},
		DefaultQualifiedResource:  resource,
		SingularQualifiedResource: schema.GroupResource{Group: resource.Group, Resource: strings.ToLower(typ.Name())},
		CreateStrategy:            s,
		UpdateStrategy:            s,
		DeleteStrategy:            s,
		ResetFieldsStrategy:       s,
		TableConvertor:            rest.NewDefaultTableConvertor(resource),
	}
	if err := store.CompleteWithOptions(&generic.StoreOptions{RESTOptions: getter, AttrFunc: attrs}); err != nil {
		return nil, nil, err
	}
	if _, has := typ.FieldByName("Status"); !has {
		return &resourceREST{store, k.shortNames}, nil, nil
	}
	copied := *store
	statusStrategy := s
	statusStrategy.status = true
	copied.UpdateStrategy, copied.ResetFieldsStrategy = statusStrategy, statusStrategy
	return &resourceREST{store, k.shortNames}, &statusREST{&copied}, nil
}

func attrs(obj runtime.Object) (labels.Set, fields.Set, error) {
	m, err := meta.Accessor(obj)
	if err != nil {
		return nil, nil, err
	}
	return labels.Set(m.GetLabels()), fields.Set{"metadata.name": m.GetName(), "metadata.namespace": m.GetNamespace()}, nil
}

// strategy gives every kind the usual spec, status and generation rules; it validates metadata only.
type strategy struct {
	runtime.ObjectTyper
	names.NameGenerator
	namespaced, status bool
}

// namespaceFinalizer keeps a deleted namespace until the collector has emptied it; a real server keeps it in spec.finalizers.
const namespaceFinalizer = "kubernetes"

func (s strategy) NamespaceScoped() bool                                            { return s.namespaced }
func (s strategy) AllowCreateOnUpdate() bool                                        { return false }
func (s strategy) AllowUnconditionalUpdate() bool                                   { return true }
func (s strategy) Canonicalize(runtime.Object)                                      {}
func (s strategy) Validate(context.Context, runtime.Object) field.ErrorList         { return nil }
func (s strategy) WarningsOnCreate(context.Context, runtime.Object) []string        { return nil }
func (s strategy) WarningsOnUpdate(_ context.Context, _, _ runtime.Object) []string { return nil }
func (s strategy) ValidateUpdate(_ context.Context, _, _ runtime.Object) field.ErrorList {
	return nil
}

func (s strategy) PrepareForCreate(_ context.Context, obj runtime.Object) {
	if st := part(obj, "Status"); st.IsValid() {
		st.SetZero()
	}
	if ns, is := obj.(*corev1.Namespace); is {
		ns.Status.Phase = corev1.NamespaceActive
		if !slices.Contains(ns.Finalizers, namespaceFinalizer) {
			ns.Finalizers = append(ns.Finalizers, namespaceFinalizer)
		}
	}
	if secret, is := obj.(*corev1.Secret); is {
		mergeStringData(secret)
	}
	if part(obj, "Spec").IsValid() {
		accessor(obj).SetGeneration(1)
	}
}

func (s strategy) PrepareForUpdate(_ context.Context, obj, old runtime.Object) {
	if secret, is := obj.(*corev1.Secret); is {
		mergeStringData(secret)
	}
	if s.status {
		if sp := part(obj, "Spec"); sp.IsValid() {
			sp.Set(part(old, "Spec"))
		}
		m, o := accessor(obj), accessor(old)
		m.SetLabels(o.GetLabels())
		m.SetAnnotations(o.GetAnnotations())
		m.SetFinalizers(o.GetFinalizers())
		m.SetGeneration(o.GetGeneration())
		return
	}
	if st := part(obj, "Status"); st.IsValid() {
		st.Set(part(old, "Status"))
	}
	if sp := part(obj, "Spec"); sp.IsValid() {
		g := accessor(old).GetGeneration()
		if !reflect.DeepEqual(sp.Interface(), part(old, "Spec").Interface()) {
			g++
		}
		accessor(obj).SetGeneration(g)
	}
}

func (s strategy) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set { return nil }

// A real server does this when it converts a Secret to its internal version.
func mergeStringData(secret *corev1.Secret) {
	for key, value := range secret.StringData {
		if secret.Data == nil {
			secret.Data = map[string][]byte{}
		}
		secret.Data[key] = []byte(value)
	}
	secret.StringData = nil
}

func part(obj runtime.Object, name string) reflect.Value {
	return reflect.ValueOf(obj).Elem().FieldByName(name)
}

func accessor(obj runtime.Object) metav1.Object {
	m, err := meta.Accessor(obj)
	utilruntime.Must(err)
	return m
}

type statusREST struct{ store *registry.Store }

func (r *statusREST) New() runtime.Object { return r.store.New() }
func (r *statusREST) Destroy()            {}
func (r *statusREST) Get(ctx context.Context, name string, o *metav1.GetOptions) (runtime.Object, error) {
	return r.store.Get(ctx, name, o)
}
func (r *statusREST) Update(ctx context.Context, name string, info rest.UpdatedObjectInfo, cv rest.ValidateObjectFunc, uv rest.ValidateObjectUpdateFunc, _ bool, o *metav1.UpdateOptions) (runtime.Object, bool, error) {
	return r.store.Update(ctx, name, info, cv, uv, false, o)
}
func (r *statusREST) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set { return nil }
func (r *statusREST) ConvertToTable(ctx context.Context, o, t runtime.Object) (*metav1.Table, error) {
	return r.store.ConvertToTable(ctx, o, t)
}

func longRunning(r *http.Request, info *apirequest.RequestInfo) bool {
	return genericfilters.BasicLongRunningRequestCheck(sets.NewString("watch", "proxy"), sets.NewString("attach", "exec", "proxy", "log", "portforward"))(r, info)
}
