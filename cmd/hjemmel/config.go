package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

// config is what a municipality sets, in hjemmel.yaml, in the environment or
// by flags; each overrides the one before.
type config struct {
	Data            string
	Thesaurus       string
	Register        string
	Addr            string
	Hosts           []string
	EmbedOrigins    []string
	Samples         bool
	MaxUploadMB     int
	WebContact      string
	WebPause        time.Duration
	WebPrivate      bool
	Retsinformation string
	ShutdownTimeout time.Duration
	Policy          string
	Embedder        string
	LogLevel        string
	LogFormat       string
	Embed           embedSettings
	ReadOnly        bool
	Model           modelSettings
	Qdrant          qdrantSettings
	Activity        activitySettings
	Access          accessSettings
	Sources         []sourceSetting // of the file only

	flags   *pflag.FlagSet
	origins map[string]string // setting → where its value came from
}

const (
	defaultConfigFile = "hjemmel.yaml"
	envPrefix         = "HJEMMEL_"
	configFlag        = "config"
)

// newConfig declares the settings. The flag's name with "-" for "_" is the key
// in the file; in upper case after HJEMMEL_ it is the environment variable.
func newConfig() *config {
	c := &config{flags: pflag.NewFlagSet("settings", pflag.ContinueOnError), origins: map[string]string{}}
	f := c.flags
	f.StringVar(&c.Data, "data", "./data", "the data `folder`")
	f.StringVar(&c.Thesaurus, "thesaurus", "", "the municipality's own `file` of everyday words and the law's, besides the built-in one")
	f.StringVar(&c.Register, "register", "", "the municipality's own `file` of subjects and the provisions that govern them, besides the built-in one")
	f.StringVar(&c.Addr, "addr", "127.0.0.1:8080", "`address` that serve listens on")
	f.StringSliceVar(&c.Hosts, "hosts", nil, "host `names` by which browsers reach the server, besides localhost")
	f.StringSliceVar(&c.EmbedOrigins, "embed-origins", nil, "`origins` whose pages may embed <hjemmel-chat>, for example https://intranet.kommune.dk")
	f.BoolVar(&c.Samples, "samples", true, "ingest the sample documents at the first start of an empty data folder")
	f.IntVar(&c.MaxUploadMB, "max-upload-mb", 200, "largest uploaded file in `MB`")
	f.StringVar(&c.WebContact, "web-contact", "", "mail or web `address` named to the servers that documents are fetched from")
	f.DurationVar(&c.WebPause, "web-pause", 2*time.Second, "pause between two requests for documents, at least 1s")
	f.BoolVar(&c.WebPrivate, "web-private", false, "fetch documents from this machine and internal networks too")
	f.StringVar(&c.Retsinformation, "retsinformation", "https://www.retsinformation.dk", "`address` that acts are fetched from")
	f.DurationVar(&c.ShutdownTimeout, "shutdown-timeout", 20*time.Second, "how long running answers may take to finish at shutdown")
	f.StringVar(&c.Policy, "policy", "", "policy `file` in place of the built-in one")
	f.StringVar(&c.Embedder, "embedder", embedBuiltin, "`what` embeds passages and questions: builtin, a server (openai, azure, ollama), or none for search by words alone")
	c.Embed.addFlags(f)
	f.StringVar(&c.LogLevel, "log-level", "info", "`level` of the log: debug, info, warn, error")
	f.StringVar(&c.LogFormat, "log-format", "text", "`format` of the log: text, json")
	f.BoolVar(&c.ReadOnly, "read-only", false, "serve a collection that another server writes; needs vector_index qdrant")
	c.Model.addFlags(f)
	c.Qdrant.addFlags(f)
	c.Activity.addFlags(f)
	c.Access.addFlags(f)
	return c
}

// load fills in what no flag has set, from the environment and then the file.
// path is the file's name, "" for hjemmel.yaml if there is one. Every unusable
// setting is reported at once.
func (c *config) load(path string, environ []string) error {
	file, err := c.readFile(&path, environ)
	if err != nil {
		return err
	}
	env := map[string]string{}
	for _, line := range environ {
		if name, value, _ := strings.Cut(line, "="); strings.HasPrefix(name, envPrefix) {
			env[name] = value
		}
	}
	var problems []error
	known := map[string]bool{}
	c.flags.VisitAll(func(f *pflag.Flag) {
		key := strings.ReplaceAll(f.Name, "-", "_")
		known[key] = true
		name := envPrefix + strings.ToUpper(key)
		value, inFile := file[key]
		fromEnv, inEnv := env[name]
		switch {
		case f.Changed:
			c.origins[f.Name] = "flag --" + f.Name
			return
		case inEnv:
			value, c.origins[f.Name] = fromEnv, "environment "+name
		case inFile:
			c.origins[f.Name] = "file " + path
		default:
			c.origins[f.Name] = "default"
			return
		}
		if err := c.flags.Set(f.Name, value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", c.origins[f.Name], key, err))
		}
	})
	for _, key := range sortedKeys(file) {
		if !known[key] {
			problems = append(problems, fmt.Errorf("file %s: unknown setting %q: the settings are %s", path, key, strings.Join(sortedKeys(known), ", ")))
		}
	}
	return errors.Join(problems...)
}

// readFile returns the settings of the file as text, by key. A file that was
// named must exist; the default one need not.
func (c *config) readFile(path *string, environ []string) (map[string]string, error) {
	if *path == "" {
		for _, line := range environ {
			if value, ok := strings.CutPrefix(line, envPrefix+"CONFIG="); ok {
				*path = value
			}
		}
	}
	named := *path != ""
	if !named {
		*path = defaultConfigFile
	}
	data, err := os.ReadFile(*path)
	if !named && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("%s: %s", *path, yaml.FormatError(err, false, true))
	}
	if c.Sources, err = readSources(raw[sourcesKey]); err != nil {
		return nil, fmt.Errorf("%s: %w", *path, err)
	}
	delete(raw, sourcesKey)
	out := map[string]string{}
	c.flatten("", raw, out)
	return out, nil
}

// flatten writes nested keys as one: issuer below oidc below access is
// access_oidc_issuer. A setting that is a map itself stays whole, as JSON.
func (c *config) flatten(above string, values map[string]any, out map[string]string) {
	for key, value := range values {
		key = above + key
		below, nested := value.(map[string]any)
		switch {
		case !nested:
			out[key] = settingText(value)
		case c.flags.Lookup(strings.ReplaceAll(key, "_", "-")) == nil && len(below) > 0:
			c.flatten(key+"_", below, out)
		default:
			text, err := json.Marshal(below)
			if err != nil {
				text = []byte(err.Error()) // a value that JSON lacks, .inf say: no setting takes it
			}
			out[key] = string(text)
		}
	}
}

// settingText writes a YAML value as a flag takes it: lists as a line of CSV.
func settingText(value any) string {
	list, ok := value.([]any)
	if !ok {
		return fmt.Sprint(value)
	}
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = fmt.Sprint(v)
	}
	var line strings.Builder
	w := csv.NewWriter(&line)
	_ = w.Write(words) // into memory: cannot fail
	w.Flush()
	return strings.TrimSuffix(line.String(), "\n")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
