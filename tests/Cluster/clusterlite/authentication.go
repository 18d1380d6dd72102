package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/group"
	"k8s.io/apiserver/pkg/authentication/request/anonymous"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/request/union"
	"k8s.io/apiserver/pkg/authentication/request/x509"
	"k8s.io/apiserver/pkg/authentication/serviceaccount"
	"k8s.io/apiserver/pkg/authentication/token/tokenfile"
	"k8s.io/apiserver/pkg/authentication/user"
	apirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/client-go/informers"
	corelisters "k8s.io/client-go/listers/core/v1"
)

func authenticators(o *options, serving *genericapiserver.SecureServingInfo, tokens *serviceAccountTokens) (authenticator.Request, error) {
	var all []authenticator.Request
	if o.clientCA != "" {
		ca, err := dynamiccertificates.NewDynamicCAContentFromFile("client-ca", o.clientCA)
		if err != nil {
			return nil, err
		}
		serving.ClientCA = ca
		all = append(all, x509.NewDynamic(ca.VerifyOptions, x509.CommonNameUserConversion))
	}
	all = append(all, bearertoken.New(tokens))
	if o.tokens != "" {
		static, err := tokenfile.NewCSV(o.tokens)
		if err != nil {
			return nil, err
		}
		all = append(all, bearertoken.New(static))
	}
	known := union.New(all...)
	return group.NewAuthenticatedGroupAdder(union.NewFailOnError(known, anonymous.NewAuthenticator(nil))), nil
}

// serviceAccountTokens gives out and knows again the tokens of TokenRequest: JWTs signed with HS256 by a key that
// outlives a restart. A real cluster signs them with an asymmetric key and publishes it.
type serviceAccountTokens struct {
	key      []byte
	accounts corelisters.ServiceAccountLister
}

type claims struct {
	Subject    string   `json:"sub"`
	Audiences  []string `json:"aud"`
	Issued     int64    `json:"iat"`
	Expires    int64    `json:"exp"`
	Issuer     string   `json:"iss"`
	Kubernetes bound    `json:"kubernetes.io"`
}

type bound struct {
	Namespace      string    `json:"namespace"`
	ServiceAccount reference `json:"serviceaccount"`
}

type reference struct {
	Name string `json:"name"`
	UID  string `json:"uid"`
}

const (
	issuer    = "https://kubernetes.default.svc"
	jwtHeader = `{"alg":"HS256","typ":"JWT"}`
)

func newServiceAccountTokens(folder string, shared informers.SharedInformerFactory) (*serviceAccountTokens, error) {
	path := filepath.Join(folder, "service-account.key")
	key, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key = make([]byte, 32)
		if _, err = rand.Read(key); err == nil {
			err = os.WriteFile(path, key, 0o600)
		}
	}
	return &serviceAccountTokens{key, shared.Core().V1().ServiceAccounts().Lister()}, err
}

func (t *serviceAccountTokens) sign(payload string) string {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(payload))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (t *serviceAccountTokens) issue(c claims) (string, error) {
	body, err := json.Marshal(c)
	payload := base64.RawURLEncoding.EncodeToString([]byte(jwtHeader)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return payload + "." + t.sign(payload), err
}

// AuthenticateToken has no opinion on what is not a JWT.
func (t *serviceAccountTokens) AuthenticateToken(_ context.Context, token string) (*authenticator.Response, bool, error) {
	end := strings.LastIndexByte(token, '.')
	if strings.Count(token, ".") != 2 {
		return nil, false, nil
	}
	if !hmac.Equal([]byte(t.sign(token[:end])), []byte(token[end+1:])) {
		return nil, false, errors.New("the service account token's signature is wrong")
	}
	body, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		return nil, false, err
	}
	var c claims
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, false, err
	}
	if time.Now().Unix() >= c.Expires {
		return nil, false, errors.New("the service account token has expired")
	}
	namespace, name := c.Kubernetes.Namespace, c.Kubernetes.ServiceAccount.Name
	account, err := t.accounts.ServiceAccounts(namespace).Get(name)
	if err != nil || string(account.UID) != c.Kubernetes.ServiceAccount.UID {
		return nil, false, fmt.Errorf("the token's service account %s/%s is gone", namespace, name)
	}
	return &authenticator.Response{User: &user.DefaultInfo{
		Name:   serviceaccount.MakeUsername(namespace, name),
		UID:    string(account.UID),
		Groups: serviceaccount.MakeGroupNames(namespace),
	}}, true, nil
}

// tokenREST is serviceaccounts/token.
type tokenREST struct {
	accounts rest.Getter
	tokens   *serviceAccountTokens
}

func (r *tokenREST) New() runtime.Object { return &authenticationv1.TokenRequest{} }
func (r *tokenREST) Destroy()            {}
func (r *tokenREST) GroupVersionKind(schema.GroupVersion) schema.GroupVersionKind {
	return authenticationv1.SchemeGroupVersion.WithKind("TokenRequest")
}

func (r *tokenREST) Create(ctx context.Context, name string, obj runtime.Object, validate rest.ValidateObjectFunc, _ *metav1.CreateOptions) (runtime.Object, error) {
	request := obj.(*authenticationv1.TokenRequest)
	if err := validate(ctx, obj.DeepCopyObject()); err != nil {
		return nil, err
	}
	account, err := r.accounts.Get(ctx, name, &metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	if request.Spec.ExpirationSeconds == nil {
		hour := int64(3600)
		request.Spec.ExpirationSeconds = &hour
	}
	if len(request.Spec.Audiences) == 0 {
		request.Spec.Audiences = []string{issuer}
	}
	namespace, now := apirequest.NamespaceValue(ctx), time.Now()
	expires := now.Add(time.Duration(*request.Spec.ExpirationSeconds) * time.Second)
	request.Name, request.Namespace, request.CreationTimestamp = name, namespace, metav1.NewTime(now)
	request.Status.ExpirationTimestamp = metav1.NewTime(expires)
	request.Status.Token, err = r.tokens.issue(claims{
		Subject:    serviceaccount.MakeUsername(namespace, name),
		Audiences:  request.Spec.Audiences,
		Issued:     now.Unix(),
		Expires:    expires.Unix(),
		Issuer:     issuer,
		Kubernetes: bound{namespace, reference{name, string(accessor(account).GetUID())}},
	})
	if err != nil {
		return nil, apierrors.NewInternalError(err)
	}
	return request, nil
}
