package server

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocumentedTestsExist checks that every test that the tables of faults and
// threats name is there: `folder TestName`.
func TestDocumentedTestsExist(t *testing.T) {
	named := regexp.MustCompile("`([a-z0-9/]+) ((?:Test|Fuzz)[A-Za-z0-9]+)`")
	for _, file := range []string{"server/FAULTS.md", "SECURITY.md"} {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if !declares(t, filepath.Join("..", m[1]), m[2]) {
				t.Errorf("%s names %s in %s, which is not there", file, m[2], m[1])
			}
		}
		for i, line := range strings.Split(string(text), "\n") {
			row := strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| ---") && !strings.HasSuffix(line, "| Test |")
			if row && !named.MatchString(line) {
				t.Errorf("%s:%d: a row without a test", file, i+1)
			}
		}
	}
}

// declares tells whether a test file of the folder declares the function.
func declares(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
