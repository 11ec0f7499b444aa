package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/spf13/cobra"
)

// reachable is the address at which this machine reaches a server that listens
// on every address.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip, err2 := netip.ParseAddr(host); err == nil && (host == "" || err2 == nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr
}

// healthTimeout is how long a server may take to say that it is ready.
const healthTimeout = 5 * time.Second

func (a *app) healthCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "health", Short: "Ask a running server whether it is ready", Args: cobra.NoArgs,
		Long: `Asks /readyz of the server at the setting addr. Exit code 0: requests may be
sent there; 3: not now. It is the health check of containers, which hold no
other program.`,
		Example: `  hjemmel health
  hjemmel health --addr 127.0.0.1:9000`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client := &http.Client{Timeout: healthTimeout}
			req, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://"+reachable(a.config.Addr)+"/readyz", nil)
			if err != nil {
				return usageError{err}
			}
			resp, err := client.Do(req)
			if err != nil {
				return fmt.Errorf("serveren på %s svarer ikke: %w", a.config.Addr, err)
			}
			defer resp.Body.Close()
			var said struct{ Detail, Notice string }
			if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&said); err != nil {
				return fmt.Errorf("serveren på %s svarer ikke som Hjemmel: %w", a.config.Addr, err)
			}
			if resp.StatusCode != http.StatusOK {
				return fmt.Errorf("serveren på %s er ikke klar: %s", a.config.Addr, said.Detail)
			}
			fmt.Fprintln(cmd.OutOrStdout(), "klar", said.Notice)
			return nil
		},
	}
	cmd.Flags().AddFlag(a.config.flags.Lookup("addr"))
	return cmd
}
