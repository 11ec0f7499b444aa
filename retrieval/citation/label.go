package citation

import "strings"

// Label writes a section's number, and a part of the section, as lawyers do:
// Label("85a", "stk. 2, nr. 1") is "§ 85 a, stk. 2, nr. 1", and Label("13-15", "")
// is "§§ 13-15".
func Label(section, part string) string {
	sign := "§ "
	from, to, isRange := strings.Cut(section, "-")
	text := spaced(from)
	if isRange {
		sign = "§§ "
		text += "-" + spaced(to)
	}
	if part != "" {
		text += ", " + part
	}
	return sign + text
}

// spaced puts a space before the letter of "85a".
func spaced(number string) string {
	i := len(number)
	for i > 0 && (number[i-1] < '0' || number[i-1] > '9') {
		i--
	}
	if i == 0 || i == len(number) {
		return number
	}
	return number[:i] + " " + number[i:]
}
