package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
)

// durations are the buckets in seconds: an extractive answer takes milliseconds,
// one that a model words takes seconds to minutes.
var durations = []float64{0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120}

// metrics counts what the server does. It is the API's observer.
type metrics struct {
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	answers  *prometheus.CounterVec
	answer   *prometheus.HistogramVec
	uploads  *prometheus.CounterVec
	activity *prometheus.CounterVec
}

func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// newMetrics registers the server's metrics and, read when they are asked for,
// the sizes of the library.
func newMetrics(r prometheus.Registerer, library Library, build prometheus.Collector) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hjemmel_" + name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hjemmel_" + name, Help: help, Buckets: durations}, labels)
	}
	m := &metrics{
		requests: counter("http_requests_total", "HTTP requests by route, method and status.", "route", "method", "status"),
		latency:  histogram("http_request_duration_seconds", "Time from a request's header to the end of its reply.", "route", "method"),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "hjemmel_http_requests_in_flight", Help: "HTTP requests being answered."}),
		answers:  counter("answers_total", "Questions by what became of them.", "outcome"),
		answer:   histogram("answer_duration_seconds", "Time to a whole answer, waiting included.", "outcome"),
		uploads:  counter("ingest_files_total", "Uploaded files by what became of them.", "status"),
		activity: counter("activity_failures_total", "What could not be recorded.", "part"),
	}
	for _, outcome := range []string{api.OutcomeAnswered, api.OutcomeNoSource, api.OutcomeRefused, api.OutcomeFailed} {
		m.answers.WithLabelValues(outcome) // present from the start, at 0
	}
	for _, part := range []string{activity.PartAudit, activity.PartConversation} {
		m.activity.WithLabelValues(part)
	}
	var err error
	for _, c := range []prometheus.Collector{m.requests, m.latency, m.inFlight, m.answers, m.answer, m.uploads, m.activity, libraryCollector{library}, build} {
		err = errors.Join(err, r.Register(c))
	}
	return m, err
}

// buildInfo tells which program runs, on which instructions.
func buildInfo(cfg *Config) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hjemmel_build_info", Help: "1; the labels tell the version and the instructions that the built-in model uses.",
		ConstLabels: prometheus.Labels{"version": cfg.Version, "kernels": cfg.Kernels},
	}, func() float64 { return 1 })
}

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	method = knownMethod(method)
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route, method).Observe(took.Seconds())
}

// Answered counts a question.
func (m *metrics) Answered(outcome string, took time.Duration) {
	m.answers.WithLabelValues(outcome).Inc()
	m.answer.WithLabelValues(outcome).Observe(took.Seconds())
}

// Uploaded counts a file.
func (m *metrics) Uploaded(status string) { m.uploads.WithLabelValues(status).Inc() }

// activityFailed counts a record that could not be stored.
func (m *metrics) activityFailed(part string) { m.activity.WithLabelValues(part).Inc() }

// knownMethod bounds how many methods a client can make us count.
func knownMethod(method string) string {
	known := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}
	if slices.Contains(known, method) {
		return method
	}
	return "other"
}

// libraryCollector shows the sizes of the library as gauges.
type libraryCollector struct{ library Library }

var (
	documentsDesc = prometheus.NewDesc("hjemmel_documents", "Documents in the collection.", nil, nil)
	sectionsDesc  = prometheus.NewDesc("hjemmel_sections", "Sections in the collection.", nil, nil)
	passagesDesc  = prometheus.NewDesc("hjemmel_passages", "Passages in the collection.", nil, nil)
	samplesDesc   = prometheus.NewDesc("hjemmel_sample_documents", "Documents that are examples.", nil, nil)
	vectorsDesc   = prometheus.NewDesc("hjemmel_vectors_done", "Passages that have a vector.", nil, nil)
	vectorAllDesc = prometheus.NewDesc("hjemmel_vectors_total", "Passages that should have a vector; 0 without a model.", nil, nil)
	indexingDesc  = prometheus.NewDesc("hjemmel_indexing", "1 while the index lags behind the store.", nil, nil)
)

// Describe implements prometheus.Collector.
func (libraryCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{documentsDesc, sectionsDesc, passagesDesc, samplesDesc, vectorsDesc, vectorAllDesc, indexingDesc} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c libraryCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), statsTimeout)
	defer cancel()
	stats, err := c.library.Stats(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(documentsDesc, err)
		return
	}
	gauge := func(d *prometheus.Desc, value int) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value))
	}
	gauge(documentsDesc, stats.Documents)
	gauge(sectionsDesc, stats.Sections)
	gauge(passagesDesc, stats.Passages)
	gauge(samplesDesc, stats.Samples)
	gauge(vectorsDesc, stats.Vectors.Done)
	gauge(vectorAllDesc, stats.Vectors.Total)
	indexing := 0
	if stats.Indexing {
		indexing = 1
	}
	gauge(indexingDesc, indexing)
}
