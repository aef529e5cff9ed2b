package catalogue

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"grupa/internal/words"
)

// slip is a mistake that a machine can see: in one language, or in all of them where lang is empty.
type slip struct {
	lang    words.Lang
	what    string
	pattern string
	example string // one that the pattern has to see
}

func slips() []slip {
	return []slip{
		{"", "exclamation mark", `!`, "Welcome!"},
		{"", "straight quote", `"`, `"yes"`},
		{"", "space before stop", `\s[.,;:?،؛؟]`, "well ."},
		{"", "stop without space", `\pL[.,;?،؛؟]\pL`, "so,then"},
		{words.Polish, "takes the reader for a man or a woman", `(?i)ł[ea][śm](\P{L}|$)`, "Czy byłaś tu?"},
		{words.Polish, "formal address", `(^|\P{L})Pan(i|em|ią|u|a)?(\P{L}|$)`, "Czy Pani"},
		{words.Latvian, "address without capital", `(^|\s)j(ūs|ums|ūsu)(\P{L}|$)`, "vai jums"},
		{words.Latvian, "takes the reader for a man or a woman", `(?i)(^|\P{L})(pats|pati|gatavs)(\P{L}|$)`, "es pats"},
		{words.Persian, "Arabic letter", `[يكىة]`, "كمك"},
		{words.Persian, "Arabic or Latin digit", `[0-9٠-٩]`, "18 سال"},
		{words.Persian, "Latin punctuation", `[,;?]`, "چرا?"},
		{words.Persian, "prefix without a joiner", `(^|[\s«(])ن?می\s`, "من می خواهم"},
		{words.Persian, "plural without a joiner", `\sها(ی|یی|یم|یت|یش|شان)?([\s.،؛؟]|$)`, "گروه ها"},
		{words.Persian, "comparative without a joiner", `\sتر(ین)?([\s.،؛؟]|$)`, "سبک تر"},
		{words.Persian, "ending without a joiner", `ه\s(ام|ای|ایم|اید|اند)([\s.،؛؟]|$)`, "گفته اند"},
		{words.Persian, "joiner at an edge", "(^|[\\s.،؛؟«(])\u200c|\u200c([\\s.،؛؟»)]|$)", "می\u200c خواهم"},
		{words.Persian, "two joiners", "\u200c\u200c", "می\u200c\u200cخواهم"},
	}
}

func TestTextsAreFreeOfCommonSlips(t *testing.T) {
	t.Parallel()
	all := texts(t)
	for _, slip := range slips() {
		pattern := regexp.MustCompile(slip.pattern)
		if !pattern.MatchString(slip.example) {
			t.Errorf("%s is not seen in %q", slip.what, slip.example)
		}
		for _, x := range all {
			for _, l := range words.Languages() {
				s := strings.ReplaceAll(fmt.Sprint(x.in[string(l)]), "{answer}", "–")
				if (slip.lang == "" || slip.lang == l) && pattern.MatchString(s) {
					t.Errorf("%s: %s: %s: %s", x.place, l, slip.what, s)
				}
			}
		}
	}
}

// diagnoses are stems that an applicant never reads about themselves.
func diagnoses() map[words.Lang][]string {
	return map[words.Lang][]string{
		words.English: {
			"disorder", "patient", "psychosis", "psychotic", "depress", "diagnos", "symptom", "patholog", "schizo",
			"suicid", "addict", "mentally ill", "syndrome", "neuro", "trauma", "manic", "abnormal", "deviat",
		},
		words.Polish: {
			"zaburze", "pacjen", "depresj", "psychoz", "psychotycz", "diagno", "objaw", "patolog", "schizo",
			"samobój", "uzależni", "chory psych", "chorob psych", "zespół stresu", "nerwic", "traum", "nienormaln",
		},
		words.Latvian: {
			"traucējum", "pacient", "depresij", "psihoz", "psihotisk", "diagno", "simptom", "patolo", "šizo",
			"pašnāv", "atkarīb", "garīgi slim", "sindrom", "neiroz", "traum", "nenormāl",
		},
		words.Persian: {
			"اختلال", "بیمار", "افسرد", "روان‌پریش", "روانپریش", "روان‌رنجور", "تشخیص", "علائم", "نشانگان", "اسکیزو",
			"خودکشی", "معتاد", "اعتیاد", "آسیب‌شناس", "ناهنجار", "تروما",
		},
	}
}

// readByApplicants are the texts of the form, and of a type all but its name.
func readByApplicants(x text) bool {
	folder, rest, _ := strings.Cut(x.place, "/")
	_, key, _ := strings.Cut(rest, ".")
	return folder == "forms" || folder == "types" && key != "name"
}

func TestNoApplicantReadsADiagnosis(t *testing.T) {
	t.Parallel()
	read := 0
	for _, x := range texts(t) {
		if !readByApplicants(x) {
			continue
		}
		read++
		for _, l := range words.Languages() {
			s := strings.ToLower(fmt.Sprint(x.in[string(l)]))
			for _, stem := range diagnoses()[l] {
				if strings.Contains(s, stem) {
					t.Errorf("%s: %s says %q: %s", x.place, l, stem, s)
				}
			}
		}
	}
	if read < 500 {
		t.Errorf("only %d texts looked at", read)
	}
}
