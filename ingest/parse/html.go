package parse

func htmlFragment(s string) []Block { return []Block{{Text: fold(s)}} }
