package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigLayersAndOrigins(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "hjemmel.yaml", "addr: 127.0.0.1:1\ndata: ./fra-fil\nhosts: [hjemmel.lindevig.dk, intra]\nmax_upload_mb: 5\n")
	c := newConfig()
	if err := c.flags.Set("data", "./fra-flag"); err != nil {
		t.Fatal(err)
	}
	if err := c.load("", []string{"HJEMMEL_ADDR=127.0.0.1:2", "HJEMMEL_DATA=./fra-miljø", "PATH=/bin"}); err != nil {
		t.Fatal(err)
	}
	for _, check := range []struct{ name, value, origin string }{
		{"data", "./fra-flag", "flag --data"},
		{"addr", "127.0.0.1:2", "environment HJEMMEL_ADDR"},
		{"hosts", "[hjemmel.lindevig.dk,intra]", "file hjemmel.yaml"},
		{"max-upload-mb", "5", "file hjemmel.yaml"},
		{"log-level", "info", "default"},
	} {
		if v, o := c.flags.Lookup(check.name).Value.String(), c.origins[check.name]; v != check.value || o != check.origin {
			t.Errorf("%s = %s from %s, want %s from %s", check.name, v, o, check.value, check.origin)
		}
	}
}

func TestConfigErrorsNameFileAndSetting(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"adr: 127.0.0.1:1\n":        `unknown setting "adr"`,
		"max_upload_mb: mange\n":    "max_upload_mb",
		"samples: måske\naddr: x\n": "samples",
		"addr: [\n":                 "[2:1]",
	} {
		file := filepath.Join(dir, "hjemmel.yaml")
		write(t, file, text)
		err := newConfig().load(file, nil)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("%q: %v, want %q and the file's name", text, err, want)
		}
	}
	if err := newConfig().load(filepath.Join(dir, "findes-ikke.yaml"), nil); err == nil {
		t.Error("a file that was named must exist")
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
