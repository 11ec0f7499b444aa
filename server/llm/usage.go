package llm

import "unicode/utf8"

// Prices are in Danish kroner for a million tokens.
type Prices struct {
	In  float64
	Out float64
}

// Usage is what one call took.
type Usage struct {
	In        int     // tokens of the prompt
	Out       int     // tokens of the reply
	CostDKK   float64 // by the configured prices; 0 where none are
	Estimated bool    // the server gave no count
}

const million = 1_000_000

func (p Prices) cost(in, out int) float64 {
	return (float64(in)*p.In + float64(out)*p.Out) / million
}

// runesPerToken is about what the tokenisers of multilingual models make of
// Danish; English has some four.
const runesPerToken = 3

func estimateTokens(text string) int {
	return (utf8.RuneCountInString(text) + runesPerToken - 1) / runesPerToken
}
