package ssl

import (
	"slices"
	"strings"
)

// DefaultCiphers is what PHP takes where the option ciphers is absent.
const DefaultCiphers = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:" +
	"ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:" +
	"DHE-DSS-AES128-GCM-SHA256:kEDH+AESGCM:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256:" +
	"ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA384:" +
	"ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES256-SHA:DHE-RSA-AES128-SHA256:DHE-RSA-AES128-SHA:" +
	"DHE-DSS-AES128-SHA256:DHE-RSA-AES256-SHA256:DHE-DSS-AES256-SHA:DHE-RSA-AES256-SHA:AES128-GCM-SHA256:" +
	"AES256-GCM-SHA384:AES128:AES256:HIGH:!SSLv2:!aNULL:!eNULL:!EXPORT:!DES:!MD5:!RC4:!ADH"

// CipherSuites returns the cipher suites up to TLS 1.2 that the option ciphers, a list in
// OpenSSL's grammar (https://docs.openssl.org/3.0/man1/openssl-ciphers/), selects of those
// that crypto/tls has, for a [crypto/tls.Config]. The suites of TLS 1.3 do not depend on
// it. The order is OpenSSL's, which crypto/tls does not follow.
//
// level is what @SECLEVEL= says, -1 without it. ok is false where nothing is left or the
// list is malformed: OpenSSL refuses these as well, and PHP fails without a word. Suites
// with 3DES and RC4, which a stock OpenSSL has not, have to be asked for by their names or
// by "3DES" or "RC4". An absent option means [DefaultCiphers].
func CipherSuites(list string) (ids []uint16, level int, ok bool) {
	all := suites()
	selection := selection{all: all, inactive: slices.Clone(all), level: -1}
	list = suiteB(cString(list))
	if rest, found := strings.CutPrefix(list, "DEFAULT"); found {
		selection.read("ALL:!COMPLEMENTOFDEFAULT:!eNULL")
		list = strings.TrimPrefix(rest, ":")
	}
	if !selection.read(list) {
		return nil, selection.level, false
	}
	for _, s := range selection.active {
		ids = append(ids, s.id)
	}
	return ids, selection.level, len(ids) != 0
}

// suiteB spells out the lists that a word at the beginning stands for.
func suiteB(list string) string {
	const with128, with256 = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"
	switch {
	case strings.HasPrefix(list, "SUITEB128ONLY"):
		return with128
	case strings.HasPrefix(list, "SUITEB128"):
		return with128 + ":" + with256
	case strings.HasPrefix(list, "SUITEB192"):
		return with256
	}
	return list
}

// selection is what a list made of the suites so far. Those removed with ! are in
// neither slice.
type selection struct {
	all, active, inactive []*suite
	level                 int
}

const (
	listSeparators = ": ;,"
	listOperators  = "!+-@"
	wordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="
)

// read carries out a list and reports whether it is well formed. Words that stand for
// nothing here are passed over up to the next separator, as those are that OpenSSL does
// not know.
func (s *selection) read(list string) bool {
	ok := true
	for list = strings.TrimLeft(list, listSeparators); list != ""; list = strings.TrimLeft(list, listSeparators) {
		operator := list[0]
		if strings.IndexByte(listOperators, operator) >= 0 {
			list = list[1:]
		}
		found := false
		if operator == '@' {
			var command string
			command, list = cutWord(list)
			if command == "" {
				return false
			}
			ok = s.command(command) && ok
		} else {
			var words []string
			if words, list, found = s.words(list); words == nil {
				return false
			}
			if found {
				s.apply(operator, words)
			}
		}
		if !found {
			list = list[indexAny(list, listSeparators):]
		}
	}
	return ok
}

// words reads "a+b+c" up to the first word that leaves no suite. It gives nil where a
// word is missing.
func (s *selection) words(list string) (words []string, rest string, found bool) {
	for {
		var word string
		if word, list = cutWord(list); word == "" {
			return nil, list, false
		}
		words = append(words, word)
		if !slices.ContainsFunc(s.all, matcher(words)) {
			return words, list, false
		}
		var more bool
		if list, more = strings.CutPrefix(list, "+"); !more {
			return words, list, true
		}
	}
}

func cutWord(s string) (word, rest string) {
	rest = strings.TrimLeft(s, wordCharacters)
	return s[:len(s)-len(rest)], rest
}

func indexAny(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// matcher tells the suites that all the words stand for.
func matcher(words []string) func(*suite) bool {
	return func(c *suite) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !c.is(word) })
	}
}

func (s *selection) command(name string) bool {
	if name == "STRENGTH" {
		slices.SortStableFunc(s.active, func(a, b *suite) int { return b.bits - a.bits })
		return true
	}
	digit, found := strings.CutPrefix(name, "SECLEVEL=")
	if !found || len(digit) != 1 || digit[0] < '0' || digit[0] > '5' {
		return false
	}
	s.level = int(digit[0] - '0')
	return true
}

func (s *selection) apply(operator byte, words []string) {
	match := matcher(words)
	switch operator {
	case '!':
		s.active = slices.DeleteFunc(s.active, match)
		s.inactive = slices.DeleteFunc(s.inactive, match)
	case '-':
		removed, kept := divide(s.active, match)
		s.active, s.inactive = kept, append(removed, s.inactive...)
	case '+':
		moved, kept := divide(s.active, match)
		s.active = append(kept, moved...)
	default:
		added, kept := divide(s.inactive, func(c *suite) bool {
			return match(c) && (!c.weak() || slices.ContainsFunc(words, c.named))
		})
		s.active, s.inactive = append(s.active, added...), kept
	}
}

// named reports whether word tells the suite, or at least its cipher.
func (s *suite) named(word string) bool { return word == s.name || word == s.iana || word == s.cipher }

func divide(all []*suite, match func(*suite) bool) (matching, others []*suite) {
	for _, s := range all {
		if match(s) {
			matching = append(matching, s)
		} else {
			others = append(others, s)
		}
	}
	return matching, others
}
