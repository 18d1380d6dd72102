package main

import (
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// openAPIDefinitions adds a permissive schema for every built-in type, so server-side apply
// merges maps field by field and treats lists as atomic.
func openAPIDefinitions(base common.GetOpenAPIDefinitions) common.GetOpenAPIDefinitions {
	return func(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
		defs := base(ref)
		for _, o := range served() {
			t := reflect.TypeOf(o).Elem()
			s := spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}}}
			s.AddExtension("x-kubernetes-preserve-unknown-fields", true)
			def := common.OpenAPIDefinition{Schema: s}
			defs[t.PkgPath()+"."+t.Name()] = def
			if n, ok := o.(interface{ OpenAPIModelName() string }); ok {
				defs[n.OpenAPIModelName()] = def
			}
		}
		return defs
	}
}

func served() []runtime.Object {
	all := append([]runtime.Object{}, unstored...)
	for _, k := range builtIns {
		all = append(all, k.object, k.list)
	}
	return all
}
