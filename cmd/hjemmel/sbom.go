package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

// licensesTSV lists the modules that the program is linked from and the licence
// of each, as SPDX names it. "go test ./cmd/hjemmel -run Licence -update" renews
// it from the module cache; the same test fails for a module that is not in it.
//
//go:embed licenses.tsv
var licensesTSV string

// component is one part of the program in a bill of materials.
type component struct {
	Type       string          `json:"type"`
	BOMRef     string          `json:"bom-ref,omitempty"`
	Name       string          `json:"name"`
	Version    string          `json:"version"`
	PURL       string          `json:"purl,omitempty"`
	Licenses   []licenseChoice `json:"licenses,omitempty"`
	Properties []property      `json:"properties,omitempty"`
}

type licenseChoice struct {
	Expression string `json:"expression"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// bill is a CycloneDX 1.5 document (ECMA-424).
type bill struct {
	BOMFormat   string `json:"bomFormat"`
	SpecVersion string `json:"specVersion"`
	Version     int    `json:"version"`
	Metadata    struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

var errNoBuildInfo = errors.New("the program was built without module information: build it with go build in its repository")

// newBill lists what this very binary was linked from, as the linker recorded it.
func newBill() (bill, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		return bill{}, errNoBuildInfo
	}
	licenses := licenseTable()
	b := bill{BOMFormat: "CycloneDX", SpecVersion: "1.5", Version: 1}
	b.Metadata.Component = component{Type: "application", Name: info.Main.Path, Version: buildVersion(), Licenses: []licenseChoice{{"MIT"}}}
	b.Components = append(b.Components, component{Type: "library", BOMRef: "go", Name: "std", Version: strings.TrimPrefix(info.GoVersion, "go"),
		PURL: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"), Licenses: []licenseChoice{{"BSD-3-Clause"}}})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		purl := "pkg:golang/" + m.Path + "@" + m.Version
		c := component{Type: "library", BOMRef: purl, Name: m.Path, Version: m.Version, PURL: purl}
		if spdx := licenses[m.Path]; spdx != "" {
			c.Licenses = []licenseChoice{{spdx}}
		}
		if m.Sum != "" {
			c.Properties = []property{{"go:sum", m.Sum}}
		}
		b.Components = append(b.Components, c)
	}
	return b, nil
}

// licenseTable maps modules to licences.
func licenseTable() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(licensesTSV) {
		if module, spdx, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			out[module] = spdx
		}
	}
	return out
}

// printLicenses writes a line a component.
func printLicenses(w io.Writer, b bill) {
	rows := [][]string{{"MODULE", "VERSION", "LICENCE"}}
	for _, c := range b.Components {
		spdx := "?"
		if len(c.Licenses) > 0 {
			spdx = c.Licenses[0].Expression
		}
		rows = append(rows, []string{c.Name, c.Version, spdx})
	}
	table(w, rows)
	fmt.Fprintf(w, "%d components\n", len(b.Components))
}
