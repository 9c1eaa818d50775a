package phpext

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Truthy returns PHP's (bool) conversion of v: false for null, false, 0, 0.0, "",
// "0" and the empty array.
func (v Value) Truthy() bool {
	switch v.kind {
	case KindNull:
		return false
	case KindBool, KindInt:
		return v.num != 0
	case KindFloat:
		return v.Float() != 0
	case KindString:
		return v.text != "" && v.text != "0"
	case KindArray:
		return v.Array().Len() != 0
	}
	return true
}

// ToInt returns PHP's (int) conversion of v: floats lose their fraction and wrap at 64
// bit, strings give the number they begin with and stop at the largest int.
func (v Value) ToInt() int64 {
	switch v.kind {
	case KindBool, KindInt:
		return int64(v.num)
	case KindFloat:
		return wrapFloat(v.Float())
	case KindString:
		return leadingInt(v.text)
	case KindArray:
		if v.Array().Len() != 0 {
			return 1
		}
	case KindResource:
		return v.Resource().ID
	}
	return 0
}

// ToString returns PHP's (string) conversion of v, floats with PHP's default
// precision of 14 digits. An array is "Array".
func (v Value) ToString() string {
	switch v.kind {
	case KindBool:
		if v.num != 0 {
			return "1"
		}
	case KindInt:
		return strconv.FormatInt(int64(v.num), 10)
	case KindFloat:
		return formatFloat(v.Float())
	case KindString:
		return v.text
	case KindArray:
		return "Array"
	case KindResource:
		return fmt.Sprintf("Resource id #%d", v.Resource().ID)
	}
	return ""
}

const twoPow64 = 18446744073709551616.0

// fitsInt64 reports whether truncating f gives an int64.
func fitsInt64(f float64) bool { return f >= math.MinInt64 && f < math.MaxInt64 }

func wrapFloat(f float64) int64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	if fitsInt64(f) {
		return int64(f)
	}
	f = math.Mod(f, twoPow64)
	if f < 0 {
		f += twoPow64
	}
	return int64(uint64(f))
}

func leadingInt(s string) int64 {
	number, isFloat := leadingNumber(s)
	if number == "" {
		return 0
	}
	if !isFloat {
		if i, err := strconv.ParseInt(number, 10, 64); err == nil {
			return i
		}
	}
	f, _ := strconv.ParseFloat(number, 64)
	switch {
	case math.IsInf(f, 0), math.IsNaN(f):
		return 0
	case fitsInt64(f):
		return int64(f)
	case f > 0:
		return math.MaxInt64
	}
	return math.MinInt64
}

// leadingNumber returns the decimal number that s begins with after white space.
func leadingNumber(s string) (number string, isFloat bool) {
	s = strings.TrimLeft(s, " \t\n\r\v\f")
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	digits := func() (n int) {
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
			n++
		}
		return n
	}
	whole, fraction := digits(), 0
	if i < len(s) && s[i] == '.' {
		point := i
		i++
		if fraction = digits(); whole == 0 && fraction == 0 {
			i = point
		} else {
			isFloat = true
		}
	}
	if whole == 0 && fraction == 0 {
		return "", false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		mark := i
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if digits() == 0 {
			i = mark
		} else {
			isFloat = true
		}
	}
	return s[:i], isFloat
}

// formatFloat writes f as PHP does with precision=14: "0.1", "1.0E+25", "-INF".
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NAN"
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	}
	const precision = 14
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', precision-1, 64), "E")
	e, _ := strconv.Atoi(exponent)
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	if e >= -4 && e < precision {
		decimals := len(strings.TrimLeft(mantissa, "-")) - 1
		if decimals > 0 {
			decimals-- // the point
		}
		return strconv.FormatFloat(f, 'f', max(decimals-e, 0), 64)
	}
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return fmt.Sprintf("%sE%+d", mantissa, e)
}
