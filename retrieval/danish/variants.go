package danish

import "strings"

var typed = strings.NewReplacer("ae", "æ", "oe", "ø", "aa", "å")

// Variants returns a word that was typed without Danish letters as it may be
// meant: "boern" gives "børn". None are given for a word without such a spelling.
// "oe" and "ae" also stand in ordinary words ("poesi"), so a caller tries the
// word itself first.
func Variants(word string) []string {
	if v := typed.Replace(word); v != word {
		return []string{v}
	}
	return nil
}
