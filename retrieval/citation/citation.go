// Package citation parses and formats Danish legal references: "servicelovens
// § 85, stk. 2, nr. 1", "SEL §§ 83-85 a", "LBK nr 1129 af 22/09/2025", "§ 87 i
// barnets lov". It knows how acts are named and abbreviated, but not which acts
// a collection holds.
package citation

// Ref is one parsed reference to one provision. "§§ 83 og 85" gives two.
type Ref struct {
	Start, End int    // byte range of the whole reference in the parsed text
	Raw        string // text[Start:End]
	Act        string // canonical name from the act table ("lov om social service"), or the name as written in lower case; "" means the text's own act
	Number     Number // act number, where the reference gives one
	Section    string // "85", "85a" (lower case, no space); "" for a whole act or chapter
	SectionTo  string // last § of a range "83-87"; "" otherwise
	Part       string // canonical: "stk. 2, nr. 1, litra a, 2. pkt."; "" for the whole section
	Chapter    string // "16", "15a"; "" otherwise
	Annex      string // "1"; "" otherwise
}

// Number is the official number of an act: LBK nr 1129 af 22/09/2025.
type Number struct {
	Type string // LOV, LBK, BEK, CIR, VEJ
	No   int
	Year int
	Date string // YYYY-MM-DD; "" where only the year is given
}
