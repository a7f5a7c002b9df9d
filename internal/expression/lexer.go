package expression

import (
	"fmt"
	"strings"
)

type tokenKind int

const (
	tokSymbol tokenKind = iota
	tokName
	tokNumber
	tokString
)

type token struct {
	kind tokenKind
	text string // of a string its value, without quotes
}

// symbols are the operators and brackets, longer ones before those that they begin with.
var symbols = []string{"&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "*"}

func lex(text string) ([]token, error) {
	var tokens []token
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			i++
		case c == '\'':
			value, size, err := lexString(text[i:])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, token{tokString, value})
			i += size
		case isNameStart(c):
			size := span(text[i:], func(c byte) bool { return isNameStart(c) || isDigit(c) || c == '-' })
			tokens = append(tokens, token{tokName, text[i : i+size]})
			i += size
		case isDigit(c) || (c == '-' || c == '+') && i+1 < len(text) && isDigit(text[i+1]):
			size := 1 + span(text[i+1:], func(c byte) bool { return isDigit(c) || isNameStart(c) || c == '.' })
			tokens = append(tokens, token{tokNumber, text[i : i+size]})
			i += size
		default:
			s := symbolAt(text[i:])
			if s == "" {
				return nil, fmt.Errorf("unexpected character %q", c)
			}
			tokens = append(tokens, token{tokSymbol, s})
			i += len(s)
		}
	}
	return tokens, nil
}

// lexString reads a string in single quotes, in which two quotes stand for one.
func lexString(text string) (value string, size int, err error) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != '\'' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 == len(text) || text[i+1] != '\'' {
			return b.String(), i + 1, nil
		}
		b.WriteByte('\'')
		i++
	}
	return "", 0, fmt.Errorf("a string is not closed")
}

func symbolAt(text string) string {
	for _, s := range symbols {
		if strings.HasPrefix(text, s) {
			return s
		}
	}
	return ""
}

func span(text string, in func(byte) bool) int {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}

func isNameStart(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
