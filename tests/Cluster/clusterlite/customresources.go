package main

import (
	"context"
	"fmt"
	"net/http"
	neturl "net/url"

	noopoteltrace "go.opentelemetry.io/otel/trace/noop"
	crdv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	crdoptions "k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	openapicontroller "k8s.io/apiextensions-apiserver/pkg/controller/openapi"
	openapiv3controller "k8s.io/apiextensions-apiserver/pkg/controller/openapiv3"
	"k8s.io/apiserver/pkg/admission"
	webhookinit "k8s.io/apiserver/pkg/admission/plugin/webhook/initializer"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/util/webhook"
)

func newCustomResources(config *genericapiserver.RecommendedConfig, etcd *genericoptions.EtcdOptions) (*crdserver.CustomResourceDefinitions, error) {
	crdConfig := *config
	crdEtcd := *etcd
	crdEtcd.StorageConfig.Codec = crdserver.Codecs.LegacyCodec(crdv1.SchemeGroupVersion)
	crdEtcd.SkipHealthEndpoints = true // the built-in kinds' own say the same
	crdConfig.Config.MergedResourceConfig = crdserver.DefaultAPIResourceConfigSource()
	if err := crdEtcd.ApplyTo(&crdConfig.Config); err != nil {
		return nil, err
	}
	crdConfig.PostStartHooks = map[string]genericapiserver.PostStartHookConfigEntry{}
	return (&crdserver.Config{
		GenericConfig: &crdConfig,
		ExtraConfig: crdserver.ExtraConfig{
			CRDRESTOptionsGetter: crdoptions.NewCRDRESTOptionsGetter(crdEtcd, config.ResourceTransformers, config.StorageObjectCountTracker),
			ServiceResolver:      noServices{},
			AuthResolverWrapper:  webhookAuthentication(config),
		},
	}).Complete().New(genericapiserver.NewEmptyDelegateWithCustomHandler(notFound{}))
}

// publishSchemas adds the custom resources to the OpenAPI documents of the built-in kinds, for kubectl explain and validation.
// A real cluster's aggregator does.
func publishSchemas(ctx context.Context, server *genericapiserver.GenericAPIServer, crds *crdserver.CustomResourceDefinitions) {
	definitions := crds.Informers.Apiextensions().V1().CustomResourceDefinitions()
	go openapicontroller.NewController(definitions).Run(server.StaticOpenAPISpec, server.OpenAPIVersionedService, ctx.Done())
	go openapiv3controller.NewController(definitions).Run(server.OpenAPIV3VersionedService, ctx.Done())
}

// webhookInitializer lets admission webhooks be called by URL; there are no Services to find them by.
func webhookInitializer(config *genericapiserver.RecommendedConfig) admission.PluginInitializer {
	return webhookinit.NewPluginInitializer(webhookAuthentication(config), noServices{})
}

func webhookAuthentication(config *genericapiserver.RecommendedConfig) webhook.AuthenticationInfoResolverWrapper {
	return webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, config.LoopbackClientConfig, noopoteltrace.NewTracerProvider())
}

type noServices struct{}

func (noServices) ResolveEndpoint(namespace, name string, port int32) (*neturl.URL, error) {
	return nil, fmt.Errorf("service %s/%s: clusterlite resolves no services, give the webhook a url", namespace, name)
}

type notFound struct{}

func (notFound) ServeHTTP(w http.ResponseWriter, _ *http.Request) { http.NotFound(w, nil) }
