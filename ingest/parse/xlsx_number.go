package parse

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// cellFormat is what a number format asks for; the zero value shows the number
// as it is.
type cellFormat struct {
	date, clock bool
	percent     bool
	fixed       bool // shows decimals digits after the comma, not as many as there are
	decimals    int
	grouped     bool
	mask        string // of zeros and hyphens, "000000-0000"
	unit        string // text after the number, " kr."
}

// dateEpoch is the day 0 of a workbook's dates.
type dateEpoch int

const (
	epoch1900 dateEpoch = iota
	epoch1904
)

// builtinFormats are those that a file need not spell out.
var builtinFormats = map[int]string{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
	14: "dd-mm-yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "dd-mm-yyyy h:mm",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss"}

// cellFormats reads the formats that cells name by their place.
func (r *xlsxReader) cellFormats(name string) ([]cellFormat, error) {
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := r.decode(name, &sheet); err != nil {
		return nil, err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	out := make([]cellFormat, len(sheet.Cells))
	for i, c := range sheet.Cells {
		code, ok := codes[c.ID]
		if !ok {
			code = builtinFormats[c.ID]
		}
		out[i] = parseFormat(code)
	}
	return out, nil
}

var (
	formatBrackets = regexp.MustCompile(`\[[^\]]*\]`)
	formatQuoted   = regexp.MustCompile(`"([^"]*)"|\\(.)|_.|\*.`)
	zeroMask       = regexp.MustCompile(`^[0-]*0{2}[0-]*$`)
)

// parseFormat reads a format code such as "#,##0.00 \"kr.\"" or "dd-mm-yyyy".
func parseFormat(code string) cellFormat {
	code, _, _ = strings.Cut(code, ";") // of four: positive; negative; zero; text
	code = formatBrackets.ReplaceAllString(code, "")
	plain := formatQuoted.ReplaceAllString(code, "")
	letters := strings.ToLower(plain)
	var f cellFormat
	switch {
	case code == "" || strings.Contains(letters, "general") || strings.Contains(letters, "standard") || code == "@":
		return f
	case strings.ContainsAny(letters, "ymdh") || strings.Contains(letters, "ss"):
		f.clock = strings.ContainsAny(letters, "hs")
		f.date = strings.ContainsAny(letters, "yd") || !f.clock
		return f
	}
	// A literal hyphen between zeros is part of the mask: journal and CPR numbers.
	if masked := strings.NewReplacer(`\-`, "-", `"-"`, "-").Replace(code); zeroMask.MatchString(masked) {
		f.mask = masked
		return f
	}
	number, _, scientific := strings.Cut(letters, "e+")
	if scientific {
		return f
	}
	f.percent = strings.Contains(number, "%")
	f.grouped = strings.Contains(number, ",")
	f.fixed = true
	if _, after, ok := strings.Cut(number, "."); ok {
		f.decimals = min(15, strings.Count(after, "0")+strings.Count(after, "#"))
	}
	if last := strings.LastIndexAny(code, "0#?"); last >= 0 {
		f.unit = formatQuoted.ReplaceAllString(strings.ReplaceAll(code[last+1:], "%", ""), "$1$2")
	}
	return f
}

// text shows a stored number.
func (f cellFormat) text(value string, epoch dateEpoch) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return fold(value)
	}
	switch {
	case f.date || f.clock:
		if t, ok := epoch.time(n); ok {
			return f.moment(t)
		}
	case f.mask != "":
		return masked(n, f.mask)
	}
	if f.percent {
		n *= 100
	}
	decimals := -1
	if f.fixed {
		decimals = f.decimals
	}
	text := strconv.FormatFloat(math.Abs(round(n)), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	if f.grouped {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "." + whole[i:]
		}
	}
	if fraction != "" {
		whole += "," + fraction
	}
	if f.percent {
		whole += " %"
	}
	if n < 0 {
		whole = "-" + whole
	}
	return fold(whole + f.unit)
}

// round takes away what binary fractions add: 0.1+0.2 is 0.3. Excel shows 15 digits.
func round(n float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		return n
	}
	return r
}

// time turns a serial number of days into a moment.
func (e dateEpoch) time(n float64) (time.Time, bool) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if e == epoch1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if n < 0 || n > 200_000 { // the year 2447
		return start, false
	}
	days, part := math.Modf(n)
	return start.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second), true
}

func (f cellFormat) moment(t time.Time) string {
	switch {
	case f.date && f.clock:
		return t.Format("02-01-2006 15:04")
	case f.clock:
		return t.Format("15:04")
	}
	return t.Format("02-01-2006")
}

// masked fills the zeros of a mask with the number's digits, from the right.
func masked(n float64, mask string) string {
	digits := strconv.FormatFloat(math.Abs(math.Round(n)), 'f', 0, 64)
	var out []byte
	for i := len(mask) - 1; i >= 0; i-- {
		switch {
		case mask[i] != '0':
			out = append(out, mask[i])
		case digits != "":
			out = append(out, digits[len(digits)-1])
			digits = digits[:len(digits)-1]
		default:
			out = append(out, '0')
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return digits + string(out)
}
