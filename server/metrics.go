package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/hjemmel/hjemmel/server/api"
)

// metrics are what /metrics shows; each server has its own registry.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	answers  *prometheus.HistogramVec
	ingested *prometheus.CounterVec
}

func newMetrics(library api.Library) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hjemmel_http_request_seconds", Help: "Time to answer HTTP requests.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8)}, []string{"route", "method", "status"}),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hjemmel_answer_seconds", Help: "Time to answer questions, by outcome.",
			Buckets: prometheus.ExponentialBuckets(0.004, 2, 12)}, []string{"outcome"}),
		ingested: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hjemmel_uploaded_files_total", Help: "Uploaded files by what became of them."}, []string{"status"}),
	}
	m.registry.MustRegister(m.requests, m.answers, m.ingested, collectors.NewGoCollector(), &collection{library})
	return m
}

// Answered and Ingested make metrics the API's observer.
func (m *metrics) Answered(outcome string, took time.Duration) {
	m.answers.WithLabelValues(outcome).Observe(took.Seconds())
}

func (m *metrics) Ingested(status string) { m.ingested.WithLabelValues(status).Inc() }

// collection shows the library's size, read when /metrics is.
type collection struct{ library api.Library }

var (
	documentsDesc = prometheus.NewDesc("hjemmel_documents", "Documents in the collection.", nil, nil)
	sectionsDesc  = prometheus.NewDesc("hjemmel_sections", "Sections in the collection.", nil, nil)
	passagesDesc  = prometheus.NewDesc("hjemmel_passages", "Passages in the collection.", nil, nil)
	indexingDesc  = prometheus.NewDesc("hjemmel_indexing", "1 while the index catches up with the store.", nil, nil)
)

func (c *collection) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{documentsDesc, sectionsDesc, passagesDesc, indexingDesc} {
		ch <- d
	}
}

func (c *collection) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	stats, err := c.library.Stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(documentsDesc, err)
		return
	}
	indexing := 0
	if stats.Indexing {
		indexing = 1
	}
	for desc, n := range map[*prometheus.Desc]int{documentsDesc: stats.Documents, sectionsDesc: stats.Sections, passagesDesc: stats.Passages, indexingDesc: indexing} {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
}
