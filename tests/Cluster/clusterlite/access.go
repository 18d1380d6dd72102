package main

import (
	"context"
	"fmt"
	"net/http"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	apirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
)

// review is one of the kinds of authorization.k8s.io that are asked and not kept.
type review struct {
	kind       string
	object     runtime.Object
	namespaced bool
	rbac       authorizer.Authorizer
}

func (r *review) New() runtime.Object     { return r.object.DeepCopyObject() }
func (r *review) Destroy()                {}
func (r *review) NamespaceScoped() bool   { return r.namespaced }
func (r *review) GetSingularName() string { return r.kind }

func (r *review) Create(ctx context.Context, obj runtime.Object, _ rest.ValidateObjectFunc, _ *metav1.CreateOptions) (runtime.Object, error) {
	switch asked := obj.(type) {
	case *authorizationv1.SubjectAccessReview:
		asked.Status = r.decide(ctx, subject(asked.Spec), asked.Spec.ResourceAttributes, asked.Spec.NonResourceAttributes)
	case *authorizationv1.LocalSubjectAccessReview:
		asked.Status = r.decide(ctx, subject(asked.Spec), asked.Spec.ResourceAttributes, asked.Spec.NonResourceAttributes)
	case *authorizationv1.SelfSubjectAccessReview:
		self, ok := apirequest.UserFrom(ctx)
		if !ok {
			return nil, apierrors.NewBadRequest("no user")
		}
		asked.Status = r.decide(ctx, self, asked.Spec.ResourceAttributes, asked.Spec.NonResourceAttributes)
	}
	return obj, nil
}

func subject(spec authorizationv1.SubjectAccessReviewSpec) user.Info {
	return &user.DefaultInfo{Name: spec.User, UID: spec.UID, Groups: spec.Groups}
}

func (r *review) decide(ctx context.Context, who user.Info, resource *authorizationv1.ResourceAttributes, path *authorizationv1.NonResourceAttributes) authorizationv1.SubjectAccessReviewStatus {
	at := authorizer.AttributesRecord{User: who}
	if resource != nil {
		at.Verb, at.Namespace, at.APIGroup, at.APIVersion = resource.Verb, resource.Namespace, resource.Group, resource.Version
		at.Resource, at.Subresource, at.Name, at.ResourceRequest = resource.Resource, resource.Subresource, resource.Name, true
	} else if path != nil {
		at.Verb, at.Path = path.Verb, path.Path
	}
	decision, reason, err := r.rbac.Authorize(ctx, at)
	status := authorizationv1.SubjectAccessReviewStatus{Allowed: decision == authorizer.DecisionAllow, Reason: reason}
	if err != nil {
		status.EvaluationError = err.Error()
	}
	return status
}

// connectREST is a subresource that a kubelet would serve, such as pods/exec: it is authorised and audited, and then refused.
type connectREST struct{}

func (r *connectREST) New() runtime.Object { return &corev1.Pod{} }
func (r *connectREST) Destroy()            {}
func (r *connectREST) ConnectMethods() []string {
	return []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch}
}
func (r *connectREST) NewConnectOptions() (runtime.Object, bool, string) {
	return nil, false, ""
}

func (r *connectREST) Connect(_ context.Context, name string, _ runtime.Object, responder rest.Responder) (http.Handler, error) {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		responder.Error(&apierrors.StatusError{ErrStatus: metav1.Status{
			Status: metav1.StatusFailure, Code: http.StatusNotImplemented, Reason: "NotImplemented",
			Message: fmt.Sprintf("clusterlite has no kubelet to connect %s to", name),
		}})
	}), nil
}

var authorizationGroup = schema.GroupVersion{Group: "authorization.k8s.io", Version: "v1"}

func reviews(rbac authorizer.Authorizer) map[string]rest.Storage {
	return map[string]rest.Storage{
		"subjectaccessreviews":      &review{"subjectaccessreview", &authorizationv1.SubjectAccessReview{}, false, rbac},
		"selfsubjectaccessreviews":  &review{"selfsubjectaccessreview", &authorizationv1.SelfSubjectAccessReview{}, false, rbac},
		"localsubjectaccessreviews": &review{"localsubjectaccessreview", &authorizationv1.LocalSubjectAccessReview{}, true, rbac},
	}
}
