package main

import (
	"context"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/client-go/informers"
	rbaclisters "k8s.io/client-go/listers/rbac/v1"
)

// rbacAuthorizer decides from the Roles and bindings stored in the server itself.
// system:masters may do anything, everybody may ask what they may do; no aggregation rules, no escalation checks.
type rbacAuthorizer struct {
	roles           rbaclisters.RoleLister
	bindings        rbaclisters.RoleBindingLister
	clusterRoles    rbaclisters.ClusterRoleLister
	clusterBindings rbaclisters.ClusterRoleBindingLister
}

func newRBAC(shared informers.SharedInformerFactory) *rbacAuthorizer {
	r := shared.Rbac().V1()
	return &rbacAuthorizer{r.Roles().Lister(), r.RoleBindings().Lister(), r.ClusterRoles().Lister(), r.ClusterRoleBindings().Lister()}
}

func (a *rbacAuthorizer) Authorize(_ context.Context, at authorizer.Attributes) (authorizer.Decision, string, error) {
	u := at.GetUser()
	if u == nil {
		return authorizer.DecisionNoOpinion, "no user", nil
	}
	if slices.Contains(u.GetGroups(), user.SystemPrivilegedGroup) {
		return authorizer.DecisionAllow, "", nil
	}
	if !at.IsResourceRequest() && isPublic(at.GetPath()) {
		return authorizer.DecisionAllow, "health and discovery", nil
	}
	if u.GetName() != user.Anonymous && at.GetAPIGroup() == authorizationGroup.Group && strings.HasPrefix(at.GetResource(), "selfsubject") {
		return authorizer.DecisionAllow, "about oneself", nil
	}
	cbs, _ := a.clusterBindings.List(labels.Everything())
	for _, b := range cbs {
		if applies(b.Subjects, u, "") && a.allows(b.RoleRef, "", at) {
			return authorizer.DecisionAllow, "RBAC: allowed by ClusterRoleBinding " + b.Name, nil
		}
	}
	if ns := at.GetNamespace(); ns != "" {
		bs, _ := a.bindings.RoleBindings(ns).List(labels.Everything())
		for _, b := range bs {
			if applies(b.Subjects, u, ns) && a.allows(b.RoleRef, ns, at) {
				return authorizer.DecisionAllow, "RBAC: allowed by RoleBinding " + b.Namespace + "/" + b.Name, nil
			}
		}
	}
	return authorizer.DecisionNoOpinion, "RBAC: no rule allows it", nil
}

func isPublic(path string) bool {
	switch path {
	case "/readyz", "/livez", "/healthz", "/version", "/api", "/apis":
		return true
	}
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/apis/") || strings.HasPrefix(path, "/openapi/")
}

func applies(subjects []rbacv1.Subject, u user.Info, ns string) bool {
	for _, s := range subjects {
		switch s.Kind {
		case rbacv1.UserKind:
			if s.Name == u.GetName() {
				return true
			}
		case rbacv1.GroupKind:
			if slices.Contains(u.GetGroups(), s.Name) {
				return true
			}
		case rbacv1.ServiceAccountKind:
			n := s.Namespace
			if n == "" {
				n = ns
			}
			if u.GetName() == "system:serviceaccount:"+n+":"+s.Name {
				return true
			}
		}
	}
	return false
}

func (a *rbacAuthorizer) allows(ref rbacv1.RoleRef, ns string, at authorizer.Attributes) bool {
	var rules []rbacv1.PolicyRule
	if ref.Kind == "ClusterRole" {
		if r, err := a.clusterRoles.Get(ref.Name); err == nil {
			rules = r.Rules
		}
	} else if r, err := a.roles.Roles(ns).Get(ref.Name); err == nil {
		rules = r.Rules
	}
	for _, r := range rules {
		if !has(r.Verbs, at.GetVerb()) {
			continue
		}
		if !at.IsResourceRequest() {
			for _, p := range r.NonResourceURLs {
				if p == "*" || p == at.GetPath() || strings.HasSuffix(p, "*") && strings.HasPrefix(at.GetPath(), strings.TrimSuffix(p, "*")) {
					return true
				}
			}
			continue
		}
		res := at.GetResource()
		if at.GetSubresource() != "" {
			res += "/" + at.GetSubresource()
		}
		if has(r.APIGroups, at.GetAPIGroup()) && (has(r.Resources, res) || at.GetSubresource() != "" && slices.Contains(r.Resources, "*/"+at.GetSubresource())) &&
			(len(r.ResourceNames) == 0 || slices.Contains(r.ResourceNames, at.GetName())) {
			return true
		}
	}
	return false
}

func has(list []string, v string) bool { return slices.Contains(list, "*") || slices.Contains(list, v) }
