package qdrant

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// UnreachableError says that no Qdrant answers at an address.
type UnreachableError struct {
	Addr string
	Err  error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("qdrant at %s does not answer: %v", e.Addr, e.Err)
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// ErrRefused is wrapped where Qdrant does not accept the API key.
var ErrRefused = errors.New("qdrant refuses the API key: set qdrant_api_key to the server's")

// defaultPort is that of Qdrant's gRPC.
const defaultPort = 6334

// A server that is away is looked for about every second: it restarts within a
// few, and searches without it are worse.
const (
	maxReconnect = time.Second
	minConnect   = 3 * time.Second
)

func connect(o Options) (*api.Client, error) {
	host, port, err := splitAddr(o.Addr)
	if err != nil {
		return nil, err
	}
	config := &api.Config{
		Host: host, Port: port, APIKey: o.APIKey, UseTLS: o.TLS,
		SkipCompatibilityCheck: true, // it would only write a line to the log
		GrpcOptions: []grpc.DialOption{grpc.WithConnectParams(grpc.ConnectParams{
			Backoff: backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: maxReconnect}, MinConnectTimeout: minConnect,
		})},
	}
	if o.TLS {
		if config.TLSConfig, err = tlsConfig(o.CAFile); err != nil {
			return nil, err
		}
	}
	client, err := api.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("connecting to qdrant at %s: %w", o.Addr, err)
	}
	return client, nil
}

func splitAddr(addr string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		if host, text, err = net.SplitHostPort(addr + ":" + strconv.Itoa(defaultPort)); err != nil {
			return "", 0, fmt.Errorf("qdrant_addr %q: use host:port, for example 127.0.0.1:6334: %w", addr, err)
		}
	}
	if port, err = strconv.Atoi(text); err != nil || host == "" {
		return "", 0, fmt.Errorf("qdrant_addr %q: use host:port, for example 127.0.0.1:6334", addr)
	}
	return host, port, nil
}

func tlsConfig(caFile string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("qdrant_ca: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("qdrant_ca: %s holds no certificate in PEM", caFile)
	}
	config.RootCAs = pool
	return config, nil
}

// reach asks the server who it is: the first call of all.
func (x *Index) reach(ctx context.Context) error {
	_, err := x.client.HealthCheck(ctx)
	return x.explain(err)
}

// explain words what went wrong with a call, so that it names address and remedy.
func (x *Index) explain(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	switch code(err) {
	case codes.Unavailable:
		return &UnreachableError{x.Addr, err}
	case codes.DeadlineExceeded, codes.Canceled:
		return &UnreachableError{x.Addr, fmt.Errorf("%w: %w", context.DeadlineExceeded, err)}
	case codes.Unauthenticated, codes.PermissionDenied:
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return fmt.Errorf("qdrant at %s: %w", x.Addr, err)
}

func code(err error) codes.Code {
	if errors.Is(err, context.DeadlineExceeded) {
		return codes.DeadlineExceeded
	}
	var limited *api.QdrantResourceExhaustedError
	if errors.As(err, &limited) {
		return codes.ResourceExhausted
	}
	return status.Code(unwrapped(err))
}

// unwrapped finds the gRPC status below the client's own error.
func unwrapped(err error) error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if _, ok := e.(interface{ GRPCStatus() *status.Status }); ok {
			return e
		}
	}
	return err
}

// Writes are tried again: a server that restarts is away for a moment.
const (
	writeTries = 5
	firstPause = 200 * time.Millisecond // doubled after each: 3 s in all
)

// again calls f until it succeeds, a few times, as long as the fault may pass.
// What f writes must give the same state if it is written twice.
func (x *Index) again(ctx context.Context, f func(context.Context) error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := x.once(ctx, f)
		if err == nil || try == writeTries || ctx.Err() != nil || !passing(err) {
			return x.explain(errors.Join(ctx.Err(), err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause *= 2
	}
}

func (x *Index) once(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return f(ctx)
}

func passing(err error) bool {
	switch code(err) {
	case codes.Unavailable, codes.ResourceExhausted, codes.Aborted:
		return true
	}
	return false
}

func closing(err error, client *api.Client) error { return errors.Join(err, client.Close()) }
