// Command clusterlite is a small Kubernetes API server for tests: the real API machinery
// (k8s.io/apiserver and k8s.io/apiextensions-apiserver: storage in etcd, watch, server-side
// apply, CRD validation, admission, audit backends) around the built-in kinds an operator touches.
// README.md says what is real and what is not.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/discovery/aggregated"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/klog/v2"
	netutils "k8s.io/utils/net"

	crdserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	crdopenapi "k8s.io/apiextensions-apiserver/pkg/generated/openapi"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "clusterlite:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	o, err := parseOptions()
	if err != nil {
		return err
	}
	config := genericapiserver.NewRecommendedConfig(codecs)
	if err := o.applyTo(config); err != nil {
		return err
	}
	kube, err := kubernetes.NewForConfig(config.LoopbackClientConfig)
	if err != nil {
		return err
	}
	dynamicClient, err := dynamic.NewForConfig(config.LoopbackClientConfig)
	if err != nil {
		return err
	}
	shared := informers.NewSharedInformerFactory(kube, 0)
	tokens, err := newServiceAccountTokens(o.serving.ServerCert.CertDirectory, shared)
	if err != nil {
		return err
	}
	if config.Authentication.Authenticator, err = authenticators(o, config.SecureServing, tokens); err != nil {
		return err
	}
	rbac := newRBAC(shared)
	config.Authorization.Authorizer = rbac
	if err := o.admission.ApplyTo(&config.Config, shared, kube, dynamicClient, utilfeature.DefaultFeatureGate, config.EffectiveVersion, webhookInitializer(config)); err != nil {
		return err
	}

	server, crds, err := newServer(config, o.etcd, tokens, rbac)
	if err != nil {
		return err
	}
	garbage, err := newCollector(config.LoopbackClientConfig, kube, dynamicClient)
	if err != nil {
		return err
	}
	if err := server.AddPostStartHook("clusterlite", func(hook genericapiserver.PostStartHookContext) error {
		shared.Start(hook.Done())
		if err := ensureNamespaces(hook, kube); err != nil {
			return err
		}
		go garbage.run(hook)
		publishSchemas(hook, server, crds)
		return nil
	}); err != nil {
		return err
	}
	return server.PrepareRun().RunWithContext(ctx)
}

// newServer chains the built-in kinds before the custom resources.
func newServer(config *genericapiserver.RecommendedConfig, etcd *genericoptions.EtcdOptions, tokens *serviceAccountTokens, rbac *rbacAuthorizer) (*genericapiserver.GenericAPIServer, *crdserver.CustomResourceDefinitions, error) {
	crds, err := newCustomResources(config, etcd)
	if err != nil {
		return nil, nil, fmt.Errorf("custom resources: %w", err)
	}
	server, err := config.Complete().New("clusterlite", crds.GenericAPIServer)
	if err != nil {
		return nil, nil, err
	}
	return server, crds, installBuiltIns(server, config.RESTOptionsGetter, tokens, rbac)
}

type options struct {
	serving   *genericoptions.SecureServingOptionsWithLoopback
	etcd      *genericoptions.EtcdOptions
	audit     *genericoptions.AuditOptions
	admission *genericoptions.AdmissionOptions
	universal *genericoptions.ServerRunOptions
	tokens    string
	clientCA  string
}

func parseOptions() (*options, error) {
	o := &options{
		serving:   genericoptions.NewSecureServingOptions().WithLoopback(),
		etcd:      genericoptions.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", nil)),
		audit:     genericoptions.NewAuditOptions(),
		admission: genericoptions.NewAdmissionOptions(),
		universal: genericoptions.NewServerRunOptions(),
	}
	o.serving.BindAddress = netutils.ParseIPSloppy("127.0.0.1")
	fs := pflag.NewFlagSet("clusterlite", pflag.ExitOnError)
	o.serving.AddFlags(fs)
	o.etcd.AddFlags(fs)
	o.audit.AddFlags(fs)
	o.admission.AddFlags(fs)
	fs.StringVar(&o.tokens, "token-auth-file", "", "CSV of token,user,uid,\"group1,group2\"")
	fs.StringVar(&o.clientCA, "client-ca-file", "", "PEM of the CA of client certificates: CN is the user, O the groups")
	gofs := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(gofs)
	fs.AddGoFlagSet(gofs)
	if err := fs.Parse(os.Args[1:]); err != nil {
		return nil, err
	}
	if err := o.universal.Complete(); err != nil {
		return nil, err
	}
	return o, o.serving.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{netutils.ParseIPSloppy("127.0.0.1")})
}

func (o *options) applyTo(config *genericapiserver.RecommendedConfig) error {
	o.etcd.StorageConfig.Codec = codecs.LegacyCodec(versions...)
	o.etcd.SkipHealthEndpoints = false
	if err := o.universal.ApplyTo(&config.Config); err != nil {
		return err
	}
	if err := o.serving.ApplyTo(&config.SecureServing, &config.LoopbackClientConfig); err != nil {
		return err
	}
	if err := o.etcd.ApplyTo(&config.Config); err != nil {
		return err
	}
	if err := o.audit.ApplyTo(&config.Config); err != nil {
		return err
	}
	// The server's own informers and collector ask as fast as a test needs them to.
	config.LoopbackClientConfig.QPS, config.LoopbackClientConfig.Burst = 1000, 2000
	definitions := openAPIDefinitions(crdopenapi.GetOpenAPIDefinitions)
	namer := openapinamer.NewDefinitionNamer(scheme, crdserver.Scheme)
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(definitions, namer)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, namer)
	config.LongRunningFunc = longRunning
	config.AggregatedDiscoveryGroupManager = aggregated.NewResourceManager("apis") // shared with the custom resources
	config.ExternalAddress = fmt.Sprintf("127.0.0.1:%d", o.serving.BindPort)
	return nil
}

func gv(s string) schema.GroupVersion {
	v, err := schema.ParseGroupVersion(s)
	if err != nil {
		panic(err)
	}
	return v
}
