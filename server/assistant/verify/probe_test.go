package verify

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func dump(t *text) string {
	var b strings.Builder
	for _, o := range t.ops {
		fmt.Fprintf(&b, "   op %d %s [", o.class, t.at(o.at))
		for _, i := range o.scope {
			b.WriteString(t.at(i) + " ")
		}
		b.WriteString("]\n")
	}
	for _, f := range t.facts {
		fmt.Fprintf(&b, "   fact %v\n", f)
	}
	for _, a := range t.agent {
		fmt.Fprintf(&b, "   agent %d %s [", a.who, a.role)
		for _, i := range a.scope {
			b.WriteString(t.at(i) + " ")
		}
		b.WriteString("]\n")
	}
	return b.String()
}

func TestProbe(t *testing.T) {
	data, _ := os.ReadFile("/tmp/dump.txt")
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		t.Logf("%s\n%s", line, dump(read(line)))
	}
}
