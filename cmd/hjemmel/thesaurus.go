package main

import (
	"fmt"
	"os"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// thesaurus returns the built-in thesaurus with the municipality's own file over
// it, where the setting names one.
func (c *config) thesaurus() (*danish.Thesaurus, error) {
	if c.Thesaurus == "" {
		return danish.DefaultThesaurus(), nil
	}
	f, err := os.Open(c.Thesaurus)
	if err != nil {
		return nil, fmt.Errorf("setting thesaurus (%s): %w", c.origins["thesaurus"], err)
	}
	defer f.Close()
	own, err := danish.ParseThesaurus(f, c.Thesaurus)
	if err != nil {
		return nil, err
	}
	return danish.DefaultThesaurus().With(own), nil
}
