//go:build ignore

// Generate embeds the subjects of the register with the built-in model and
// writes acts.vectors. The model gives the same bits on every machine.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
	"github.com/hjemmel/hjemmel/retrieval/register"
)

func main() {
	model, r := e5.New(), register.Default()
	all, err := model.Queries(context.Background(), r.Phrases())
	if err != nil {
		log.Fatal(err)
	}
	out, err := os.Create("acts.vectors")
	if err != nil {
		log.Fatal(err)
	}
	if err := r.WriteVectors(out, model.Model(), all); err != nil {
		log.Fatal(err)
	}
	if err := out.Close(); err != nil {
		log.Fatal(err)
	}
}
