package main

import (
	"fmt"
	"os"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/retrieval/register"
)

// words reads the municipality's own words, and returns what lets an engine
// use them.
func (c *config) words() (func(*retrieval.Engine), error) {
	thesaurus, err := c.thesaurus()
	if err != nil {
		return nil, err
	}
	subjects, err := c.subjects()
	return func(e *retrieval.Engine) {
		e.SetThesaurus(thesaurus)
		e.SetRegister(subjects)
	}, err
}

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

// subjects returns the built-in subject register with the municipality's own
// file over it, where the setting names one.
func (c *config) subjects() (*register.Register, error) {
	if c.Register == "" {
		return register.Default(), nil
	}
	f, err := os.Open(c.Register)
	if err != nil {
		return nil, fmt.Errorf("setting register (%s): %w", c.origins["register"], err)
	}
	defer f.Close()
	own, err := register.Parse(f, c.Register)
	if err != nil {
		return nil, err
	}
	return register.Default().With(own), nil
}
