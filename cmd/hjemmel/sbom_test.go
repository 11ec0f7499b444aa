package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "renew licenses.tsv from the module cache")

// allowed are licences under which the program may be handed on as it is: those
// that ask for their text to be kept, and no more; and MPL-2.0, which asks for
// the source of changed files.
var allowed = []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "MPL-2.0", "Unlicense", "CC0-1.0"}

// linked lists the modules that the program is linked from, with their folders.
func linked(t *testing.T) map[string]string {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go tool: the modules cannot be listed")
	}
	cmd := exec.Command(goTool, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off")
	cmd.Dir = filepath.Join(repository, "cmd", "hjemmel")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("the modules cannot be listed without the network: %v %s", err, errs.String())
	}
	modules := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			modules[path] = dir
		}
	}
	return modules
}

var licenseFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)(\.(md|txt|mit|apache))?$`)

// licenseOf recognises the licence text in a module's folder.
func licenseOf(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if !licenseFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		if spdx := recognise(strings.Join(strings.Fields(string(text)), " ")); spdx != "" {
			return spdx
		}
	}
	return ""
}

func recognise(text string) string {
	has := func(s string) bool { return strings.Contains(text, s) }
	switch {
	case has("Apache License") && has("Version 2.0"):
		return "Apache-2.0"
	case has("Mozilla Public License") && has("2.0"):
		return "MPL-2.0"
	case has("Redistribution and use in source and binary forms"):
		if has("Neither the name") || has("may not be used to endorse") || has("names of its contributors") {
			return "BSD-3-Clause"
		}
		return "BSD-2-Clause"
	case has("Permission is hereby granted, free of charge"):
		return "MIT"
	case has("Permission to use, copy, modify, and/or distribute") || has("Permission to use, copy, modify, and distribute"):
		return "ISC"
	case has("This is free and unencumbered software released into the public domain"):
		return "Unlicense"
	case has("CC0 1.0 Universal"):
		return "CC0-1.0"
	}
	return ""
}

// TestLicencesOfDependencies fails for a module whose licence is not listed, is
// not the one in its folder, or may not be handed on with the program.
func TestLicencesOfDependencies(t *testing.T) {
	modules := linked(t)
	if *update {
		var b strings.Builder
		b.WriteString("# module\tlicence (SPDX): see sbom.go\n")
		for _, path := range sortedKeys(modules) {
			fmt.Fprintf(&b, "%s\t%s\n", path, licenseOf(modules[path]))
		}
		if err := os.WriteFile(filepath.Join(repository, "cmd", "hjemmel", "licenses.tsv"), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		licensesTSV = b.String()
	}
	known := licenseTable()
	for path, dir := range modules {
		listed := known[path]
		switch {
		case listed == "":
			t.Errorf("%s is not in licenses.tsv, or has no licence there: look at its terms, then run go test ./cmd/hjemmel -run Licence -update", path)
		case !slices.Contains(allowed, listed):
			t.Errorf("%s is under %s, which is not among those that the program may be handed on with", path, listed)
		case listed != licenseOf(dir):
			t.Errorf("%s is listed under %s, and its folder says %q", path, listed, licenseOf(dir))
		}
		delete(known, path)
	}
	for path := range known {
		t.Errorf("%s is in licenses.tsv and no longer linked: run with -update", path)
	}
}

func TestBillOfMaterials(t *testing.T) {
	code, out := program(t, "version", "--sbom")
	if code != exitOK {
		t.Fatalf("version --sbom: %d %s", code, out)
	}
	b := decode[bill](t, out)
	if b.BOMFormat != "CycloneDX" || b.SpecVersion != "1.5" || b.Metadata.Component.Name == "" || len(b.Components) < 20 {
		t.Fatalf("%+v", b)
	}
	sqlite := slices.IndexFunc(b.Components, func(c component) bool { return c.Name == "modernc.org/sqlite" })
	if sqlite < 0 {
		t.Fatal("the database is not among the components")
	}
	if c := b.Components[sqlite]; c.PURL != "pkg:golang/modernc.org/sqlite@"+c.Version || c.Licenses[0].Expression != "BSD-3-Clause" || !strings.HasPrefix(c.Properties[0].Value, "h1:") {
		t.Errorf("%+v", c)
	}
	if code, out := program(t, "version", "--licenses"); code != exitOK || !strings.Contains(out, "modernc.org/sqlite") {
		t.Errorf("version --licenses: %d %s", code, out)
	}
}
