package words

import (
	"strconv"
	"strings"
)

var persianDigits = strings.NewReplacer(
	"0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴", "5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹",
)

// Number writes a whole number in the digits of the language.
func Number(l Lang, n int64) string {
	text := strconv.FormatInt(n, 10)
	if l == Persian {
		return persianDigits.Replace(text)
	}
	return text
}
