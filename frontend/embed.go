// Package frontend holds the web pages that caseworkers use: one HTML file, one
// style sheet and ES modules, embedded in the binary as they are written (no
// build step, no third-party code). It serves nothing itself; the server sends
// index.html for every page address and the files below assets/ as they are.
//
// The pages need no more than this Content-Security-Policy:
//
//	default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';
//	connect-src 'self'; form-action 'self'; base-uri 'none';
//	frame-ancestors 'none'; require-trusted-types-for 'script'
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed index.html assets
var files embed.FS

// Files returns index.html and the folder assets/ (CSS, ES modules, icons).
// Addresses in them are absolute: the file assets/app.css is asked for as
// /assets/app.css.
func Files() fs.FS { return files }
