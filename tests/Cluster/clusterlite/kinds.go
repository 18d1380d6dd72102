package main

import (
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	netv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedv1 "k8s.io/api/scheduling/v1"
	metainternal "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
)

type kind struct {
	version    string
	resource   string
	object     runtime.Object
	list       runtime.Object
	namespaced bool
	shortNames []string
}

// builtIns are the kinds served, v1 of each group, with the short names that kubectl knows them by.
var builtIns = []kind{
	{"v1", "namespaces", &corev1.Namespace{}, &corev1.NamespaceList{}, false, []string{"ns"}},
	{"v1", "nodes", &corev1.Node{}, &corev1.NodeList{}, false, []string{"no"}},
	{"v1", "pods", &corev1.Pod{}, &corev1.PodList{}, true, []string{"po"}},
	{"v1", "configmaps", &corev1.ConfigMap{}, &corev1.ConfigMapList{}, true, []string{"cm"}},
	{"v1", "secrets", &corev1.Secret{}, &corev1.SecretList{}, true, nil},
	{"v1", "services", &corev1.Service{}, &corev1.ServiceList{}, true, []string{"svc"}},
	{"v1", "endpoints", &corev1.Endpoints{}, &corev1.EndpointsList{}, true, []string{"ep"}},
	{"v1", "serviceaccounts", &corev1.ServiceAccount{}, &corev1.ServiceAccountList{}, true, []string{"sa"}},
	{"v1", "persistentvolumeclaims", &corev1.PersistentVolumeClaim{}, &corev1.PersistentVolumeClaimList{}, true, []string{"pvc"}},
	{"v1", "events", &corev1.Event{}, &corev1.EventList{}, true, []string{"ev"}},
	{"events.k8s.io/v1", "events", &eventsv1.Event{}, &eventsv1.EventList{}, true, []string{"ev"}},
	{"apps/v1", "daemonsets", &appsv1.DaemonSet{}, &appsv1.DaemonSetList{}, true, []string{"ds"}},
	{"apps/v1", "deployments", &appsv1.Deployment{}, &appsv1.DeploymentList{}, true, []string{"deploy"}},
	{"apps/v1", "statefulsets", &appsv1.StatefulSet{}, &appsv1.StatefulSetList{}, true, []string{"sts"}},
	{"apps/v1", "replicasets", &appsv1.ReplicaSet{}, &appsv1.ReplicaSetList{}, true, []string{"rs"}},
	{"batch/v1", "jobs", &batchv1.Job{}, &batchv1.JobList{}, true, nil},
	{"batch/v1", "cronjobs", &batchv1.CronJob{}, &batchv1.CronJobList{}, true, []string{"cj"}},
	{"certificates.k8s.io/v1", "certificatesigningrequests", &certificatesv1.CertificateSigningRequest{}, &certificatesv1.CertificateSigningRequestList{}, false, []string{"csr"}},
	{"rbac.authorization.k8s.io/v1", "roles", &rbacv1.Role{}, &rbacv1.RoleList{}, true, nil},
	{"rbac.authorization.k8s.io/v1", "rolebindings", &rbacv1.RoleBinding{}, &rbacv1.RoleBindingList{}, true, nil},
	{"rbac.authorization.k8s.io/v1", "clusterroles", &rbacv1.ClusterRole{}, &rbacv1.ClusterRoleList{}, false, nil},
	{"rbac.authorization.k8s.io/v1", "clusterrolebindings", &rbacv1.ClusterRoleBinding{}, &rbacv1.ClusterRoleBindingList{}, false, nil},
	{"coordination.k8s.io/v1", "leases", &coordv1.Lease{}, &coordv1.LeaseList{}, true, nil},
	{"networking.k8s.io/v1", "ingresses", &netv1.Ingress{}, &netv1.IngressList{}, true, []string{"ing"}},
	{"networking.k8s.io/v1", "networkpolicies", &netv1.NetworkPolicy{}, &netv1.NetworkPolicyList{}, true, []string{"netpol"}},
	{"policy/v1", "poddisruptionbudgets", &policyv1.PodDisruptionBudget{}, &policyv1.PodDisruptionBudgetList{}, true, []string{"pdb"}},
	{"scheduling.k8s.io/v1", "priorityclasses", &schedv1.PriorityClass{}, &schedv1.PriorityClassList{}, false, []string{"pc"}},
	{"admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations", &admissionv1.MutatingWebhookConfiguration{}, &admissionv1.MutatingWebhookConfigurationList{}, false, nil},
	{"admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", &admissionv1.ValidatingWebhookConfiguration{}, &admissionv1.ValidatingWebhookConfigurationList{}, false, nil},
	{"admissionregistration.k8s.io/v1", "validatingadmissionpolicies", &admissionv1.ValidatingAdmissionPolicy{}, &admissionv1.ValidatingAdmissionPolicyList{}, false, nil},
	{"admissionregistration.k8s.io/v1", "validatingadmissionpolicybindings", &admissionv1.ValidatingAdmissionPolicyBinding{}, &admissionv1.ValidatingAdmissionPolicyBindingList{}, false, nil},
	{"admissionregistration.k8s.io/v1", "mutatingadmissionpolicies", &admissionv1.MutatingAdmissionPolicy{}, &admissionv1.MutatingAdmissionPolicyList{}, false, nil},
	{"admissionregistration.k8s.io/v1", "mutatingadmissionpolicybindings", &admissionv1.MutatingAdmissionPolicyBinding{}, &admissionv1.MutatingAdmissionPolicyBindingList{}, false, nil},
}

// unstored are kinds of requests that nothing is kept of.
var unstored = []runtime.Object{
	&authenticationv1.TokenRequest{},
	&authorizationv1.SubjectAccessReview{}, &authorizationv1.SelfSubjectAccessReview{}, &authorizationv1.LocalSubjectAccessReview{},
}

// connections are the subresources that a kubelet would answer.
var connections = []string{"pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "nodes/proxy", "services/proxy"}

var (
	scheme         = runtime.NewScheme()
	codecs         = serializer.NewCodecFactory(scheme)
	parameterCodec = runtime.NewParameterCodec(scheme)
	versions       []schema.GroupVersion
)

// The external v1 types serve as the internal version too: nothing needs converting.
func init() {
	utilruntime.Must(clientscheme.AddToScheme(scheme))
	utilruntime.Must(metainternal.AddToScheme(scheme))
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	seen := map[schema.GroupVersion]bool{}
	for _, k := range builtIns {
		v := gv(k.version)
		scheme.AddKnownTypes(schema.GroupVersion{Group: v.Group, Version: runtime.APIVersionInternal}, k.object, k.list)
		if !seen[v] {
			seen[v] = true
			versions = append(versions, v)
			utilruntime.Must(scheme.SetVersionPriority(v))
		}
	}
	for _, o := range unstored {
		external, _, err := scheme.ObjectKinds(o)
		utilruntime.Must(err)
		scheme.AddKnownTypes(schema.GroupVersion{Group: external[0].Group, Version: runtime.APIVersionInternal}, o)
	}
}

func installBuiltIns(server *genericapiserver.GenericAPIServer, getter generic.RESTOptionsGetter, tokens *serviceAccountTokens, rbac authorizer.Authorizer) error {
	storage := map[schema.GroupVersion]map[string]rest.Storage{authorizationGroup: reviews(rbac)}
	for _, k := range builtIns {
		v := gv(k.version)
		if storage[v] == nil {
			storage[v] = map[string]rest.Storage{}
		}
		store, status, err := newStores(k, getter)
		if err != nil {
			return err
		}
		storage[v][k.resource] = store
		if status != nil {
			storage[v][k.resource+"/status"] = status
		}
	}
	core := storage[gv("v1")]
	core["serviceaccounts/token"] = &tokenREST{core["serviceaccounts"].(rest.Getter), tokens}
	for _, path := range connections {
		core[path] = &connectREST{}
	}
	for _, v := range append(versions, authorizationGroup) {
		info := genericapiserver.NewDefaultAPIGroupInfo(v.Group, scheme, parameterCodec, codecs)
		info.VersionedResourcesStorageMap[v.Version] = storage[v]
		install := server.InstallAPIGroup
		if v.Group == "" {
			install = func(info *genericapiserver.APIGroupInfo) error {
				return server.InstallLegacyAPIGroup(genericapiserver.DefaultLegacyAPIPrefix, info)
			}
		}
		if err := install(&info); err != nil {
			return err
		}
	}
	return nil
}
