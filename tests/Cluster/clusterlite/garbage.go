package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

// collector does what kube-controller-manager does with owner references, with the finalizers of foreground and
// orphaning deletion, and with deleted namespaces. It looks at everything again whenever anything changes.
type collector struct {
	kube        kubernetes.Interface
	metadata    metadata.Interface
	definitions cache.SharedIndexInformer
	watched     map[schema.GroupVersionResource]*watched
	changed     chan struct{}
}

type watched struct {
	resource   schema.GroupVersionResource
	kind       schema.GroupKind
	namespaced bool
	informer   cache.SharedIndexInformer
	stop       chan struct{}
}

type item struct {
	*metav1.PartialObjectMetadata
	of *watched
}

const retryAfter = 200 * time.Millisecond

func newCollector(config *rest.Config, kube kubernetes.Interface, objects dynamic.Interface) (*collector, error) {
	client, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	crd := schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
	definitions := dynamicinformer.NewFilteredDynamicInformer(objects, crd, "", 0, cache.Indexers{}, nil).Informer()
	return &collector{kube, client, definitions, map[schema.GroupVersionResource]*watched{}, make(chan struct{}, 1)}, nil
}

func (c *collector) run(ctx context.Context) {
	for _, k := range builtIns {
		kinds, _, err := scheme.ObjectKinds(k.object)
		if err != nil {
			klog.ErrorS(err, "collector", "resource", k.resource)
			continue
		}
		c.watch(gv(k.version).WithResource(k.resource), kinds[0].Kind, k.namespaced)
	}
	c.notify(c.definitions)
	go c.definitions.Run(ctx.Done())
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.changed:
			time.Sleep(20 * time.Millisecond) // a burst of changes is one look
		}
		c.followDefinitions()
		if err := c.sweep(ctx); err != nil && ctx.Err() == nil {
			klog.V(2).InfoS("collector tries again", "error", err)
			time.AfterFunc(retryAfter, c.wake)
		}
	}
}

func (c *collector) wake() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

func (c *collector) notify(informer cache.SharedIndexInformer) {
	_, _ = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { c.wake() },
		UpdateFunc: func(any, any) { c.wake() },
		DeleteFunc: func(any) { c.wake() },
	})
}

func (c *collector) watch(resource schema.GroupVersionResource, kind string, namespaced bool) {
	if c.watched[resource] != nil {
		return
	}
	informer := metadatainformer.NewFilteredMetadataInformer(c.metadata, resource, "", 0, cache.Indexers{}, nil).Informer()
	w := &watched{resource, schema.GroupKind{Group: resource.Group, Kind: kind}, namespaced, informer, make(chan struct{})}
	c.watched[resource] = w
	c.notify(informer)
	go informer.Run(w.stop)
}

// followDefinitions watches the custom resources that there are now, and no longer those that went.
func (c *collector) followDefinitions() {
	there := map[schema.GroupVersionResource]bool{}
	for _, k := range builtIns {
		there[gv(k.version).WithResource(k.resource)] = true
	}
	for _, o := range c.definitions.GetStore().List() {
		definition := o.(*unstructured.Unstructured)
		resource, kind, namespaced, established := describe(definition)
		if established {
			there[resource] = true
			c.watch(resource, kind, namespaced)
		}
	}
	for resource, w := range c.watched {
		if !there[resource] {
			close(w.stop)
			delete(c.watched, resource)
		}
	}
}

func describe(definition *unstructured.Unstructured) (resource schema.GroupVersionResource, kind string, namespaced, established bool) {
	resource.Group, _, _ = unstructured.NestedString(definition.Object, "spec", "group")
	resource.Resource, _, _ = unstructured.NestedString(definition.Object, "spec", "names", "plural")
	kind, _, _ = unstructured.NestedString(definition.Object, "spec", "names", "kind")
	scope, _, _ := unstructured.NestedString(definition.Object, "spec", "scope")
	versions, _, _ := unstructured.NestedSlice(definition.Object, "spec", "versions")
	for _, v := range versions {
		if version := v.(map[string]any); version["storage"] == true {
			resource.Version = version["name"].(string)
		}
	}
	conditions, _, _ := unstructured.NestedSlice(definition.Object, "status", "conditions")
	for _, o := range conditions {
		condition := o.(map[string]any)
		established = established || condition["type"] == "Established" && condition["status"] == "True"
	}
	return resource, kind, scope == "Namespaced", established && definition.GetDeletionTimestamp() == nil
}

func (c *collector) sweep(ctx context.Context) (err error) {
	var all []item
	present := map[types.UID]bool{}
	for _, w := range c.watched {
		for _, o := range w.informer.GetStore().List() {
			one := item{o.(*metav1.PartialObjectMetadata), w}
			all = append(all, one)
			present[one.UID] = true
		}
	}
	for _, one := range all {
		var failed error
		switch {
		case one.DeletionTimestamp == nil:
			failed = c.collect(ctx, one, present)
		case one.of.resource == gv("v1").WithResource("namespaces"):
			failed = c.empty(ctx, one, all)
		case slices.Contains(one.Finalizers, metav1.FinalizerOrphanDependents):
			failed = c.orphan(ctx, one, all)
		case slices.Contains(one.Finalizers, metav1.FinalizerDeleteDependents):
			failed = c.deleteDependents(ctx, one, all)
		}
		if failed != nil && !errors.IsNotFound(failed) {
			err = failed
		}
	}
	return err
}

// collect deletes what has owners of which none is there.
func (c *collector) collect(ctx context.Context, one item, present map[types.UID]bool) error {
	if len(one.OwnerReferences) == 0 {
		return nil
	}
	for _, owner := range one.OwnerReferences {
		if present[owner.UID] {
			return nil
		}
		// The copy may be behind: only the server says that the owner is gone.
		if gone, err := c.gone(ctx, one, owner); err != nil || !gone {
			return err
		}
	}
	return c.delete(ctx, one, metav1.DeletePropagationBackground)
}

func (c *collector) gone(ctx context.Context, one item, owner metav1.OwnerReference) (bool, error) {
	group, err := schema.ParseGroupVersion(owner.APIVersion)
	if err != nil {
		return false, err
	}
	for _, w := range c.watched {
		if w.kind != (schema.GroupKind{Group: group.Group, Kind: owner.Kind}) {
			continue
		}
		namespace := ""
		if w.namespaced {
			namespace = one.Namespace
		}
		found, err := c.metadata.Resource(w.resource).Namespace(namespace).Get(ctx, owner.Name, metav1.GetOptions{})
		if errors.IsNotFound(err) {
			return true, nil
		}
		return err == nil && found.UID != owner.UID, err
	}
	return false, nil // a kind that is not served says nothing about its objects
}

func (c *collector) delete(ctx context.Context, one item, how metav1.DeletionPropagation) error {
	return c.metadata.Resource(one.of.resource).Namespace(one.Namespace).Delete(ctx, one.Name, metav1.DeleteOptions{
		Preconditions:     &metav1.Preconditions{UID: &one.UID},
		PropagationPolicy: &how,
	})
}

func (c *collector) deleteDependents(ctx context.Context, owner item, all []item) error {
	waiting := false
	for _, one := range all {
		reference := ownedBy(one, owner)
		if reference == nil {
			continue
		}
		waiting = waiting || reference.BlockOwnerDeletion != nil && *reference.BlockOwnerDeletion
		if one.DeletionTimestamp == nil {
			if err := c.delete(ctx, one, metav1.DeletePropagationForeground); err != nil && !errors.IsNotFound(err) {
				return err
			}
		}
	}
	if waiting {
		return nil
	}
	return c.removeFinalizer(ctx, owner, metav1.FinalizerDeleteDependents)
}

func (c *collector) orphan(ctx context.Context, owner item, all []item) error {
	for _, one := range all {
		if ownedBy(one, owner) == nil {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(one.OwnerReferences), func(r metav1.OwnerReference) bool { return r.UID == owner.UID })
		if err := c.patch(ctx, one, map[string]any{"ownerReferences": left}); err != nil {
			return err
		}
	}
	return c.removeFinalizer(ctx, owner, metav1.FinalizerOrphanDependents)
}

func ownedBy(one, owner item) *metav1.OwnerReference {
	for at := range one.OwnerReferences {
		if one.OwnerReferences[at].UID == owner.UID {
			return &one.OwnerReferences[at]
		}
	}
	return nil
}

// empty deletes what a terminating namespace holds, and lets it go when nothing is left.
func (c *collector) empty(ctx context.Context, namespace item, all []item) error {
	if !slices.Contains(namespace.Finalizers, namespaceFinalizer) {
		return nil
	}
	if err := c.terminate(ctx, namespace.Name); err != nil {
		return err
	}
	for _, one := range all {
		if one.Namespace == namespace.Name && one.DeletionTimestamp == nil {
			if err := c.delete(ctx, one, metav1.DeletePropagationBackground); err != nil && !errors.IsNotFound(err) {
				return err
			}
		}
	}
	for _, w := range c.watched {
		if !w.namespaced {
			continue
		}
		left, err := c.metadata.Resource(w.resource).Namespace(namespace.Name).List(ctx, metav1.ListOptions{Limit: 1})
		if err != nil || len(left.Items) > 0 {
			return err
		}
	}
	return c.removeFinalizer(ctx, namespace, namespaceFinalizer)
}

func (c *collector) terminate(ctx context.Context, name string) error {
	namespace, err := c.kube.CoreV1().Namespaces().Get(ctx, name, metav1.GetOptions{})
	if err != nil || namespace.Status.Phase == corev1.NamespaceTerminating {
		return err
	}
	namespace.Status.Phase = corev1.NamespaceTerminating
	_, err = c.kube.CoreV1().Namespaces().UpdateStatus(ctx, namespace, metav1.UpdateOptions{})
	return err
}

func (c *collector) removeFinalizer(ctx context.Context, one item, finalizer string) error {
	left := slices.DeleteFunc(slices.Clone(one.Finalizers), func(f string) bool { return f == finalizer })
	return c.patch(ctx, one, map[string]any{"finalizers": left})
}

// patch changes metadata, unless somebody else did since it was seen: then what it saw is looked at again.
func (c *collector) patch(ctx context.Context, one item, change map[string]any) error {
	change["resourceVersion"], change["uid"] = one.ResourceVersion, one.UID
	body, err := json.Marshal(map[string]any{"metadata": change})
	if err != nil {
		return err
	}
	_, err = c.metadata.Resource(one.of.resource).Namespace(one.Namespace).Patch(ctx, one.Name, types.MergePatchType, body, metav1.PatchOptions{})
	return err
}

// ensureNamespaces makes those that every cluster has.
func ensureNamespaces(ctx context.Context, kube kubernetes.Interface) error {
	for _, name := range []string{"default", "kube-system", "kube-public", "kube-node-lease"} {
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		if _, err := kube.CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{}); err != nil && !errors.IsAlreadyExists(err) {
			return err
		}
	}
	return nil
}
