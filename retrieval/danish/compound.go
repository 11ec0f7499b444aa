package danish

// Splitter splits compounds by the words of a collection: Danish writes
// "arbejdsfortjeneste" in one word, and a question may say "fortjeneste". It is
// safe for concurrent use.
type Splitter struct {
	counts map[string]int
}

const (
	minCompound = 8 // letters (bytes) of a word worth splitting
	minPart     = 4 // of each of its parts: shorter ones are mostly endings by chance
)

// NewSplitter makes a splitter from the words of the collection with how often
// each occurs. The map is kept and must not change.
func NewSplitter(vocabulary map[string]int) *Splitter { return &Splitter{counts: vocabulary} }

// Split returns the parts of a compound in their order, without the letters that
// bind them ("s", "e"), or nil where the word is none. Of several splits it takes
// the one whose rarest part is the most frequent (after Koehn and Knight 2003,
// who take the geometric mean), with fewer parts before more.
func (s *Splitter) Split(word string) []string {
	if len(word) < minCompound || hasDigit(word) {
		return nil
	}
	parts, _ := s.best(word, 3)
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// best splits word into at most n parts and gives the count of the rarest.
func (s *Splitter) best(word string, n int) (parts []string, score int) {
	if n < 2 || len(word) < 2*minPart {
		return nil, 0
	}
	for i := minPart; i+minPart <= len(word); i++ {
		head, tail := word[:i], word[i:]
		if !boundary(word, i) || s.counts[tail] == 0 && n == 2 {
			continue
		}
		head, count := s.head(head)
		if count == 0 {
			continue
		}
		if c := min(count, s.counts[tail]); c > score {
			parts, score = []string{head, tail}, c
		}
	}
	if parts != nil || n == 2 {
		return parts, score
	}
	for i := minPart; i+2*minPart <= len(word); i++ {
		if !boundary(word, i) {
			continue
		}
		head, count := s.head(word[:i])
		if count == 0 {
			continue
		}
		if rest, c := s.best(word[i:], n-1); rest != nil && min(count, c) > score {
			parts, score = append([]string{head}, rest...), min(count, c)
		}
	}
	return parts, score
}

// head looks a first part up, as it is and without its binding letter.
func (s *Splitter) head(part string) (string, int) {
	count := s.counts[part]
	if n := len(part) - 1; n >= minPart && (part[n] == 's' || part[n] == 'e') {
		if c := s.counts[part[:n]]; c > count {
			return part[:n], c
		}
	}
	return part, count
}

// boundary tells whether a letter begins at byte i.
func boundary(word string, i int) bool { return word[i]&0xc0 != 0x80 }
