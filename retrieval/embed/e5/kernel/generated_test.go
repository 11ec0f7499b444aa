package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAssemblyIsWhatItsGeneratorWrites holds the committed assembly against the
// generator, which is a module of its own. Its modules are taken from this
// machine's cache only: where they are not there, the test is skipped.
func TestAssemblyIsWhatItsGeneratorWrites(t *testing.T) {
	dir := t.TempDir()
	program, written := filepath.Join(dir, "gen"), filepath.Join(dir, "kernels_amd64.s")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir, build.Env = "gen", append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOFLAGS=-mod=readonly")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("the generator cannot be built here (run go generate once): %v\n%.500s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), program, "-out", written).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(written)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("kernels_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body(have), body(want)) {
		t.Error("kernels_amd64.s is not what gen writes: run go generate ./retrieval/embed/e5/kernel")
	}
}

// body is a file without its first line, which tells the command that wrote it.
func body(file []byte) []byte {
	_, rest, _ := bytes.Cut(file, []byte("\n"))
	return rest
}
