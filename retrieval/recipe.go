package retrieval

import "github.com/hjemmel/hjemmel/retrieval/lexical"

// Recipe weighs the signals of a score. A weight of 0 leaves its signal out,
// which is how `hjemmel eval ablation` measures what each one gives.
type Recipe struct {
	Lexical      lexical.Weights
	Vectors      float64 // × nearness of meaning, from 0 to 1
	Register     float64 // × how well a subject of the section in the register fits, from 0 to 1
	ActPrior     float64 // × log(1 + citations of the act), over its maximum
	SectionPrior float64 // × log(1 + citations of the section), over its maximum
	ActBonus     float64 // × mean of the act's best sections
}

// DefaultRecipe is what the product searches with: DESIGN 7, measured on three
// sets. A larger prior hurts acts that are rarely cited.
func DefaultRecipe() Recipe {
	return Recipe{Lexical: lexical.DefaultWeights(), Vectors: 0.5, Register: 1.3, ActPrior: 0.1, SectionPrior: 0.1, ActBonus: 0.3}
}

// WithRecipe returns an engine over the same store and indexes that scores by
// another recipe.
func (e *Engine) WithRecipe(r Recipe) *Engine {
	other := NewEngine(e.store, e.index)
	other.thesaurus, other.register, other.vectors, other.recipe, other.prior = e.thesaurus, e.register, e.vectors, r, e.prior
	return other
}
